package dev.taxon.data.transform;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the pixels of a picture under way come from: a window of the input, resized at most once, then rows and columns
 * of that, or border. {@link Geometric} transforms change this and not the pixels, so that only pixels which are seen
 * need to be decoded and resized. Keeps its buffers; for one thread at a time.
 */
public final class Geometry {
    private static final List<Double> BLACK = List.of(0.0);

    private int windowTop; // of the input
    private int windowLeft;
    private int windowHeight;
    private int windowWidth;
    private @Nullable Scaler scaler; // null: not resized
    private int scaledHeight;
    private int scaledWidth;
    private int[] rows = new int[256]; // (height) of the scaled window, or Gather.FILL
    private int[] columns = new int[256]; // (width)
    private int[] spare = new int[256];
    private int height;
    private int width;
    private boolean moved; // rows and columns are not the scaled window as it is
    private List<Double> fill = BLACK;

    /** Begins with a picture as it is. */
    public void begin(int imageHeight, int imageWidth) {
        scaler = null;
        fill = BLACK;
        whole(0, 0, imageHeight, imageWidth);
    }

    private void whole(int top, int left, int high, int wide) {
        windowTop = top;
        windowLeft = left;
        windowHeight = high;
        windowWidth = wide;
        scaledHeight = high;
        scaledWidth = wide;
        identity();
    }

    private void identity() {
        height = scaledHeight;
        width = scaledWidth;
        rows = room(rows, height);
        columns = room(columns, width);
        count(rows, height);
        count(columns, width);
        moved = false;
    }

    private static void count(int[] indices, int length) {
        for (int i = 0; i < length; i++) {
            indices[i] = i;
        }
    }

    private static int[] room(int[] indices, int length) {
        return indices.length >= length ? indices : Arrays.copyOf(indices, length + length / 2);
    }

    public int height() {
        return height;
    }

    public int width() {
        return width;
    }

    /** First row of the window of the input that everything comes from. */
    public int windowTop() {
        return windowTop;
    }

    public int windowLeft() {
        return windowLeft;
    }

    public int windowHeight() {
        return windowHeight;
    }

    public int windowWidth() {
        return windowWidth;
    }

    /** How the window is resized to {@link #scaledHeight} × {@link #scaledWidth}; null where it is not. */
    public @Nullable Scaler scaler() {
        return scaler;
    }

    public int scaledHeight() {
        return scaledHeight;
    }

    public int scaledWidth() {
        return scaledWidth;
    }

    /** Row of the scaled window for each of {@link #height} rows, or {@link Gather#FILL}; a buffer, longer than that. */
    public int[] rows() {
        return rows;
    }

    /** Column of the scaled window for each of {@link #width} columns. */
    public int[] columns() {
        return columns;
    }

    /** What the border shows: one value for all channels, or one for each. */
    public List<Double> fill() {
        return fill;
    }

    void mirror(boolean horizontally) {
        int[] indices = horizontally ? columns : rows;
        for (int i = 0, k = (horizontally ? width : height) - 1; i < k; i++, k--) {
            int first = indices[i];
            indices[i] = indices[k];
            indices[k] = first;
        }
        moved = true;
    }

    /** Keeps a part. */
    void cut(int top, int left, int newHeight, int newWidth) {
        if (top == 0 && left == 0 && newHeight == height && newWidth == width) {
            return;
        }
        System.arraycopy(rows, top, rows, 0, newHeight);
        System.arraycopy(columns, left, columns, 0, newWidth);
        height = newHeight;
        width = newWidth;
        moved = true;
    }

    /** A part that begins at (top, left), which may be outside: the border is made as {@code mode} says. */
    void cut(int top, int left, int newHeight, int newWidth, BorderMode mode, List<Double> border) {
        if (top >= 0 && left >= 0 && top + newHeight <= height && left + newWidth <= width) {
            cut(top, left, newHeight, newWidth);
            return;
        }
        fill = border;
        rows = picked(rows, height, top, newHeight, mode);
        columns = picked(columns, width, left, newWidth, mode);
        height = newHeight;
        width = newWidth;
        moved = true;
    }

    private int[] picked(int[] indices, int length, int from, int count, BorderMode mode) {
        int[] out = room(spare, count);
        for (int i = 0; i < count; i++) {
            int at = mode.index(from + i, length);
            out[i] = at == Gather.FILL ? Gather.FILL : indices[at];
        }
        spare = indices;
        return out;
    }

    private int[] picked(int[] indices, int[] from) {
        int[] out = room(spare, from.length);
        for (int i = 0; i < from.length; i++) {
            out[i] = indices[from[i]];
        }
        spare = indices;
        return out;
    }

    /** Resizes what there is: a window of the input, not mirrored and without a border. */
    void resize(int newHeight, int newWidth, Scaler by) {
        if (newHeight == height && newWidth == width) {
            return;
        }
        int[] fromRows = by.picks(height, newHeight);
        int[] fromColumns = by.picks(width, newWidth);
        if (fromRows != null && fromColumns != null) { // copies: a matter of rows and columns
            rows = picked(rows, fromRows);
            columns = picked(columns, fromColumns);
            height = newHeight;
            width = newWidth;
            moved = true;
            return;
        }
        if (scaler != null || rows[0] < 0 || columns[0] < 0 || !ascending(rows, height) || !ascending(columns, width)) {
            throw new IllegalStateException("only a window of the input can be resized, once");
        }
        whole(windowTop + rows[0], windowLeft + columns[0], height, width);
        scaler = by;
        scaledHeight = newHeight;
        scaledWidth = newWidth;
        identity();
    }

    private static boolean ascending(int[] indices, int length) {
        return indices[length - 1] - indices[0] == length - 1;
    }

    /**
     * The picture that this describes, out of a part of the resized window that holds all that is seen.
     *
     * @param top row of the resized window that the part begins with
     */
    public Image.Bytes arrange(Image.Bytes part, int top, int left) {
        if (!moved) {
            return part;
        }
        int[] partRows = Arrays.copyOf(rows, height);
        int[] partColumns = Arrays.copyOf(columns, width);
        shift(partRows, top);
        shift(partColumns, left);
        return part.gather(new Gather(partRows, partColumns, fill));
    }

    private static void shift(int[] indices, int origin) {
        for (int i = 0; i < indices.length; i++) {
            indices[i] -= indices[i] == Gather.FILL ? 0 : origin;
        }
    }

    /** The picture that this describes. */
    Image apply(Image image) {
        boolean all = windowHeight == image.height() && windowWidth == image.width();
        Image current = all ? image : new Window(windowTop, windowLeft, windowHeight, windowWidth).cut(image);
        if (scaler != null) {
            current = scaler.resize(current, scaledHeight, scaledWidth);
        }
        return moved
                ? current.gather(new Gather(Arrays.copyOf(rows, height), Arrays.copyOf(columns, width), fill))
                : current;
    }
}
