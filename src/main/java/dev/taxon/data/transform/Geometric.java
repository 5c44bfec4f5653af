package dev.taxon.data.transform;

import dev.taxon.UserError;
import dev.taxon.random.Rng;
import java.util.List;

/**
 * A transform that moves pixels and leaves alone what they are, but for a resize. It says what it does by a {@link
 * Geometry}, on which this way through Java and the native one go.
 */
public sealed interface Geometric extends Transform
        permits CenterCrop, Pad, RandomCrop, RandomFlip, RandomResizedCrop, Resize {
    /**
     * Changes where the pixels come from.
     *
     * @param rng the only source of chance
     * @throws UserError if a picture of that size cannot be treated so
     */
    void plan(Geometry geometry, Rng rng);

    /** Whether it may resize. */
    default boolean resizes() {
        return false;
    }

    /** What a border that it may make shows; empty where it makes none. */
    default List<Double> border() {
        return List.of();
    }

    @Override
    default Sample apply(Sample sample, Rng rng) {
        Image image = sample.pixels();
        Geometry geometry = new Geometry();
        geometry.begin(image.height(), image.width());
        try {
            plan(geometry, rng);
        } catch (UserError e) {
            throw new UserError(sample.name() + ": " + e.getMessage(), e);
        }
        return sample.with(geometry.apply(image));
    }
}
