package dev.taxon.data.transform;

import java.util.Locale;

/** What stands outside an image, by the names of {@code padding_mode}. */
public enum BorderMode {
    /** The fill value. */
    CONSTANT,
    /** The nearest pixel: aa|abcd|dd. */
    EDGE,
    /** The mirror image without the edge: cb|abcd|cb. */
    REFLECT,
    /** The mirror image with the edge: ba|abcd|dc. */
    SYMMETRIC;

    /** The name that configs use. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The input index that stands at index {@code i}, or {@link Gather#FILL}. Source: OpenCV, borderInterpolate. */
    int index(int i, int length) {
        if (i >= 0 && i < length) {
            return i;
        }
        return switch (this) {
            case CONSTANT -> Gather.FILL;
            case EDGE -> Math.clamp(i, 0, length - 1);
            case REFLECT -> length == 1 ? 0 : mirrored(i, 2 * (length - 1), length, 0);
            case SYMMETRIC -> mirrored(i, 2 * length, length, 1);
        };
    }

    private static int mirrored(int i, int period, int length, int withEdge) {
        int phase = Math.floorMod(i, period);
        return phase < length ? phase : period - phase - withEdge;
    }

    /** Input indices of {@code count} output positions, the first of which stands at {@code from}. */
    int[] indices(int from, int count, int length) {
        int[] out = new int[count];
        for (int i = 0; i < count; i++) {
            out[i] = index(from + i, length);
        }
        return out;
    }
}
