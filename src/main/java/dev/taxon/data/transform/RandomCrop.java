package dev.taxon.data.transform;

import dev.taxon.UserError;
import dev.taxon.random.Rng;
import java.util.List;

/**
 * Cuts a window of {@code height} × {@code width} at a random place, after an optional border; one copy does both.
 *
 * @param padding added on each side before the cut
 * @param padIfNeeded widen an image that is still too small, by the missing size on both sides
 */
public record RandomCrop(int height, int width, Border padding, boolean padIfNeeded, BorderMode mode, List<Double> fill)
        implements Geometric {
    /** Pixels added on each side. */
    public record Border(int left, int top, int right, int bottom) {
        public static final Border NONE = new Border(0, 0, 0, 0);
    }

    public RandomCrop {
        UserError.require(height > 0 && width > 0, "RandomCrop.size must be positive, got (%d, %d)", height, width);
    }

    @Override
    public boolean random() {
        return true;
    }

    @Override
    public List<Double> border() {
        return padIfNeeded || !padding.equals(Border.NONE) ? fill : List.of();
    }

    @Override
    public void plan(Geometry geometry, Rng rng) {
        int top = padding.top;
        int left = padding.left;
        int paddedHeight = geometry.height() + top + padding.bottom;
        int paddedWidth = geometry.width() + left + padding.right;
        if (padIfNeeded && paddedHeight < height) {
            top += height - paddedHeight;
            paddedHeight += 2 * (height - paddedHeight);
        }
        if (padIfNeeded && paddedWidth < width) {
            left += width - paddedWidth;
            paddedWidth += 2 * (width - paddedWidth);
        }
        if (paddedHeight < height || paddedWidth < width) {
            throw UserError.of(
                    "RandomCrop cannot cut (%d, %d) out of an image of (%d, %d); set padding or pad_if_needed=True",
                    height, width, paddedHeight, paddedWidth);
        }
        int y = rng.nextInt(paddedHeight - height + 1);
        int x = rng.nextInt(paddedWidth - width + 1);
        geometry.cut(y - top, x - left, height, width, mode, fill);
    }
}
