package dev.taxon.graph;

import dev.taxon.tensor.Shape;
import java.util.List;

/**
 * One step of a graph. {@code id} is its place in execution order, {@code name} its PyTorch module path (unique),
 * {@code shape} its output per sample, without N. Parameters are in the layer's order (weight, bias).
 */
public record Node(
        int id,
        String name,
        Layer layer,
        List<Node> inputs,
        Shape shape,
        List<Parameter> parameters,
        List<Buffer> buffers) {
    public Node {
        inputs = List.copyOf(inputs);
        parameters = List.copyOf(parameters);
        buffers = List.copyOf(buffers);
    }

    /** The first input. */
    public Node input() {
        return inputs.getFirst();
    }

    @Override
    public boolean equals(Object o) {
        return this == o;
    }

    @Override
    public int hashCode() {
        return id;
    }

    @Override
    public String toString() {
        return name + " " + layer + " → " + shape;
    }
}
