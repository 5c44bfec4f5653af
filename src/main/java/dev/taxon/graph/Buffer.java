package dev.taxon.graph;

import dev.taxon.tensor.Shape;

/** State that is not trained: float32 running statistics of a batch norm, or its int64 step counter (a scalar). */
public record Buffer(String name, Shape shape, Role role) implements StateEntry {
    /** RUNNING_MEAN starts at 0, RUNNING_VAR at 1, NUM_BATCHES_TRACKED (int64) at 0. */
    public enum Role {
        RUNNING_MEAN,
        RUNNING_VAR,
        NUM_BATCHES_TRACKED
    }
}
