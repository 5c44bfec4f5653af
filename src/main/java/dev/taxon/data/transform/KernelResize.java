package dev.taxon.data.transform;

/**
 * Resizing with a {@link Kernel} of more than two taps, without smoothing: what {@code cv2.resize} of OpenCV 4.6 computes
 * with INTER_CUBIC and INTER_LANCZOS4, bit for bit. uint8 images go through 11-bit weights. Source: OpenCV,
 * modules/imgproc/src/resize.cpp (the algorithm).
 */
final class KernelResize {
    private static final int BITS = 11;
    private static final int ONE = 1 << BITS;
    private static final int BYTE_LANES = 8; // values that OpenCV's SSE code of the cubic makes at once
    private static final int FLOAT_LANES = 4;

    private KernelResize() {}

    static Image resize(Image image, int height, int width, Kernel kernel) {
        if (height == image.height() && width == image.width()) {
            return image;
        }
        return switch (image) {
            case Image.Bytes b -> resize(b, height, width, kernel);
            case Image.Floats f -> resize(f, height, width, kernel);
            case Image.Mapped m -> resize(m.toFloats(), height, width, kernel);
        };
    }

    /** For each output index the input indices under the kernel, and their weights. */
    private static final class Axis {
        final int[] index; // (output, taps)
        final float[] weight; // (output, taps)
        final boolean[] used; // (input)

        Axis(int input, int output, Kernel kernel) {
            int taps = kernel.taps();
            index = new int[output * taps];
            weight = new float[output * taps];
            used = new boolean[input];
            double scale = 1 / (output / (double) input);
            for (int i = 0; i < output; i++) {
                float position = (float) ((i + 0.5) * scale - 0.5);
                int floor = (int) Math.floor(position);
                kernel.weights(position - floor, weight, i * taps);
                for (int k = 0; k < taps; k++) {
                    int from = Math.clamp(floor - taps / 2 + 1 + k, 0, input - 1);
                    index[i * taps + k] = from;
                    used[from] = true;
                }
            }
        }

        int[] fixedPoint() {
            int[] out = new int[weight.length];
            for (int i = 0; i < out.length; i++) {
                out[i] = Kernel.fixedPoint(weight[i], ONE);
            }
            return out;
        }
    }

    private static Image.Bytes resize(Image.Bytes image, int height, int width, Kernel kernel) {
        int channels = image.channels();
        int taps = kernel.taps();
        int line = width * channels;
        Axis x = new Axis(image.width(), width, kernel);
        Axis y = new Axis(image.height(), height, kernel);
        int[] alpha = x.fixedPoint();
        int[] wide = new int[image.height() * line]; // (H, W', C), scaled by ONE
        for (int row = 0; row < image.height(); row++) {
            if (!y.used[row]) {
                continue;
            }
            int from = row * image.width() * channels;
            for (int i = 0; i < line; i++) {
                int first = i / channels * taps;
                int sum = 0;
                for (int k = first; k < first + taps; k++) {
                    sum += (image.pixels()[from + x.index[k] * channels + i % channels] & 0xFF) * alpha[k];
                }
                wide[row * line + i] = sum;
            }
        }
        byte[] out = new byte[height * line];
        int[] beta = y.fixedPoint();
        int inFloat = kernel == Kernel.CUBIC ? line - line % BYTE_LANES : 0;
        for (int row = 0; row < height; row++) {
            cubicInFloat(wide, y.index, beta, row, line, inFloat, out);
            for (int i = inFloat; i < line; i++) {
                int sum = 1 << (2 * BITS - 1);
                for (int k = row * taps; k < (row + 1) * taps; k++) {
                    sum += wide[y.index[k] * line + i] * beta[k];
                }
                out[row * line + i] = (byte) Math.clamp(sum >> (2 * BITS), 0, 255);
            }
        }
        return new Image.Bytes(height, width, image.order(), out);
    }

    /** OpenCV's vector code sums a column of the cubic in float32, from the last tap to the first. */
    private static void cubicInFloat(int[] wide, int[] index, int[] beta, int row, int line, int end, byte[] out) {
        if (end == 0) {
            return;
        }
        int k = row * Kernel.CUBIC.taps();
        float scale = 1f / (ONE * ONE);
        float b0 = beta[k] * scale;
        float b1 = beta[k + 1] * scale;
        float b2 = beta[k + 2] * scale;
        float b3 = beta[k + 3] * scale;
        int s0 = index[k] * line;
        int s1 = index[k + 1] * line;
        int s2 = index[k + 2] * line;
        int s3 = index[k + 3] * line;
        for (int i = 0; i < end; i++) {
            float sum = wide[s0 + i] * b0 + (wide[s1 + i] * b1 + (wide[s2 + i] * b2 + wide[s3 + i] * b3));
            out[row * line + i] = (byte) Math.clamp((int) Math.rint((double) sum), 0, 255);
        }
    }

    private static Image.Floats resize(Image.Floats image, int height, int width, Kernel kernel) {
        int channels = image.channels();
        int taps = kernel.taps();
        int line = width * channels;
        Axis x = new Axis(image.width(), width, kernel);
        Axis y = new Axis(image.height(), height, kernel);
        float[] wide = new float[image.height() * line]; // (H, W', C)
        for (int row = 0; row < image.height(); row++) {
            if (!y.used[row]) {
                continue;
            }
            int from = row * image.width() * channels;
            for (int i = 0; i < line; i++) {
                int first = i / channels * taps;
                float sum = 0;
                for (int k = first; k < first + taps; k++) {
                    sum += image.pixels()[from + x.index[k] * channels + i % channels] * x.weight[k];
                }
                wide[row * line + i] = sum;
            }
        }
        float[] out = new float[height * line];
        int backwards = line - line % FLOAT_LANES; // what OpenCV's vector code makes, last tap first
        for (int row = 0; row < height; row++) {
            for (int i = 0; i < line; i++) {
                float sum = 0;
                for (int k = 0; k < taps; k++) {
                    int tap = row * taps + (i < backwards ? taps - 1 - k : k);
                    sum += wide[y.index[tap] * line + i] * y.weight[tap];
                }
                out[row * line + i] = sum;
            }
        }
        return new Image.Floats(height, width, image.order(), out);
    }
}
