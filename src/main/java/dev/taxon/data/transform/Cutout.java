package dev.taxon.data.transform;

import dev.taxon.random.Rng;
import java.util.List;

/**
 * Covers a rectangle around a random point with one colour; what reaches over the image's edge is lost. Source: mmcv,
 * cutout.
 *
 * @param height 0: a square whose side is the magnitude
 * @param fill one value for all channels, or one for each
 */
record Cutout(int height, int width, List<Double> fill) implements Effect {
    @Override
    public Image.Bytes apply(Image.Bytes image, double magnitude, Rng rng) {
        double y = rng.uniform(image.height(), 1); // as numpy reads uniform(size): from size down to 1
        double x = rng.uniform(image.width(), 1);
        return covered(image, y, x, height == 0 ? (int) magnitude : height, height == 0 ? (int) magnitude : width);
    }

    /** The rectangle around (y, x) covered. */
    Image.Bytes covered(Image.Bytes image, double y, double x, int high, int wide) {
        int top = (int) Math.max(0, y - high / 2.0);
        int left = (int) Math.max(0, x - wide / 2.0);
        byte[] out = image.pixels().clone();
        int channels = image.channels();
        for (int row = top; row < Math.min(image.height(), top + high); row++) {
            for (int col = left; col < Math.min(image.width(), left + wide); col++) {
                for (int c = 0; c < channels; c++) {
                    out[(row * image.width() + col) * channels + c] =
                            (byte) fill.get(fill.size() == 1 ? 0 : c).intValue();
                }
            }
        }
        return new Image.Bytes(image.height(), image.width(), image.order(), out);
    }
}
