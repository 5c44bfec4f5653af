package dev.taxon.data.transform;

/**
 * Bilinear interpolation between pixel centres, without smoothing: what {@code cv2.resize(..., INTER_LINEAR)} of
 * OpenCV 4.6 computes, bit for bit. uint8 images go through 11-bit fixed-point weights, float32 images through float32.
 * Source: OpenCV, modules/imgproc/src/resize.cpp (the algorithm).
 */
final class Bilinear {
    private static final int ONE = 1 << 11;

    private Bilinear() {}

    static Image resize(Image image, int height, int width) {
        if (height == image.height() && width == image.width()) {
            return image;
        }
        boolean halves = image.height() == 2 * height && image.width() == 2 * width; // OpenCV averages 2 x 2 then
        return switch (image) {
            case Image.Bytes b -> halves ? halve(b) : resize(b, height, width, false);
            case Image.Floats f -> halves ? halve(f) : resize(f, height, width, false);
            case Image.Mapped m -> resize(m.toFloats(), height, width);
        };
    }

    /** What OpenCV's INTER_AREA makes of an image that grows along an axis: only pixels' edges are blended. */
    static Image enlargeByArea(Image image, int height, int width) {
        return switch (image) {
            case Image.Bytes b -> resize(b, height, width, true);
            case Image.Floats f -> resize(f, height, width, true);
            case Image.Mapped m -> enlargeByArea(m.toFloats(), height, width);
        };
    }

    /** Where an output index falls among the input indices, and the weights of its two neighbours. */
    private static final class Axis {
        final int[] first;
        final int[] second;
        final float[] weight0;
        final float[] weight1;

        /**
         * @param clamp whether a position outside takes the edge pixel alone; rows keep their weights instead
         * @param area weigh by the part of an output pixel that lies on the second input pixel
         */
        Axis(int input, int output, boolean clamp, boolean area) {
            first = new int[output];
            second = new int[output];
            weight0 = new float[output];
            weight1 = new float[output];
            double inverse = output / (double) input;
            double scale = 1 / inverse;
            for (int i = 0; i < output; i++) {
                float position = (float) ((i + 0.5) * scale - 0.5);
                int floor = (int) Math.floor(area ? i * scale : position);
                float fraction = area ? overlap((float) (i + 1 - (floor + 1) * inverse)) : position - floor;
                if (clamp && (floor < 0 || floor >= input - 1)) {
                    floor = Math.clamp(floor, 0, input - 1);
                    fraction = 0;
                }
                first[i] = Math.clamp(floor, 0, input - 1);
                second[i] = Math.clamp(floor + 1, 0, input - 1);
                weight0[i] = 1 - fraction;
                weight1[i] = fraction;
            }
        }

        private static float overlap(float part) {
            return part <= 0 ? 0 : part - (float) Math.floor(part);
        }

        /** Which input indices any output takes from; few of them where a large image shrinks much. */
        boolean[] used(int input) {
            boolean[] used = new boolean[input];
            for (int i = 0; i < first.length; i++) {
                used[first[i]] = true;
                used[second[i]] = true;
            }
            return used;
        }

        static int[] fixedPoint(float[] weights) {
            int[] out = new int[weights.length];
            for (int i = 0; i < out.length; i++) {
                out[i] = (int) Math.rint((double) (weights[i] * ONE));
            }
            return out;
        }
    }

    private static Image.Bytes resize(Image.Bytes image, int height, int width, boolean area) {
        int channels = image.channels();
        int line = width * channels;
        Axis x = new Axis(image.width(), width, true, area);
        Axis y = new Axis(image.height(), height, false, area);
        int[] wide = new int[image.height() * line]; // (H, W', C), scaled by ONE
        int[] a0 = Axis.fixedPoint(x.weight0);
        int[] a1 = Axis.fixedPoint(x.weight1);
        boolean[] used = y.used(image.height());
        for (int row = 0; row < image.height(); row++) {
            if (!used[row]) {
                continue;
            }
            int from = row * image.width() * channels;
            for (int i = 0; i < line; i++) {
                int col = i / channels;
                int c = i % channels;
                int left = image.pixels()[from + x.first[col] * channels + c] & 0xFF;
                int right = image.pixels()[from + x.second[col] * channels + c] & 0xFF;
                wide[row * line + i] = left * a0[col] + right * a1[col];
            }
        }
        byte[] out = new byte[height * line];
        int[] b0 = Axis.fixedPoint(y.weight0);
        int[] b1 = Axis.fixedPoint(y.weight1);
        for (int row = 0; row < height; row++) {
            int top = y.first[row] * line;
            int bottom = y.second[row] * line;
            for (int i = 0; i < line; i++) {
                int upper = (b0[row] * (wide[top + i] >> 4)) >> 16;
                int lower = (b1[row] * (wide[bottom + i] >> 4)) >> 16;
                out[row * line + i] = (byte) ((upper + lower + 2) >> 2);
            }
        }
        return new Image.Bytes(height, width, image.order(), out);
    }

    private static Image.Floats resize(Image.Floats image, int height, int width, boolean area) {
        int channels = image.channels();
        int line = width * channels;
        Axis x = new Axis(image.width(), width, true, area);
        Axis y = new Axis(image.height(), height, false, area);
        float[] wide = new float[image.height() * line]; // (H, W', C)
        boolean[] used = y.used(image.height());
        for (int row = 0; row < image.height(); row++) {
            if (!used[row]) {
                continue;
            }
            int from = row * image.width() * channels;
            for (int i = 0; i < line; i++) {
                int col = i / channels;
                int c = i % channels;
                float left = image.pixels()[from + x.first[col] * channels + c];
                float right = image.pixels()[from + x.second[col] * channels + c];
                wide[row * line + i] = left * x.weight0[col] + right * x.weight1[col];
            }
        }
        float[] out = new float[height * line];
        for (int row = 0; row < height; row++) {
            int top = y.first[row] * line;
            int bottom = y.second[row] * line;
            for (int i = 0; i < line; i++) {
                out[row * line + i] = wide[top + i] * y.weight0[row] + wide[bottom + i] * y.weight1[row];
            }
        }
        return new Image.Floats(height, width, image.order(), out);
    }

    private static Image.Bytes halve(Image.Bytes image) {
        int channels = image.channels();
        int line = image.width() * channels;
        int outLine = line / 2;
        byte[] p = image.pixels();
        byte[] out = new byte[p.length / 4];
        for (int i = 0; i < out.length; i++) {
            int at = corner(i, outLine, line, channels);
            int upper = (p[at] & 0xFF) + (p[at + channels] & 0xFF);
            int lower = (p[at + line] & 0xFF) + (p[at + line + channels] & 0xFF);
            out[i] = (byte) ((upper + lower + 2) >> 2);
        }
        return new Image.Bytes(image.height() / 2, image.width() / 2, image.order(), out);
    }

    private static Image.Floats halve(Image.Floats image) {
        int channels = image.channels();
        int line = image.width() * channels;
        int outLine = line / 2;
        float[] p = image.pixels();
        float[] out = new float[p.length / 4];
        for (int i = 0; i < out.length; i++) {
            int at = corner(i, outLine, line, channels);
            out[i] = (p[at] + p[at + channels] + p[at + line] + p[at + line + channels]) * 0.25f;
        }
        return new Image.Floats(image.height() / 2, image.width() / 2, image.order(), out);
    }

    /** Where the 2 × 2 block of output value {@code i} begins. */
    private static int corner(int i, int outLine, int line, int channels) {
        int row = i / outLine;
        int col = i % outLine / channels;
        return 2 * row * line + 2 * col * channels + i % channels;
    }
}
