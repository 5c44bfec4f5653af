package dev.taxon.data.transform;

import dev.taxon.UserError;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Resizing as Pillow 9.4 does it, bit for bit: smoothed over all pixels that an output pixel covers, columns before
 * rows, each rounded to uint8, with 22-bit fixed-point weights. Source: Pillow, src/libImaging/Resample.c and Geometry.c
 * (the algorithms).
 */
public enum PillowFilter implements Scaler {
    NEAREST(0),
    BOX(0.5),
    BILINEAR(1),
    HAMMING(1),
    BICUBIC(2),
    LANCZOS(3);

    private static final int PRECISION = 22; // bits of a weight

    private final double support; // beyond it the weight is 0

    PillowFilter(double support) {
        this.support = support;
    }

    @Override
    public Image resize(Image image, int height, int width) {
        if (height == image.height() && width == image.width()) {
            return image;
        }
        if (this == NEAREST) {
            return image.gather(Gather.of(nearest(image.height(), height), nearest(image.width(), width)));
        }
        if (!(image instanceof Image.Bytes bytes)) {
            throw UserError.of(
                    "backend='pillow' resizes uint8 images only; put it before Normalize, without to_float32");
        }
        byte[] pixels = bytes.pixels();
        int channels = image.channels();
        if (width != image.width()) {
            pixels = along(pixels, image.height(), image.width(), width, channels);
        }
        if (height != image.height()) {
            pixels = along(pixels, 1, image.height(), height, width * channels);
        }
        return new Image.Bytes(height, width, image.order(), pixels);
    }

    @Override
    public int @Nullable [] picks(int input, int output) {
        return this == NEAREST ? nearest(input, output) : null;
    }

    /** The middle of each output pixel, by repeated addition as in Pillow. */
    private static int[] nearest(int input, int output) {
        double scale = input / (double) output;
        double position = scale * 0.5;
        int[] indices = new int[output];
        for (int i = 0; i < output; i++) {
            indices[i] = Math.min((int) position, input - 1);
            position += scale;
        }
        return indices;
    }

    /** (lines, input, run) → (lines, output, run). */
    private byte[] along(byte[] from, int lines, int input, int output, int run) {
        double scale = input / (double) output;
        double stretch = Math.max(scale, 1);
        double reach = support * stretch;
        byte[] out = new byte[lines * output * run];
        int[] sums = new int[run];
        for (int i = 0; i < output; i++) {
            double center = (i + 0.5) * scale;
            int first = Math.max(0, (int) (center - reach + 0.5));
            int end = Math.min(input, (int) (center + reach + 0.5));
            int[] weights = weights(first, end, center, 1 / stretch);
            for (int line = 0; line < lines; line++) {
                Arrays.fill(sums, 1 << (PRECISION - 1));
                for (int k = 0; k < weights.length; k++) {
                    int at = (line * input + first + k) * run;
                    for (int c = 0; c < run; c++) {
                        sums[c] += (from[at + c] & 0xFF) * weights[k];
                    }
                }
                int to = (line * output + i) * run;
                for (int c = 0; c < run; c++) {
                    out[to + c] = (byte) Math.clamp(sums[c] >> PRECISION, 0, 255);
                }
            }
        }
        return out;
    }

    private int[] weights(int first, int end, double center, double shrink) {
        double[] exact = new double[end - first];
        double total = 0;
        for (int k = 0; k < exact.length; k++) {
            exact[k] = weight((k + first - center + 0.5) * shrink);
            total += exact[k];
        }
        int[] weights = new int[exact.length];
        for (int k = 0; k < weights.length; k++) {
            double share = total == 0 ? exact[k] : exact[k] / total;
            weights[k] = (int) (share * (1 << PRECISION) + (share < 0 ? -0.5 : 0.5));
        }
        return weights;
    }

    private double weight(double at) {
        double x = Math.abs(at);
        return switch (this) {
            case NEAREST -> throw new IllegalStateException("has no weights");
            case BOX -> at > -0.5 && at <= 0.5 ? 1 : 0;
            case BILINEAR -> x < 1 ? 1 - x : 0;
            case HAMMING -> x >= 1 ? 0 : sinc(x) * (0.54 + 0.46 * Math.cos(x * Math.PI));
            case BICUBIC -> x < 1 ? (1.5 * x - 2.5) * x * x + 1 : x < 2 ? (((x - 5) * x + 8) * x - 4) * -0.5 : 0;
            case LANCZOS -> at >= -3 && at < 3 ? sinc(at) * sinc(at / 3) : 0;
        };
    }

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
    }
}
