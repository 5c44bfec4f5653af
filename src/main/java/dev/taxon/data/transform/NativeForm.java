package dev.taxon.data.transform;

import dev.taxon.random.Rng;

/**
 * Brings any image to the form in which a data set stores its own: a square of {@code side}, grey or RGB. Large images
 * are averaged over whole blocks first, so that thin strokes survive; the rest is bilinear.
 */
public record NativeForm(int side, ChannelOrder order) implements Transform {
    @Override
    public Sample apply(Sample sample, Rng rng) {
        Image.Bytes image = shrink(inOrder((Image.Bytes) sample.pixels()));
        return sample.with(Bilinear.resize(image, side, side));
    }

    private Image.Bytes inOrder(Image.Bytes image) {
        if (image.order() == order) {
            return image;
        }
        if (order == ChannelOrder.GREY) {
            return grey(image);
        }
        return image.order() == ChannelOrder.GREY ? color(image) : image.swapRedBlue();
    }

    /** Source: OpenCV, COLOR_BGR2GRAY for uint8: weights 0.299, 0.587, 0.114 in 15-bit fixed point. */
    private static Image.Bytes grey(Image.Bytes image) {
        int red = image.order() == ChannelOrder.RGB ? 0 : 2;
        byte[] from = image.pixels();
        byte[] out = new byte[from.length / 3];
        for (int i = 0; i < out.length; i++) {
            int r = from[3 * i + red] & 0xFF;
            int g = from[3 * i + 1] & 0xFF;
            int b = from[3 * i + 2 - red] & 0xFF;
            out[i] = (byte) ((9798 * r + 19235 * g + 3735 * b + (1 << 14)) >> 15);
        }
        return new Image.Bytes(image.height(), image.width(), ChannelOrder.GREY, out);
    }

    private Image.Bytes color(Image.Bytes image) {
        byte[] out = new byte[image.pixels().length * 3];
        for (int i = 0; i < out.length; i++) {
            out[i] = image.pixels()[i / 3];
        }
        return new Image.Bytes(image.height(), image.width(), order, out);
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
