package dev.taxon.data.transform;

import dev.taxon.UserError;
import dev.taxon.data.transform.Resize.Target;
import dev.taxon.random.Rng;

/** Cuts a random part, as {@code rule} says, and brings it to {@code height} × {@code width}. */
public record RandomResizedCrop(int height, int width, WindowRule rule, Scaler scaler) implements Transform {
    public RandomResizedCrop {
        UserError.require(height > 0 && width > 0, "RandomResizedCrop.size must be positive");
    }

    @Override
    public boolean random() {
        return true;
    }

    @Override
    public Sample apply(Sample sample, Rng rng) {
        Image image = sample.pixels();
        return sample.with(cut(image, rule.draw(image.height(), image.width(), rng)));
    }

    /** The part of the work that no chance is in. */
    Image cut(Image image, Window window) {
        return Resize.to(window.cut(image), new Target.Exact(height, width), scaler);
    }
}
