package dev.taxon.device.reference;

/** pₖ = e^xₖ / Σⱼ e^xⱼ. */
final class Softmax {
    private Softmax() {}

    /** Softmax of {@code classes} values of x from {@code from} on, to the same places of p. */
    static void row(double[] x, int from, int classes, double[] p) {
        double max = Double.NEGATIVE_INFINITY; // taken out so that nothing overflows
        for (int i = from; i < from + classes; i++) {
            max = Math.max(max, x[i]);
        }
        double sum = 0;
        for (int i = from; i < from + classes; i++) {
            p[i] = Math.exp(x[i] - max);
            sum += p[i];
        }
        for (int i = from; i < from + classes; i++) {
            p[i] /= sum;
        }
    }
}
