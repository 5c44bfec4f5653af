package dev.taxon.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BetaTest {
    /** Mean a / (a + b), variance a b / ((a + b)² (a + b + 1)); four standard errors of 20,000 draws, and a bit. */
    @ParameterizedTest
    @CsvSource({"0.2, 0.2", "1, 1", "0.8, 0.8", "2.5, 2.5", "0.01, 0.01", "3, 0.5"})
    void momentsAreThoseOfTheDistribution(double a, double b) {
        double mean = 0;
        double square = 0;
        int count = 20000;
        for (int i = 0; i < count; i++) {
            double x = Beta.draw(new Rng(5, i), a, b);
            assertTrue(x >= 0 && x <= 1, "in [0, 1]: " + x);
            mean += x / count;
            square += x * x / count;
        }
        double expected = a / (a + b);
        double variance = a * b / ((a + b) * (a + b) * (a + b + 1));
        assertEquals(expected, mean, 4 * Math.sqrt(variance / count) + 1e-4);
        assertEquals(variance, square - mean * mean, 0.03 * variance + 1e-3);
    }
}
