package dev.taxon.graph;

import dev.taxon.tensor.Shape;

/**
 * A trained tensor. {@code trainable} false (frozen_stages) means no gradient, no weight decay, no update.
 *
 * @param init PyTorch's default for the layer; a model's own rules may override it
 */
public record Parameter(String name, Shape shape, Role role, Init init, boolean trainable) implements StateEntry {
    /** The same, not trained. */
    public Parameter frozen() {
        return new Parameter(name, shape, role, init, false);
    }

    /** What the owning layer uses it for. */
    public enum Role {
        WEIGHT,
        BIAS
    }
}
