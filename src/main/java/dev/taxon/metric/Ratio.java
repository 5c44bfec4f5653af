package dev.taxon.metric;

/** Quotients that are 0 where nothing is counted, by mmcls's guard against a division by 0. */
final class Ratio {
    private static final double EPS = 0x1p-23; // of float32

    private Ratio() {}

    /** a / b. */
    static double of(double a, double b) {
        return a / Math.max(b, EPS);
    }

    /** The harmonic mean of two shares. */
    static double f1(double precision, double recall) {
        return of(2 * precision * recall, precision + recall);
    }
}
