package dev.taxon.data.transform;

import dev.taxon.UserError;
import dev.taxon.random.Rng;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the middle; a side that is shorter than asked for stays as it is. Source: mmcls, CenterCrop.
 *
 * @param zoomed null: as many pixels as asked for; else the middle part of the image, brought to that size
 */
public record CenterCrop(int height, int width, @Nullable Zoomed zoomed) implements Geometric {
    /**
     * EfficientNet's style: the window is size / (size + padding) of the image's shorter side, and is resized.
     *
     * @param padding crop_padding
     */
    public record Zoomed(int padding, Scaler scaler) {
        public Zoomed {
            UserError.require(padding >= 0, "CenterCrop.crop_padding must not be negative, got %d", padding);
        }
    }

    public CenterCrop {
        UserError.require(
                height > 0 && width > 0, "CenterCrop.crop_size must be positive, got (%d, %d)", height, width);
    }

    @Override
    public boolean resizes() {
        return zoomed != null;
    }

    @Override
    public void plan(Geometry geometry, Rng rng) {
        int h = geometry.height();
        int w = geometry.width();
        Window window = zoomed == null ? middle(h, w, height, width) : zoomed(h, w, height, width, zoomed.padding);
        geometry.cut(window.top(), window.left(), window.height(), window.width());
        if (zoomed != null) {
            geometry.resize(height, width, zoomed.scaler);
        }
    }

    /** EfficientNet's window for an output of {@code height} × {@code width}. */
    static Window zoomed(int imageHeight, int imageWidth, int height, int width, int padding) {
        double shorter = Math.min(imageHeight, imageWidth);
        double h = height / (double) (height + padding) * shorter;
        double w = width / (double) (width + padding) * shorter;
        return middle(imageHeight, imageWidth, h, w);
    }

    /** Python's round, to even, places the window; the fraction of its far edge is cut off, as mmcv's imcrop does. */
    private static Window middle(int imageHeight, int imageWidth, double height, double width) {
        int top = Math.max(0, (int) Math.rint((imageHeight - height) / 2));
        int left = Math.max(0, (int) Math.rint((imageWidth - width) / 2));
        int bottom = (int) (Math.min(imageHeight, top + height) - 1);
        int right = (int) (Math.min(imageWidth, left + width) - 1);
        return new Window(top, left, Math.max(1, bottom + 1 - top), Math.max(1, right + 1 - left));
    }
}
