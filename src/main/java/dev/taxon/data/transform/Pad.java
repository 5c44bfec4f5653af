package dev.taxon.data.transform;

import dev.taxon.UserError;
import dev.taxon.random.Rng;
import java.util.List;

/**
 * Adds a border at the right and the bottom, up to a size; what is larger stays. Source: mmcls, Pad.
 *
 * @param height 0: up to a square with the longer side
 */
public record Pad(int height, int width, BorderMode mode, List<Double> fill) implements Geometric {
    public Pad {
        UserError.require(height >= 0 && width >= 0, "Pad.size must be positive, got (%d, %d)", height, width);
    }

    @Override
    public List<Double> border() {
        return fill;
    }

    @Override
    public void plan(Geometry geometry, Rng rng) {
        int longer = Math.max(geometry.height(), geometry.width());
        int h = Math.max(geometry.height(), height == 0 ? longer : height);
        int w = Math.max(geometry.width(), height == 0 ? longer : width);
        geometry.cut(0, 0, h, w, mode, fill);
    }
}
