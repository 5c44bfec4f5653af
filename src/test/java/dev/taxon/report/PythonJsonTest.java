package dev.taxon.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PythonJsonTest {
    /** Right column: what Python's repr prints. */
    @ParameterizedTest
    @CsvSource({
        "0.01, 0.01", "1e-5, 1e-05", "0.0001, 0.0001", "84, 84.0", "1e16, 1e+16",
                "123456789012345680, 1.2345678901234568e+17",
        "1e15, 1000000000000000.0", "-2.5e-7, -2.5e-07", "0.1, 0.1", "100, 100.0", "1e-310, 1e-310", "0, 0.0"
    })
    void floatsAreWrittenAsPythonWritesThem(double value, String expected) {
        assertEquals(expected, PythonJson.repr(value));
    }

    @Test
    void separatorsEscapesAndIndentationArePythons() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("a", List.of(1, 2.0, "x\"y\n"));
        value.put("ü", Arrays.asList(true, null));
        value.put("e", List.of());
        assertEquals("{\"a\": [1, 2.0, \"x\\\"y\\n\"], \"\\u00fc\": [true, null], \"e\": []}", PythonJson.dumps(value));
        assertEquals("{\n    \"k\": [\n        1\n    ]\n}", PythonJson.dumps(Map.of("k", List.of(1)), 4));
    }
}
