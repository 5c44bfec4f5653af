package dev.taxon.data.transform;

import java.util.List;

/**
 * A copy of rows and columns: output pixel (y, x) is input pixel ({@code rows[y]}, {@code cols[x]}), or the fill value
 * where either is {@link #FILL}. Crops, flips, borders and nearest-neighbour resizing are all of this kind, and a chain
 * of them is one copy.
 */
public final class Gather {
    /** In place of a row or column of the input: the border. */
    public static final int FILL = -1;

    private final int[] rows;
    private final int[] cols;
    private final List<Double> fill;

    /**
     * @param rows input row of each output row
     * @param cols input column of each output column
     * @param fill one value for all channels, or one for each
     */
    public Gather(int[] rows, int[] cols, List<Double> fill) {
        this.rows = rows.clone();
        this.cols = cols.clone();
        this.fill = List.copyOf(fill);
    }

    /** A gather that does not leave the input. */
    public static Gather of(int[] rows, int[] cols) {
        return new Gather(rows, cols, List.of(0.0));
    }

    public int height() {
        return rows.length;
    }

    public int width() {
        return cols.length;
    }

    /** {@code from}, {@code from + 1}, … ({@code count} of them). */
    public static int[] range(int from, int count) {
        int[] indices = new int[count];
        for (int i = 0; i < count; i++) {
            indices[i] = from + i;
        }
        return indices;
    }

    /** {@code indices} backwards. */
    public static int[] reversed(int[] indices) {
        int[] out = new int[indices.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = indices[indices.length - 1 - i];
        }
        return out;
    }

    /** Whether some output pixels have the fill value. */
    boolean fills() {
        return contains(rows) || contains(cols);
    }

    private static boolean contains(int[] indices) {
        for (int i : indices) {
            if (i == FILL) {
                return true;
            }
        }
        return false;
    }

    /** uint8; the fill values are rounded to even and clamped, as OpenCV's saturate_cast does. */
    byte[] apply(byte[] pixels, int inputWidth, int channels) {
        byte[] out = new byte[rows.length * cols.length * channels];
        byte[] border = new byte[channels];
        for (int c = 0; c < channels; c++) {
            border[c] = (byte) Math.clamp(Math.round(Math.rint(fillOf(c))), 0, 255);
        }
        int at = 0;
        for (int row : rows) {
            for (int col : cols) {
                boolean inside = row != FILL && col != FILL;
                int from = (row * inputWidth + col) * channels;
                for (int c = 0; c < channels; c++) {
                    out[at++] = inside ? pixels[from + c] : border[c];
                }
            }
        }
        return out;
    }

    /** float32. */
    float[] apply(float[] pixels, int inputWidth, int channels) {
        float[] out = new float[rows.length * cols.length * channels];
        int at = 0;
        for (int row : rows) {
            for (int col : cols) {
                boolean inside = row != FILL && col != FILL;
                int from = (row * inputWidth + col) * channels;
                for (int c = 0; c < channels; c++) {
                    out[at++] = inside ? pixels[from + c] : (float) fillOf(c);
                }
            }
        }
        return out;
    }

    private double fillOf(int channel) {
        return fill.get(fill.size() == 1 ? 0 : channel);
    }
}
