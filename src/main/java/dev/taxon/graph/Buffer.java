package dev.taxon.graph;

import dev.taxon.tensor.Shape;

/**
 * State that is not trained: float32 running statistics of a batch norm, its int64 step counter (a scalar), or the float32
 * sample counts of a seesaw loss.
 */
public record Buffer(String name, Shape shape, Role role) implements StateEntry {
    /** RUNNING_MEAN starts at 0, RUNNING_VAR at 1, NUM_BATCHES_TRACKED (int64) and CUM_SAMPLES at 0. */
    public enum Role {
        RUNNING_MEAN,
        RUNNING_VAR,
        NUM_BATCHES_TRACKED,
        CUM_SAMPLES
    }
}
