package dev.taxon.data.transform;

import dev.taxon.random.Rng;
import java.util.Arrays;

/** An effect that looks each value up in a table, which may depend on how often each value occurs in its channel. */
sealed interface Tone extends Effect {
    /**
     * What each value becomes.
     *
     * @param histogram (256) of one channel
     * @return (256)
     */
    byte[] table(int[] histogram, double magnitude);

    /** The tones without arguments of their own. Source: mmcv, image/photometric.py. */
    enum Plain implements Tone {
        /** Stretches from the least to the greatest value; fractions are cut off. */
        AUTO_CONTRAST,
        /** As many pixels at each value as the histogram's steps allow. */
        EQUALIZE,
        INVERT,
        /** Keeps the upper bits; the magnitude is how many, rounded up. */
        POSTERIZE,
        /** Inverts values that are not below the magnitude. */
        SOLARIZE;

        @Override
        public byte[] table(int[] histogram, double magnitude) {
            return switch (this) {
                case AUTO_CONTRAST -> stretched(histogram);
                case EQUALIZE -> equalized(histogram);
                case INVERT -> solarized(0);
                case POSTERIZE -> posterized((int) Math.ceil(magnitude));
                case SOLARIZE -> solarized(magnitude);
            };
        }

        private static byte[] stretched(int[] histogram) {
            int low = 0;
            int high = 255;
            while (low < 255 && histogram[low] == 0) {
                low++;
            }
            while (high > 0 && histogram[high] == 0) {
                high--;
            }
            double scale = low < high ? 255.0 / (high - low) : 1;
            double offset = low < high ? -low * scale : 0;
            byte[] table = new byte[256];
            for (int v = 0; v < 256; v++) {
                table[v] = (byte) Math.clamp(v * scale + offset, 0, 255);
            }
            return table;
        }

        private static byte[] equalized(int[] histogram) {
            long pixels = 0;
            long last = 0;
            for (int count : histogram) {
                pixels += count;
                last = count > 0 ? count : last;
            }
            long step = (pixels - last) / 255;
            byte[] table = new byte[256];
            long below = 0;
            for (int v = 0; v < 256; v++) {
                table[v] = (byte) (step == 0 ? v : v == 0 ? 0 : Math.min((below + step / 2) / step, 255));
                below += histogram[v];
            }
            return table;
        }

        private static byte[] posterized(int bits) {
            int shift = 8 - Math.clamp(bits, 0, 8);
            byte[] table = new byte[256];
            for (int v = 0; v < 256; v++) {
                table[v] = (byte) (v >> shift << shift);
            }
            return table;
        }

        private static byte[] solarized(double threshold) {
            byte[] table = new byte[256];
            for (int v = 0; v < 256; v++) {
                table[v] = (byte) (v < threshold ? v : 255 - v);
            }
            return table;
        }
    }

    /** Adds the magnitude to values below {@code threshold}, up to 255; fractions are cut off. Source: mmcls. */
    record SolarizeAdd(double threshold) implements Tone {
        @Override
        public byte[] table(int[] histogram, double magnitude) {
            byte[] table = new byte[256];
            for (int v = 0; v < 256; v++) {
                table[v] = (byte) (v < threshold ? Math.clamp(v + magnitude, 0, 255) : v);
            }
            return table;
        }
    }

    @Override
    default Image.Bytes apply(Image.Bytes image, double magnitude, Rng rng) {
        byte[] pixels = image.pixels();
        int channels = image.channels();
        byte[] out = new byte[pixels.length];
        int[] histogram = new int[256];
        for (int c = 0; c < channels; c++) {
            Arrays.fill(histogram, 0);
            for (int i = c; i < pixels.length; i += channels) {
                histogram[pixels[i] & 0xFF]++;
            }
            byte[] table = table(histogram, magnitude);
            for (int i = c; i < pixels.length; i += channels) {
                out[i] = table[pixels[i] & 0xFF];
            }
        }
        return new Image.Bytes(image.height(), image.width(), image.order(), out);
    }
}
