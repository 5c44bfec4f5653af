package dev.taxon.data.transform;

/**
 * OpenCV's interpolation kernels: float32 weights of the pixels around a position. Source: OpenCV 4.6,
 * modules/imgproc/src (interpolateLinear, interpolateCubic with A = −0.75, interpolateLanczos4): the formulas.
 */
enum Kernel {
    LINEAR(2),
    CUBIC(4),
    LANCZOS4(8);

    private static final float A = -0.75f; // of the cubic
    private static final double HALF = Math.sqrt(0.5);
    /** Cosine and sine of −3π/4 · i: what turns the first tap's sine into that of tap i. */
    private static final double[][] TURNS = {
        {1, 0}, {-HALF, -HALF}, {0, 1}, {HALF, -HALF}, {-1, 0}, {HALF, HALF}, {0, -1}, {-HALF, HALF}
    };

    private final int taps;

    Kernel(int taps) {
        this.taps = taps;
    }

    int taps() {
        return taps;
    }

    /**
     * The weights of a position {@code x} in [0, 1) behind tap {@code taps / 2 − 1}.
     *
     * @param out (taps) from {@code at} on
     */
    void weights(float x, float[] out, int at) {
        switch (this) {
            case LINEAR -> {
                out[at] = 1 - x;
                out[at + 1] = x;
            }
            case CUBIC -> cubic(x, out, at);
            case LANCZOS4 -> lanczos(x, out, at);
        }
    }

    private static void cubic(float x, float[] out, int at) {
        out[at] = ((A * (x + 1) - 5 * A) * (x + 1) + 8 * A) * (x + 1) - 4 * A;
        out[at + 1] = ((A + 2) * x - (A + 3)) * x * x + 1;
        out[at + 2] = ((A + 2) * (1 - x) - (A + 3)) * (1 - x) * (1 - x) + 1;
        out[at + 3] = 1 - out[at] - out[at + 1] - out[at + 2];
    }

    private static void lanczos(float x, float[] out, int at) {
        double angle = -(x + 3) * Math.PI * 0.25;
        double sin = Math.sin(angle);
        double cos = Math.cos(angle);
        float sum = 0;
        for (int i = 0; i < LANCZOS4.taps; i++) {
            float distance = x + 3 - i;
            double y = -distance * Math.PI * 0.25;
            // on a pixel its weight outweighs all others
            out[at + i] =
                    Math.abs(distance) < 1e-6f ? 1e30f : (float) ((TURNS[i][0] * sin + TURNS[i][1] * cos) / (y * y));
            sum += out[at + i];
        }
        float share = 1 / sum;
        for (int i = 0; i < LANCZOS4.taps; i++) {
            out[at + i] *= share;
        }
    }

    /** A weight as a whole multiple of 1 / {@code one}, rounded to even, within int16. */
    static int fixedPoint(float weight, int one) {
        return (int) Math.clamp(Math.rint((double) (weight * one)), Short.MIN_VALUE, Short.MAX_VALUE);
    }
}
