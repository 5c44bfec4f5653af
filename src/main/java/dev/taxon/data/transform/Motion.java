package dev.taxon.data.transform;

import dev.taxon.data.transform.Resize.Interpolation;
import dev.taxon.random.Rng;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An effect that moves pixels; the image keeps its size. Source: mmcv, image/geometric.py. */
sealed interface Motion extends Effect {
    /** What the border shows: one value for all channels, or one for each. */
    List<Double> fill();

    Interpolation interpolation();

    /** Where pixels of an image of that size go. */
    AffineWarp warp(int height, int width, double magnitude);

    @Override
    default Image.Bytes apply(Image.Bytes image, double magnitude, Rng rng) {
        return warp(image.height(), image.width(), magnitude).apply(image, interpolation(), fill());
    }

    /**
     * Turns clockwise by the magnitude in degrees.
     *
     * @param center (x, y) of the point that stays; null: the image's middle
     */
    record Rotate(@Nullable List<Double> center, double scale, List<Double> fill, Interpolation interpolation)
            implements Motion {
        @Override
        public AffineWarp warp(int height, int width, double magnitude) {
            float x = center == null ? (width - 1) * 0.5f : center.get(0).floatValue();
            float y = center == null ? (height - 1) * 0.5f : center.get(1).floatValue();
            double angle = -magnitude * (Math.PI / 180);
            double a = Math.cos(angle) * scale;
            double b = Math.sin(angle) * scale;
            return new AffineWarp(a, b, (1 - a) * x - b * y, -b, a, b * x + (1 - a) * y);
        }
    }

    /** Slants: moves each row (or column) by the magnitude times its number. */
    record Shear(boolean horizontal, List<Double> fill, Interpolation interpolation) implements Motion {
        @Override
        public AffineWarp warp(int height, int width, double magnitude) {
            float slant = (float) magnitude;
            return horizontal ? new AffineWarp(1, slant, 0, 0, 1, 0) : new AffineWarp(1, 0, 0, slant, 1, 0);
        }
    }

    /** Moves by the magnitude times the width (or the height). */
    record Translate(boolean horizontal, List<Double> fill, Interpolation interpolation) implements Motion {
        @Override
        public AffineWarp warp(int height, int width, double magnitude) {
            return horizontal
                    ? new AffineWarp(1, 0, (float) (magnitude * width), 0, 1, 0)
                    : new AffineWarp(1, 0, 0, 0, 1, (float) (magnitude * height));
        }
    }
}
