package dev.taxon.data.transform;

import dev.taxon.random.Rng;

/** One step of a pipeline. Stateless, so that any thread may run it. */
public interface Transform {
    /**
     * The sample, changed.
     *
     * @param rng the numbers of this sample in this epoch; a transform that is not {@link #random} draws none
     */
    Sample apply(Sample sample, Rng rng);

    /** Whether the result depends on {@code rng}. */
    default boolean random() {
        return false;
    }
}
