package dev.taxon.data.transform;

import dev.taxon.UserError;
import dev.taxon.random.Rng;

/** Mirrors an image with a probability. */
public record RandomFlip(double probability, Direction direction) implements Transform {
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
    public Sample apply(Sample sample, Rng rng) {
        if (rng.nextDouble() >= probability) {
            return sample;
        }
        Image image = sample.pixels();
        int[] rows = Gather.range(0, image.height());
        int[] cols = Gather.range(0, image.width());
        return sample.with(image.gather(
                switch (direction) {
                    case HORIZONTAL -> Gather.of(rows, Gather.reversed(cols));
                    case VERTICAL -> Gather.of(Gather.reversed(rows), cols);
                }));
    }
}
