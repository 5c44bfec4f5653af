package dev.taxon.data.mix;

import dev.taxon.data.mix.Plan.Box;
import dev.taxon.random.Beta;
import dev.taxon.random.Rng;

/** One way to mix the samples of a batch. Source: mmcls 0.25, models/utils/augment. */
sealed interface BatchAugment {
    /** What to do to a batch of images of {@code height} × {@code width}. */
    Plan draw(int height, int width, Rng rng);

    /** Leaves images and labels alone. */
    record Identity() implements BatchAugment {
        @Override
        public Plan draw(int height, int width, Rng rng) {
            return new Plan.Keep();
        }
    }

    /** λ from Beta(α, α). Source: Zhang et al., mixup (2017). */
    record Mixup(double alpha) implements BatchAugment {
        @Override
        public Plan draw(int height, int width, Rng rng) {
            return new Plan.Blend(Beta.draw(rng, alpha, alpha));
        }
    }

    /** A box of the other image. Source: Yun et al., CutMix (2019). */
    record CutMix(double alpha, BoxRule rule) implements BatchAugment {
        @Override
        public Plan draw(int height, int width, Rng rng) {
            double lambda = Beta.draw(rng, alpha, alpha);
            Box box = rule.box(lambda, height, width, rng);
            return new Plan.Paste(rule.lambda(lambda, box, height, width), box, null);
        }
    }

    /** The other image, made small; λ from Beta(α, α), stretched to [least, most]. Source: Qin et al., ResizeMix (2020). */
    record ResizeMix(double alpha, BoxRule rule, double least, double most, Resampling resampling)
            implements BatchAugment {
        @Override
        public Plan draw(int height, int width, Rng rng) {
            double lambda = Beta.draw(rng, alpha, alpha) * (most - least) + least;
            Box box = rule.box(lambda, height, width, rng);
            return new Plan.Paste(rule.lambda(lambda, box, height, width), box, resampling);
        }
    }
}
