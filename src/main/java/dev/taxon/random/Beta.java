package dev.taxon.random;

/** Numbers of the beta distribution. */
public final class Beta {
    private Beta() {}

    /**
     * One number in [0, 1], distributed as Beta(a, b).
     *
     * @param a positive
     * @param b positive
     */
    public static double draw(Rng rng, double a, double b) {
        if (!(a > 0 && b > 0)) {
            throw new IllegalArgumentException("Beta(" + a + ", " + b + ") needs positive numbers");
        }
        if (a <= 1 && b <= 1) {
            return johnk(rng, a, b);
        }
        double x = gamma(rng, a);
        return x / (x + gamma(rng, b));
    }

    /** Johnk (1964): for parameters up to 1. In logarithms, since powers of small numbers vanish. */
    private static double johnk(Rng rng, double a, double b) {
        while (true) {
            double x = Math.log(1 - rng.nextDouble()) / a;
            double y = Math.log(1 - rng.nextDouble()) / b;
            double greater = Math.max(x, y);
            double sum = greater + Math.log(Math.exp(x - greater) + Math.exp(y - greater));
            if (sum <= 0) {
                return Math.exp(x - sum);
            }
        }
    }

    /** Marsaglia and Tsang, A simple method for generating gamma variables (2000). */
    private static double gamma(Rng rng, double shape) {
        if (shape < 1) {
            return gamma(rng, shape + 1) * Math.pow(1 - rng.nextDouble(), 1 / shape);
        }
        double d = shape - 1 / 3.0;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double x = rng.nextGaussian();
            double v = Math.pow(1 + c * x, 3);
            if (v > 0 && Math.log(1 - rng.nextDouble()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
                return d * v;
            }
        }
    }
}
