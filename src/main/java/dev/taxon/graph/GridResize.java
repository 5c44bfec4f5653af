package dev.taxon.graph;

import static dev.taxon.UserError.require;

/**
 * Resampling of values that lie on a grid, as a linear map: to each of toH·toW places from fromH·fromW ones, rows first.
 * Source: PyTorch interpolate with align_corners=False and no antialiasing; bicubic takes a = −0.75 and repeats the
 * border.
 */
public record GridResize(int fromH, int fromW, int toH, int toW, Mode mode) {
    private static final double A = -0.75;

    /** Which neighbours count, and how much. */
    public enum Mode {
        BILINEAR,
        BICUBIC
    }

    public GridResize {
        require(
                fromH > 0 && fromW > 0 && toH > 0 && toW > 0,
                "a grid must not be empty, got %d × %d resized to %d × %d",
                fromH,
                fromW,
                toH,
                toW);
    }

    /** Whether nothing changes. */
    public boolean isIdentity() {
        return fromH == toH && fromW == toW;
    }

    public int from() {
        return fromH * fromW;
    }

    public int to() {
        return toH * toW;
    }

    /** The map itself, (to, from) row by row. */
    public double[] matrix() {
        double[] rows = axis(fromH, toH); // (toH, fromH)
        double[] columns = axis(fromW, toW); // (toW, fromW)
        double[] matrix = new double[Math.multiplyExact(to(), from())];
        for (int y = 0; y < toH; y++) {
            for (int x = 0; x < toW; x++) {
                int row = (y * toW + x) * from();
                for (int i = 0; i < fromH; i++) {
                    for (int j = 0; j < fromW; j++) {
                        matrix[row + i * fromW + j] = rows[y * fromH + i] * columns[x * fromW + j];
                    }
                }
            }
        }
        return matrix;
    }

    // (to, from): what each place of one axis takes from each of the other; a place outside stands for the border.
    private double[] axis(int from, int to) {
        double[] matrix = new double[to * from];
        double scale = (double) from / to;
        for (int i = 0; i < to; i++) {
            double at = scale * (i + 0.5) - 0.5;
            if (mode == Mode.BILINEAR) {
                at = Math.max(0, at);
            }
            int left = (int) Math.floor(at);
            double t = at - left;
            double[] taps = mode == Mode.BILINEAR
                    ? new double[] {1 - t, t}
                    : new double[] {outer(t + 1), inner(t), inner(1 - t), outer(2 - t)};
            int first = mode == Mode.BILINEAR ? left : left - 1;
            for (int k = 0; k < taps.length; k++) {
                matrix[i * from + Math.clamp(first + k, 0, from - 1)] += taps[k];
            }
        }
        return matrix;
    }

    // Keys' cubic convolution for a distance up to 1, and from 1 to 2.
    private static double inner(double x) {
        return ((A + 2) * x - (A + 3)) * x * x + 1;
    }

    private static double outer(double x) {
        return ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;
    }
}
