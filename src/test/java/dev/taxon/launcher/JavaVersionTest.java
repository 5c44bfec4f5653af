package dev.taxon.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JavaVersionTest {
    @ParameterizedTest
    @CsvSource({
        "1.8.0_292, 8",
        "1.8, 8",
        "9, 9",
        "11.0.2+9, 11",
        "17.0.15, 17",
        "25, 25",
        "25-ea, 25",
        "25.0.3+9-LTS, 25",
        "100.1, 100",
        "'', 0",
        "unknown, 0",
        "99999999999, 9999",
    })
    void readsTheFeatureNumber(String version, int feature) {
        assertEquals(feature, JavaVersion.feature(version));
    }

    @Test
    void laterNumbersDecideWithinAFeature() {
        assertTrue(JavaVersion.compare("25.0.10", "25.0.3") > 0);
        assertTrue(JavaVersion.compare("25", "25-ea") > 0);
        assertTrue(JavaVersion.compare("25.0.3+9", "26") < 0);
        assertEquals(0, JavaVersion.compare("25", "25.0.0"));
    }
}
