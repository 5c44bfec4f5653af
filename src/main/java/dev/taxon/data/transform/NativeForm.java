package dev.taxon.data.transform;

import dev.taxon.random.Rng;

/**
 * Brings any image to the form in which a data set stores its own: a square of {@code side}, grey or RGB. Large images
 * are averaged over whole blocks first, so that thin strokes survive; the rest is bilinear.
 */
public record NativeForm(int side, ChannelOrder order) implements Transform {
    @Override
    public Sample apply(Sample sample, Rng rng) {
        Image.Bytes image = shrink(((Image.Bytes) sample.pixels()).in(order));
        return sample.with(Bilinear.resize(image, side, side));
    }

    /** Averages blocks of whole pixels, as large as they may be with at least {@code side} of them. */
    private Image.Bytes shrink(Image.Bytes image) {
        int blockHeight = Math.max(1, image.height() / side);
        int blockWidth = Math.max(1, image.width() / side);
        if (blockHeight == 1 && blockWidth == 1) {
            return image;
        }
        int h = image.height() / blockHeight;
        int w = image.width() / blockWidth;
        int channels = image.channels();
        int area = blockHeight * blockWidth;
        byte[] out = new byte[h * w * channels];
        for (int i = 0; i < out.length; i++) {
            int c = i % channels;
            int x = i / channels % w * blockWidth;
            int y = i / channels / w * blockHeight;
            long sum = area / 2;
            for (int dy = 0; dy < blockHeight; dy++) {
                int line = (y + dy) * image.width();
                for (int dx = 0; dx < blockWidth; dx++) {
                    sum += image.pixels()[(line + x + dx) * channels + c] & 0xFF;
                }
            }
            out[i] = (byte) (sum / area);
        }
        return new Image.Bytes(h, w, image.order(), out);
    }
}
