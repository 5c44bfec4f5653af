package dev.taxon.data.transform;

import dev.taxon.UserError;
import dev.taxon.random.Rng;

/**
 * Changes brightness, contrast and saturation, in a random order, each by a factor 1 ± m with m even in [0, limit).
 * Source: mmcls 0.25, ColorJitter.
 */
public record ColorJitter(double brightness, double contrast, double saturation) implements Transform {
    /** What a factor applies to. */
    enum Part {
        BRIGHTNESS,
        CONTRAST,
        SATURATION
    }

    public ColorJitter {
        UserError.require(
                brightness >= 0 && contrast >= 0 && saturation >= 0,
                "ColorJitter's brightness, contrast and saturation must not be negative, got %s, %s and %s",
                brightness,
                contrast,
                saturation);
    }

    @Override
    public boolean random() {
        return true;
    }

    @Override
    public Sample apply(Sample sample, Rng rng) {
        Image.Bytes image = Grey.colors(sample, "ColorJitter");
        double[] limits = {brightness, contrast, saturation};
        double[] factors = new double[limits.length];
        for (int i = 0; i < limits.length; i++) {
            double magnitude = rng.uniform(0, limits[i]);
            factors[i] = 1 + (rng.nextDouble() < 0.5 ? -magnitude : magnitude);
        }
        for (int i : rng.permutation(limits.length)) {
            image = adjust(image, Part.values()[i], factors[i]);
        }
        return sample.with(image);
    }

    /** Brings an image nearer to ({@code factor} below 1) or farther from black, its mean grey, or its grey self. */
    static Image.Bytes adjust(Image.Bytes image, Part part, double factor) {
        byte[] out = switch (part) {
            case BRIGHTNESS -> fromLevel(image.pixels(), factor, 0);
            case CONTRAST -> fromLevel(image.pixels(), factor, meanGrey(image));
            case SATURATION -> fromGrey(image, (float) factor, (float) (1 - factor));
        };
        return new Image.Bytes(image.height(), image.width(), image.order(), out);
    }

    private static int meanGrey(Image.Bytes image) {
        byte[] grey = Grey.of(image, red(image));
        long sum = 0;
        for (byte value : grey) {
            sum += value & 0xFF;
        }
        return (int) Math.rint((double) sum / grey.length);
    }

    private static int red(Image.Bytes image) {
        return image.order() == ChannelOrder.RGB ? 0 : 2;
    }

    /** Source: mmcv adjust_brightness and adjust_contrast: a weighted sum stored as float32, cut off to whole numbers. */
    private static byte[] fromLevel(byte[] pixels, double factor, int level) {
        byte[] table = new byte[256];
        for (int v = 0; v < 256; v++) {
            table[v] = (byte) Math.clamp((float) (v * factor + level * (1 - factor)), 0f, 255f);
        }
        byte[] out = new byte[pixels.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = table[pixels[i] & 0xFF];
        }
        return out;
    }

    /** Source: mmcv adjust_color: OpenCV's addWeighted on uint8: a fused float32 sum, rounded to even. */
    private static byte[] fromGrey(Image.Bytes image, float factor, float rest) {
        byte[] grey = Grey.of(image, red(image));
        byte[] from = image.pixels();
        byte[] out = new byte[from.length];
        for (int i = 0; i < out.length; i++) {
            float sum = Math.fma((float) (from[i] & 0xFF), factor, (grey[i / 3] & 0xFF) * rest);
            out[i] = (byte) Math.clamp((long) Math.rint((double) sum), 0, 255);
        }
        return out;
    }
}
