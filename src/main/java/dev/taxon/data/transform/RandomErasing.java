package dev.taxon.data.transform;

import dev.taxon.UserError;
import dev.taxon.random.Rng;
import java.util.List;

/**
 * Fills a random rectangle with a probability. Source: mmcls, RandomErasing; Zhong et al. (2017).
 *
 * @param area range of the rectangle's part of the image
 * @param aspect range of its height / width; drawn evenly in its logarithm
 * @param noise each pixel a random colour of its own; else {@code color}
 * @param color one value a channel; the mean where {@code std} is not empty
 * @param std empty: noise is even in [0, 256); else normal around {@code color}, one value a channel
 */
public record RandomErasing(
        double probability, Range area, Range aspect, boolean noise, List<Double> color, List<Double> std)
        implements Transform {
    public RandomErasing {
        UserError.require(
                probability >= 0 && probability <= 1,
                "RandomErasing.erase_prob must be in [0, 1], got %s",
                probability);
        UserError.require(
                area.low() >= 0 && area.high() <= 1,
                "RandomErasing.min_area_ratio and max_area_ratio must be in [0, 1], got %s",
                area);
        UserError.require(aspect.low() > 0, "RandomErasing.aspect_range must be positive, got %s", aspect);
    }

    @Override
    public boolean random() {
        return true;
    }

    @Override
    public Sample apply(Sample sample, Rng rng) {
        if (rng.nextDouble() > probability) {
            return sample;
        }
        Image image = sample.pixels();
        double ratio = Math.exp(new Range(Math.log(aspect.low()), Math.log(aspect.high())).draw(rng));
        double size = (double) image.height() * image.width() * area.draw(rng);
        int h = Math.min((int) Math.rint(Math.sqrt(size * ratio)), image.height());
        int w = Math.min((int) Math.rint(Math.sqrt(size / ratio)), image.width());
        // as numpy's randint: the last place is never drawn
        int top = image.height() > h ? rng.nextInt(image.height() - h) : 0;
        int left = image.width() > w ? rng.nextInt(image.width() - w) : 0;
        return sample.with(filled(image, top, left, h, w, rng));
    }

    /** The image with one rectangle filled. */
    Image filled(Image image, int top, int left, int height, int width, Rng rng) {
        if (image instanceof Image.Bytes bytes) {
            byte[] out = bytes.pixels().clone();
            for (int i = 0; i < height * width * image.channels(); i++) {
                out[place(image, top, left, width, i)] = (byte) value(i % image.channels(), rng);
            }
            return new Image.Bytes(image.height(), image.width(), image.order(), out);
        }
        float[] out = image.toFloats().pixels().clone();
        for (int i = 0; i < height * width * image.channels(); i++) {
            out[place(image, top, left, width, i)] = value(i % image.channels(), rng);
        }
        return new Image.Floats(image.height(), image.width(), image.order(), out);
    }

    /** Where value {@code i} of the rectangle stands in the image. */
    private static int place(Image image, int top, int left, int width, int i) {
        int channels = image.channels();
        int row = i / (width * channels);
        return ((top + row) * image.width() + left) * channels + i % (width * channels);
    }

    /** A uint8 value; fractions are cut off, as mmcls's casts do. */
    private int value(int channel, Rng rng) {
        if (!noise) {
            return color.get(channel).intValue();
        }
        if (std.isEmpty()) {
            return (int) rng.uniform(0, 256);
        }
        return Math.clamp((int) (color.get(channel) + std.get(channel) * rng.nextGaussian()), 0, 255);
    }
}
