package dev.taxon.data.mix;

import java.util.Locale;

/** Ways to resize float images as PyTorch's {@code interpolate(align_corners=False)} does. Source: ATen/native/UpSample.h. */
enum Resampling {
    NEAREST,
    BILINEAR,
    BICUBIC,
    AREA;

    private static final float A = -0.75f; // of the cubic

    /** The name that configs use. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * For each output index the input indices that it takes from, and their weights.
     *
     * @param ends (output) where the taps of each output index end; they begin where the one before ends
     * @param index (taps) input indices
     * @param weight (taps)
     */
    @SuppressWarnings("ArrayRecordComponent") // built once for a batch, not compared
    record Axis(int[] ends, int[] index, float[] weight) {}

    Axis axis(int input, int output) {
        float scale = (float) input / output;
        int[] ends = new int[output];
        int most = output * (this == AREA ? input / output + 2 : 4);
        int[] index = new int[most];
        float[] weight = new float[most];
        int at = 0;
        for (int i = 0; i < output; i++) {
            int count = taps(i, input, output, scale, index, weight, at);
            for (int k = at; k < at + count; k++) {
                index[k] = Math.clamp(index[k], 0, input - 1);
            }
            at += count;
            ends[i] = at;
        }
        return new Axis(ends, index, weight);
    }

    private int taps(int i, int input, int output, float scale, int[] index, float[] weight, int at) {
        float middle = scale * (i + 0.5f) - 0.5f;
        return switch (this) {
            case NEAREST -> {
                index[at] = (int) Math.floor(i * scale);
                weight[at] = 1;
                yield 1;
            }
            case BILINEAR -> {
                float position = Math.max(0, middle);
                index[at] = (int) position;
                index[at + 1] = index[at] + 1;
                weight[at + 1] = position - index[at];
                weight[at] = 1 - weight[at + 1];
                yield 2;
            }
            case BICUBIC -> {
                int floor = (int) Math.floor(middle);
                float t = middle - floor;
                for (int k = 0; k < 4; k++) {
                    index[at + k] = floor - 1 + k;
                    weight[at + k] = cubic(Math.abs(t + 1 - k));
                }
                yield 4;
            }
            case AREA -> {
                int first = (int) ((long) i * input / output);
                int end = (int) Math.ceilDiv((i + 1L) * input, output);
                for (int k = first; k < end; k++) {
                    index[at + k - first] = k;
                    weight[at + k - first] = 1f / (end - first);
                }
                yield end - first;
            }
        };
    }

    private static float cubic(float x) {
        return x <= 1 ? ((A + 2) * x - (A + 3)) * x * x + 1 : ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;
    }
}
