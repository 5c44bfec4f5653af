package dev.taxon.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricTextTest {
    @Test
    void roundsAsPython() {
        assertEquals("84.0", MetricText.of(84.0));
        assertEquals("90.99", MetricText.of(90.99364069952306));
        assertEquals("1.11", MetricText.of(1.115)); // 1.1149999…
        assertEquals("0.12", MetricText.of(0.125)); // half to even
        assertEquals("2.67", MetricText.of(2.675));
        assertEquals("0.0", MetricText.of(0.001));
        assertEquals("NaN", MetricText.of(Double.NaN));
    }

    @Test
    void listsAndMatrices() {
        assertEquals("[1.5, 0.33]", MetricText.of(List.of(1.5, 1 / 3.0)));
        assertEquals("[9, 8]", MetricText.of(List.of(9L, 8L)));
        assertEquals(
                "rows true, columns predicted\n[ 1 12]\n[ 0  3]",
                MetricText.of(List.of(List.of(1L, 12L), List.of(0L, 3L))));
        assertEquals(
                "31 x 31 numbers; --out FILE.json has them, and 'engine plot --confusion FILE.json' draws them",
                MetricText.of(Collections.nCopies(31, Collections.nCopies(31, 0L))));
    }

    @Test
    void pythonText() {
        assertEquals(
                "{'accuracy_top-1': 84.0, 'support': [9, 8]}",
                PythonText.of(new java.util.TreeMap<>(Map.of("accuracy_top-1", 84.0, "support", List.of(9L, 8L)))));
    }
}
