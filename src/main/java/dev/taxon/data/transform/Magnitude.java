package dev.taxon.data.transform;

import dev.taxon.random.Rng;

/** How strong an {@link Effect} is. */
sealed interface Magnitude {
    /** For effects that have no magnitude. */
    Magnitude NONE = new Fixed(0);

    double draw(Rng rng);

    record Fixed(double value) implements Magnitude {
        @Override
        public double draw(Rng rng) {
            return value;
        }
    }

    /** Level 0 means {@code first}, the last level means {@code last}. Source: mmcls, RandAugment. */
    record Leveled(double first, double last, Levels levels) implements Magnitude {
        @Override
        public double draw(Rng rng) {
            return levels.draw(rng) / levels.total() * (last - first) + first;
        }
    }

    /**
     * The levels of a RandAugment.
     *
     * @param std of normal noise on the level, which stays in [0, total]; infinite: the level is even in [0, level)
     */
    record Levels(double level, double total, double std) {
        double draw(Rng rng) {
            if (Double.isInfinite(std)) {
                return rng.uniform(0, level);
            }
            return std > 0 ? Math.clamp(level + std * rng.nextGaussian(), 0, total) : level;
        }
    }
}
