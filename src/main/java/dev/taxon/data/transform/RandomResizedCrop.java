package dev.taxon.data.transform;

import dev.taxon.UserError;
import dev.taxon.data.transform.Resize.Target;
import dev.taxon.random.Rng;

/**
 * Cuts a window of random area and aspect ratio and resizes it. After {@code maxAttempts} windows that do not fit, the
 * middle of the image is taken. Source: mmcls, RandomResizedCrop; Szegedy et al., Going deeper with convolutions.
 *
 * @param height of the result
 * @param scale range of the window's area, as a part of the image's
 * @param ratio range of the window's width / height; drawn evenly in its logarithm
 */
public record RandomResizedCrop(int height, int width, Range scale, Range ratio, int maxAttempts, Scaler scaler)
        implements Transform {
    /** Part of an image, in pixels. */
    record Window(int top, int left, int height, int width) {}

    public RandomResizedCrop {
        UserError.require(height > 0 && width > 0, "RandomResizedCrop.size must be positive");
        UserError.require(scale.low() >= 0, "RandomResizedCrop.scale must not be negative, got %s", scale);
        UserError.require(ratio.low() > 0, "RandomResizedCrop.ratio must be positive, got %s", ratio);
        UserError.require(maxAttempts >= 0, "RandomResizedCrop.max_attempts must not be negative");
    }

    @Override
    public boolean random() {
        return true;
    }

    @Override
    public Sample apply(Sample sample, Rng rng) {
        Image image = sample.pixels();
        return sample.with(cut(image, window(image.height(), image.width(), rng)));
    }

    /** The part of the work that no chance is in. */
    Image cut(Image image, Window window) {
        Image part = image.gather(
                Gather.of(Gather.range(window.top, window.height), Gather.range(window.left, window.width)));
        return Resize.to(part, new Target.Exact(height, width), scaler);
    }

    /** Where to cut an image of {@code imageHeight} × {@code imageWidth}. */
    Window window(int imageHeight, int imageWidth, Rng rng) {
        double area = (double) imageHeight * imageWidth;
        Range logRatio = new Range(Math.log(ratio.low()), Math.log(ratio.high()));
        for (int i = 0; i < maxAttempts; i++) {
            double wanted = scale.draw(rng) * area;
            double aspect = Math.exp(logRatio.draw(rng));
            int w = round(Math.sqrt(wanted * aspect));
            int h = round(Math.sqrt(wanted / aspect));
            if (w > 0 && w <= imageWidth && h > 0 && h <= imageHeight) {
                int top = rng.nextInt(imageHeight - h + 1);
                return new Window(top, rng.nextInt(imageWidth - w + 1), h, w);
            }
        }
        return middle(imageHeight, imageWidth);
    }

    /** The largest window in the middle whose aspect ratio is allowed. */
    private Window middle(int imageHeight, int imageWidth) {
        double aspect = (double) imageWidth / imageHeight;
        int w = aspect > ratio.high() ? Math.max(1, round(imageHeight * ratio.high())) : imageWidth;
        int h = aspect < ratio.low() ? Math.max(1, round(imageWidth / ratio.low())) : imageHeight;
        return new Window((imageHeight - h) / 2, (imageWidth - w) / 2, h, w);
    }

    /** Python's round: halves to even. */
    private static int round(double x) {
        return (int) Math.rint(x);
    }
}
