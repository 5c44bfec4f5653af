package dev.taxon.data.transform;

import dev.taxon.UserError;
import dev.taxon.random.Rng;

/** Cuts a random part, as {@code rule} says, and brings it to {@code height} × {@code width}. */
public record RandomResizedCrop(int height, int width, WindowRule rule, Scaler scaler) implements Geometric {
    public RandomResizedCrop {
        UserError.require(height > 0 && width > 0, "RandomResizedCrop.size must be positive");
    }

    @Override
    public boolean random() {
        return true;
    }

    @Override
    public boolean resizes() {
        return true;
    }

    @Override
    public void plan(Geometry geometry, Rng rng) {
        plan(geometry, rule.draw(geometry.height(), geometry.width(), rng));
    }

    /** The part of the work that no chance is in. */
    void plan(Geometry geometry, Window window) {
        geometry.cut(window.top(), window.left(), window.height(), window.width());
        geometry.resize(height, width, scaler);
    }
}
