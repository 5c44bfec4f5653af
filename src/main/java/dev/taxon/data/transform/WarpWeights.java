package dev.taxon.data.transform;

/**
 * Weights of the pixels around a place that is known to 1/32 of a pixel, in 15-bit fixed point, each set of them summing
 * to 1. Source: OpenCV 4.6, modules/imgproc/src/imgwarp.cpp, initInterTab2D and remap (the algorithms).
 */
final class WarpWeights {
    static final WarpWeights LINEAR = new WarpWeights(Kernel.LINEAR);
    static final WarpWeights CUBIC = new WarpWeights(Kernel.CUBIC);
    static final WarpWeights LANCZOS4 = new WarpWeights(Kernel.LANCZOS4);

    /** Fraction bits of a place. */
    static final int BITS = 5;

    private static final int STEPS = 1 << BITS;
    private static final int WEIGHT_BITS = 15;
    private static final int ONE = 1 << WEIGHT_BITS;

    private final int taps;
    private final int[] table; // (32 steps of y, 32 steps of x, taps, taps)

    private WarpWeights(Kernel kernel) {
        taps = kernel.taps();
        table = new int[STEPS * STEPS * taps * taps];
        float[] line = new float[STEPS * taps];
        for (int i = 0; i < STEPS; i++) {
            kernel.weights(i * (1f / STEPS), line, i * taps);
        }
        for (int i = 0; i < STEPS * STEPS; i++) {
            int sum = 0;
            for (int k = 0; k < taps * taps; k++) {
                float weight = line[i / STEPS * taps + k / taps] * line[i % STEPS * taps + k % taps];
                int fixed = Kernel.fixedPoint(weight, ONE);
                table[i * taps * taps + k] = fixed;
                sum += fixed;
            }
            if (sum != ONE) {
                correct(i * taps * taps, sum - ONE);
            }
        }
    }

    /** Takes what the sum has too much from the least of the four weights behind the middle, what it lacks to the greatest. */
    private void correct(int start, int excess) {
        int half = taps / 2;
        int least = start + half * taps + half;
        int greatest = least;
        int choices = taps == 2 ? 1 : 4; // two taps have none behind the middle but the last
        for (int k = 1; k < choices; k++) {
            int at = start + (half + k / 2) * taps + half + k % 2;
            if (table[at] < table[least]) {
                least = at;
            } else if (table[at] > table[greatest]) {
                greatest = at;
            }
        }
        table[excess < 0 ? greatest : least] -= excess;
    }

    /**
     * The value at a place, in 1/32 of a pixel.
     *
     * @param border what stands outside the image
     */
    int value(Image.Bytes image, int x, int y, int channel, int border) {
        int left = (x >> BITS) - taps / 2 + 1;
        int top = (y >> BITS) - taps / 2 + 1;
        if (left >= image.width() || left + taps <= 0 || top >= image.height() || top + taps <= 0) {
            return border;
        }
        byte[] pixels = image.pixels();
        int weight = ((y & (STEPS - 1)) * STEPS + (x & (STEPS - 1))) * taps * taps;
        int sum = ONE / 2;
        for (int row = top; row < top + taps; row++) {
            boolean inside = row >= 0 && row < image.height();
            for (int col = left; col < left + taps; col++) {
                int v = inside && col >= 0 && col < image.width()
                        ? pixels[(row * image.width() + col) * image.channels() + channel] & 0xFF
                        : border;
                sum += v * table[weight++];
            }
        }
        return Math.clamp(sum >> WEIGHT_BITS, 0, 255);
    }
}
