package dev.taxon.device;

import dev.taxon.random.Philox;

/**
 * A short form of a gradient from which its distance to another can be told: all elements of at most 64, else 64
 * projections on fixed random signs. Signs are independent, so the mean square of the projections of d estimates ‖d‖²
 * with a relative standard deviation of √(2/64), wherever in d the difference lies; that is 9 % of ‖d‖, and the tests
 * allow a factor of 3.
 */
final class GradientSketch {
    private static final int PROJECTIONS = 64;
    private static final long SEED = 2025;

    private GradientSketch() {}

    /** @param place of the parameter in the state dict */
    static double[] of(float[] gradient, int place) {
        if (gradient.length <= PROJECTIONS) {
            return Data.toDoubles(gradient);
        }
        double[] projections = new double[PROJECTIONS];
        int[] block = new int[4];
        for (int i = 0; i < gradient.length; i++) {
            Philox.block(SEED, place, i, block);
            for (int k = 0; k < PROJECTIONS; k++) {
                int sign = 1 - 2 * (block[k / 32] >>> (k % 32) & 1);
                projections[k] += sign * (double) gradient[i];
            }
        }
        return projections;
    }

    /** An estimate of ‖g − g₀‖, exact for at most 64 elements. */
    static double distance(double[] sketch, double[] sketch0, int elements) {
        double sum = 0;
        for (int k = 0; k < sketch.length; k++) {
            sum += (sketch[k] - sketch0[k]) * (sketch[k] - sketch0[k]);
        }
        return Math.sqrt(elements <= PROJECTIONS ? sum : sum / PROJECTIONS);
    }
}
