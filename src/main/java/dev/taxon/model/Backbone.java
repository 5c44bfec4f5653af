package dev.taxon.model;

import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import dev.taxon.tensor.Shape;
import java.util.List;

/** The feature extractor of a classifier: a spec that can add itself to a graph. */
public interface Backbone {
    /** Adds the nodes under {@code scope}; x (C, H, W) → the last feature map, or logits when the backbone classifies itself. */
    Node build(Scope scope, Node x);

    /** (C, H, W) that {@code flops} takes when no size is given. */
    Shape exampleInput();

    /** How parameters start, where PyTorch's default does not hold; the last rule that matches wins. */
    default List<InitRule> initRules() {
        return List.of();
    }
}
