package dev.taxon.data.transform;

import dev.taxon.UserError;
import dev.taxon.random.Rng;

/** How {@link RandomResizedCrop} picks a part of an image. Scale is the part's area, as a part of the image's. */
public sealed interface WindowRule {
    /** Where to cut an image of {@code imageHeight} × {@code imageWidth}. */
    Window draw(int imageHeight, int imageWidth, Rng rng);

    /**
     * Area even in {@code scale}, the logarithm of width / height even in that of {@code ratio}. Source: mmcls,
     * RandomResizedCrop; Szegedy et al. (2015).
     */
    record Inception(Range scale, Range ratio, int maxAttempts) implements WindowRule {
        public Inception {
            check(scale, ratio, maxAttempts);
        }

        @Override
        public Window draw(int imageHeight, int imageWidth, Rng rng) {
            double area = (double) imageHeight * imageWidth;
            double least = Math.log(ratio.low());
            double most = Math.log(ratio.high());
            int h = 0;
            int w = 0;
            boolean fits = false;
            for (int i = 0; i < maxAttempts && !fits; i++) {
                double wanted = scale.draw(rng) * area;
                double aspect = Math.exp(rng.uniform(least, most));
                w = round(Math.sqrt(wanted * aspect));
                h = round(Math.sqrt(wanted / aspect));
                fits = w > 0 && w <= imageWidth && h > 0 && h <= imageHeight;
            }
            if (!fits) { // the largest in the middle whose aspect ratio is allowed
                double aspect = (double) imageWidth / imageHeight;
                w = aspect > ratio.high() ? Math.max(1, round(imageHeight * ratio.high())) : imageWidth;
                h = aspect < ratio.low() ? Math.max(1, round(imageWidth / ratio.low())) : imageHeight;
            }
            int top = fits ? rng.nextInt(imageHeight - h + 1) : (imageHeight - h) / 2;
            int left = fits ? rng.nextInt(imageWidth - w + 1) : (imageWidth - w) / 2;
            return new Window(top, left, h, w); // one place: the compiler need not make an object then
        }
    }

    /**
     * Width / height even in {@code ratio}, the height even between those that {@code scale} allows with it. Source:
     * mmcls, RandomResizedCrop(efficientnet_style=True).
     *
     * @param minCovered the least area, as a part of the image's
     * @param size of the square that is made of the window
     * @param padding as in {@link CenterCrop.Zoomed}, for the window in the middle that is taken when none fits
     */
    record EfficientNet(Range scale, Range ratio, int maxAttempts, double minCovered, int size, int padding)
            implements WindowRule {
        public EfficientNet {
            check(scale, ratio, maxAttempts);
            UserError.require(
                    minCovered >= 0, "RandomResizedCrop.min_covered must not be negative, got %s", minCovered);
            UserError.require(padding >= 0, "RandomResizedCrop.crop_padding must not be negative, got %d", padding);
        }

        @Override
        public Window draw(int imageHeight, int imageWidth, Rng rng) {
            for (int i = 0; i < maxAttempts; i++) {
                double aspect = ratio.draw(rng);
                Range heights = heights(imageHeight, imageWidth, aspect);
                int h = round(heights.draw(rng));
                int w = round(h * aspect);
                if (fits(h, w, imageHeight, imageWidth)) {
                    int top = rng.nextInt(imageHeight - h + 1);
                    return new Window(top, rng.nextInt(imageWidth - w + 1), h, w);
                }
            }
            return CenterCrop.zoomed(imageHeight, imageWidth, size, size, padding);
        }

        /** The heights of windows with that aspect ratio which are in scale and within the image. */
        Range heights(int imageHeight, int imageWidth, double aspect) {
            double area = (double) imageHeight * imageWidth;
            int least = round(Math.sqrt(scale.low() * area / aspect));
            int most = round(Math.sqrt(scale.high() * area / aspect));
            if (most * aspect > imageWidth) {
                most = (int) ((imageWidth + 0.5 - 1e-7) / aspect);
                if (most * aspect > imageWidth) {
                    most--;
                }
            }
            most = Math.min(most, imageHeight);
            return new Range(Math.min(least, most), most);
        }

        boolean fits(int height, int width, int imageHeight, int imageWidth) {
            double area = (double) imageHeight * imageWidth;
            double covered = (double) height * width;
            return covered > 0
                    && covered >= scale.low() * area
                    && covered <= scale.high() * area
                    && covered >= minCovered * area
                    && width <= imageWidth
                    && height <= imageHeight;
        }
    }

    private static void check(Range scale, Range ratio, int maxAttempts) {
        UserError.require(scale.low() >= 0, "RandomResizedCrop.scale must not be negative, got %s", scale);
        UserError.require(ratio.low() > 0, "RandomResizedCrop.ratio must be positive, got %s", ratio);
        UserError.require(maxAttempts >= 0, "RandomResizedCrop.max_attempts must not be negative");
    }

    /** Python's round: halves to even. */
    private static int round(double x) {
        return (int) Math.rint(x);
    }
}
