package dev.taxon.data.transform;

import java.util.Arrays;

/**
 * Averages over all input pixels that an output pixel covers: what {@code cv2.resize(..., INTER_AREA)} of OpenCV 4.6
 * computes where neither side grows, bit for bit. Source: OpenCV, modules/imgproc/src/resize.cpp (the algorithm).
 */
final class AreaResize {
    private static final double NOTHING = 1e-3; // a smaller part of a pixel does not count

    private AreaResize() {}

    /** The area rule where the image shrinks; OpenCV's variant of {@link Bilinear} where a side grows. */
    static Image resize(Image image, int height, int width) {
        if (height == image.height() && width == image.width()) {
            return image;
        }
        if (height > image.height() || width > image.width()) {
            return Bilinear.enlargeByArea(image, height, width);
        }
        if (image.height() == 2 * height && image.width() == 2 * width) {
            return Bilinear.resize(image, height, width); // averages 2 x 2 then
        }
        boolean whole = image.height() % height == 0 && image.width() % width == 0;
        return switch (image) {
            case Image.Bytes b -> whole ? blocks(b, height, width) : shrink(b, height, width);
            case Image.Floats f -> whole ? blocks(f, height, width) : shrink(f, height, width);
            case Image.Mapped m -> resize(m.toFloats(), height, width);
        };
    }

    /** Blocks of whole pixels: an exact sum, times 1 / area in float32. */
    private static Image.Bytes blocks(Image.Bytes image, int height, int width) {
        int channels = image.channels();
        int high = image.height() / height;
        int wide = image.width() / width;
        float share = 1f / (high * wide);
        byte[] out = new byte[height * width * channels];
        for (int i = 0; i < out.length; i++) {
            int corner = corner(i, width * channels, high, wide, channels);
            int sum = 0;
            for (int dy = 0; dy < high; dy++) {
                for (int dx = 0; dx < wide; dx++) {
                    sum += image.pixels()[corner + (dy * image.width() + dx) * channels] & 0xFF;
                }
            }
            out[i] = (byte) Math.rint((double) (sum * share));
        }
        return new Image.Bytes(height, width, image.order(), out);
    }

    /** Where the block of output value {@code i} begins. */
    private static int corner(int i, int outLine, int high, int wide, int channels) {
        int row = i / outLine;
        int col = i % outLine / channels;
        return row * high * wide * outLine + col * wide * channels + i % channels;
    }

    private static Image.Floats blocks(Image.Floats image, int height, int width) {
        int channels = image.channels();
        int high = image.height() / height;
        int wide = image.width() / width;
        float share = 1f / (high * wide);
        float[] out = new float[height * width * channels];
        float[] block = new float[high * wide];
        for (int i = 0; i < out.length; i++) {
            int corner = corner(i, width * channels, high, wide, channels);
            for (int k = 0; k < block.length; k++) {
                block[k] = image.pixels()[corner + (k / wide * image.width() + k % wide) * channels];
            }
            out[i] = sumByFours(block) * share;
        }
        return new Image.Floats(height, width, image.order(), out);
    }

    /** OpenCV's unrolled loop adds four values before it adds them to the sum. */
    private static float sumByFours(float[] values) {
        float sum = 0;
        int k = 0;
        for (; k + 4 <= values.length; k += 4) {
            sum += values[k] + values[k + 1] + values[k + 2] + values[k + 3];
        }
        for (; k < values.length; k++) {
            sum += values[k];
        }
        return sum;
    }

    /** Which input index adds to which output index, and how much. */
    private static final class Axis {
        int[] from = new int[16];
        int[] to = new int[16];
        float[] weight = new float[16];
        int count;

        Axis(int input, int output) {
            double scale = 1 / (output / (double) input);
            for (int i = 0; i < output; i++) {
                double begin = i * scale;
                double end = begin + scale;
                double cell = Math.min(scale, input - begin);
                int last = Math.min((int) Math.floor(end), input - 1);
                int first = Math.min((int) Math.ceil(begin), last);
                if (first - begin > NOTHING) {
                    add(first - 1, i, (first - begin) / cell);
                }
                for (int k = first; k < last; k++) {
                    add(k, i, 1 / cell);
                }
                if (end - last > NOTHING) {
                    add(last, i, Math.min(Math.min(end - last, 1), cell) / cell);
                }
            }
        }

        private void add(int source, int target, double share) {
            if (count == from.length) {
                from = Arrays.copyOf(from, 2 * count);
                to = Arrays.copyOf(to, 2 * count);
                weight = Arrays.copyOf(weight, 2 * count);
            }
            from[count] = source;
            to[count] = target;
            weight[count++] = (float) share;
        }
    }

    private static Image.Bytes shrink(Image.Bytes image, int height, int width) {
        int line = width * image.channels();
        byte[] out = new byte[height * line];
        byte[] pixels = image.pixels();
        shrink(image, height, width, i -> pixels[i] & 0xFF, (row, sums) -> {
            for (int i = 0; i < line; i++) {
                out[row * line + i] = (byte) Math.clamp((int) Math.rint((double) sums[i]), 0, 255);
            }
        });
        return new Image.Bytes(height, width, image.order(), out);
    }

    private static Image.Floats shrink(Image.Floats image, int height, int width) {
        int line = width * image.channels();
        float[] out = new float[height * line];
        float[] pixels = image.pixels();
        shrink(image, height, width, i -> pixels[i], (row, sums) -> System.arraycopy(sums, 0, out, row * line, line));
        return new Image.Floats(height, width, image.order(), out);
    }

    private static void shrink(Image image, int height, int width, Pixels pixels, Rows rows) {
        int channels = image.channels();
        int line = width * channels;
        Axis x = new Axis(image.width(), width);
        Axis y = new Axis(image.height(), height);
        float[] narrow = new float[line]; // one input row, shrunk along x
        float[] sums = new float[line];
        int row = y.to[0];
        for (int j = 0; j < y.count; j++) {
            Arrays.fill(narrow, 0);
            int start = y.from[j] * image.width();
            for (int k = 0; k < x.count; k++) {
                int from = (start + x.from[k]) * channels;
                int to = x.to[k] * channels;
                for (int c = 0; c < channels; c++) {
                    narrow[to + c] += pixels.at(from + c) * x.weight[k];
                }
            }
            if (y.to[j] != row) {
                rows.finished(row, sums);
                row = y.to[j];
                Arrays.fill(sums, 0);
            }
            for (int i = 0; i < line; i++) {
                sums[i] += narrow[i] * y.weight[j];
            }
        }
        rows.finished(row, sums);
    }

    @FunctionalInterface
    private interface Pixels {
        float at(int i);
    }

    @FunctionalInterface
    private interface Rows {
        void finished(int row, float[] sums);
    }
}
