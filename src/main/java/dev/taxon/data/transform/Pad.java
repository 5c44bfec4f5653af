package dev.taxon.data.transform;

import dev.taxon.UserError;
import dev.taxon.random.Rng;
import java.util.List;

/**
 * Adds a border at the right and the bottom, up to a size; what is larger stays. Source: mmcls, Pad.
 *
 * @param height 0: up to a square with the longer side
 */
public record Pad(int height, int width, BorderMode mode, List<Double> fill) implements Transform {
    public Pad {
        UserError.require(height >= 0 && width >= 0, "Pad.size must be positive, got (%d, %d)", height, width);
    }

    @Override
    public Sample apply(Sample sample, Rng rng) {
        Image image = sample.pixels();
        int longer = Math.max(image.height(), image.width());
        int h = Math.max(image.height(), height == 0 ? longer : height);
        int w = Math.max(image.width(), height == 0 ? longer : width);
        if (h == image.height() && w == image.width()) {
            return sample;
        }
        int[] rows = mode.indices(0, h, image.height());
        int[] cols = mode.indices(0, w, image.width());
        return sample.with(image.gather(new Gather(rows, cols, fill)));
    }
}
