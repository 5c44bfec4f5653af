package dev.taxon.data.transform;

import dev.taxon.data.transform.Resize.Interpolation;
import java.util.List;

/**
 * Moves pixel (x, y) to (a x + b y + dx, c x + d y + dy): what {@code cv2.warpAffine} of OpenCV 4.6 computes on uint8
 * with a constant border, bit for bit: places in steps of 1/1024, then of 1/32 of a pixel, weights in 15 bits. Source:
 * OpenCV, modules/imgproc/src/imgwarp.cpp (the algorithm).
 */
record AffineWarp(double a, double b, double dx, double c, double d, double dy) {
    private static final int PLACE_BITS = 10;
    private static final int PLACE_ONE = 1 << PLACE_BITS;

    /** The image of the same size after the move; what comes from outside shows {@code fill}. */
    Image.Bytes apply(Image.Bytes image, Interpolation interpolation, List<Double> fill) {
        AffineWarp back = inverse();
        int[] border = new int[image.channels()];
        for (int k = 0; k < border.length; k++) {
            border[k] = (int) Math.clamp(Math.rint(fill.get(fill.size() == 1 ? 0 : k)), 0, 255);
        }
        return switch (interpolation) {
            case NEAREST -> back.nearest(image, border);
            case BILINEAR, AREA -> back.blend(image, WarpWeights.LINEAR, border);
            case BICUBIC -> back.blend(image, WarpWeights.CUBIC, border);
            case LANCZOS -> back.blend(image, WarpWeights.LANCZOS4, border);
        };
    }

    private AffineWarp inverse() {
        double det = a * d - b * c;
        double share = det == 0 ? 0 : 1 / det;
        double ia = d * share;
        double id = a * share;
        double ib = b * -share;
        double ic = c * -share;
        return new AffineWarp(ia, ib, -ia * dx - ib * dy, ic, id, -ic * dx - id * dy);
    }

    /** {@code factor · i} for each column i, in steps of 1 / PLACE_ONE. */
    private static int[] steps(double factor, int width) {
        int[] out = new int[width];
        for (int i = 0; i < width; i++) {
            out[i] = place(factor * i);
        }
        return out;
    }

    private static int place(double x) {
        return (int) Math.rint(x * PLACE_ONE);
    }

    private Image.Bytes nearest(Image.Bytes image, int[] border) {
        int height = image.height();
        int width = image.width();
        int channels = border.length;
        byte[] from = image.pixels();
        byte[] out = new byte[from.length];
        int[] xs = steps(a, width);
        int[] ys = steps(c, width);
        int at = 0;
        for (int row = 0; row < height; row++) {
            int x0 = place(b * row + dx) + PLACE_ONE / 2;
            int y0 = place(d * row + dy) + PLACE_ONE / 2;
            for (int col = 0; col < width; col++) {
                int x = (x0 + xs[col]) >> PLACE_BITS;
                int y = (y0 + ys[col]) >> PLACE_BITS;
                boolean inside = x >= 0 && x < width && y >= 0 && y < height;
                int source = (y * width + x) * channels;
                for (int k = 0; k < channels; k++) {
                    out[at++] = inside ? from[source + k] : (byte) border[k];
                }
            }
        }
        return new Image.Bytes(height, width, image.order(), out);
    }

    private Image.Bytes blend(Image.Bytes image, WarpWeights weights, int[] border) {
        int height = image.height();
        int width = image.width();
        int channels = border.length;
        byte[] out = new byte[image.pixels().length];
        int[] xs = steps(a, width);
        int[] ys = steps(c, width);
        int shift = PLACE_BITS - WarpWeights.BITS;
        int half = 1 << (shift - 1);
        int at = 0;
        for (int row = 0; row < height; row++) {
            int x0 = place(b * row + dx) + half;
            int y0 = place(d * row + dy) + half;
            for (int col = 0; col < width; col++) {
                int x = (x0 + xs[col]) >> shift;
                int y = (y0 + ys[col]) >> shift;
                for (int k = 0; k < channels; k++) {
                    out[at++] = (byte) weights.value(image, x, y, k, border[k]);
                }
            }
        }
        return new Image.Bytes(height, width, image.order(), out);
    }
}
