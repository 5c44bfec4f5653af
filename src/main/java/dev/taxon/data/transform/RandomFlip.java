package dev.taxon.data.transform;

import dev.taxon.UserError;
import dev.taxon.random.Rng;

/** Mirrors an image with a probability. */
public record RandomFlip(double probability, Direction direction) implements Geometric {
    /** Along which axis. */
    public enum Direction {
        HORIZONTAL,
        VERTICAL
    }

    public RandomFlip {
        UserError.require(
                probability >= 0 && probability <= 1, "RandomFlip.flip_prob must be in [0, 1], got %s", probability);
    }

    @Override
    public boolean random() {
        return true;
    }

    @Override
    public void plan(Geometry geometry, Rng rng) {
        if (rng.nextDouble() < probability) {
            geometry.mirror(direction == Direction.HORIZONTAL);
        }
    }
}
