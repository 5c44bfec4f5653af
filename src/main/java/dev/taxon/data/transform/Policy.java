package dev.taxon.data.transform;

import dev.taxon.UserError;
import dev.taxon.random.Rng;

/**
 * An {@link Effect} with a probability: a step of AutoAugment and RandAugment, or of a pipeline.
 *
 * @param type mmcls's name
 * @param negative probability that the magnitude is turned negative
 */
record Policy(String type, Effect effect, Magnitude magnitude, double probability, double negative)
        implements Transform {
    Policy {
        UserError.require(probability >= 0 && probability <= 1, "%s.prob must be in [0, 1], got %s", type, probability);
        UserError.require(
                negative >= 0 && negative <= 1, "%s.random_negative_prob must be in [0, 1], got %s", type, negative);
    }

    @Override
    public boolean random() {
        return true;
    }

    @Override
    public Sample apply(Sample sample, Rng rng) {
        if (rng.nextDouble() > probability) {
            return sample;
        }
        double amount = magnitude.draw(rng);
        if (negative > 0 && rng.nextDouble() < negative) {
            amount = -amount;
        }
        return sample.with(effect.apply(image(sample), amount, rng));
    }

    private Image.Bytes image(Sample sample) {
        if (effect.needsColors()) {
            return Grey.colors(sample, type);
        }
        if (sample.pixels() instanceof Image.Bytes bytes) {
            return bytes;
        }
        throw UserError.of(
                "%s: %s needs an image of uint8; put it before Normalize, and leave to_float32 off",
                sample.name(), type);
    }
}
