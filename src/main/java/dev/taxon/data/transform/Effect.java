package dev.taxon.data.transform;

import dev.taxon.random.Rng;

/** One change out of AutoAugment's and RandAugment's table: what it makes of an image at a magnitude. */
public sealed interface Effect permits Tone, Enhancement, Motion, Cutout {
    /**
     * The image, changed.
     *
     * @param magnitude of the kind that the effect's key in a config means: an angle, a threshold, …
     */
    Image.Bytes apply(Image.Bytes image, double magnitude, Rng rng);

    /** Whether the effect has no meaning for grey images. */
    default boolean needsColors() {
        return false;
    }
}
