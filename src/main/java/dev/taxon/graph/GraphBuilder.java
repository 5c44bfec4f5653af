package dev.taxon.graph;

import dev.taxon.tensor.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects nodes in execution order, and names in registration order: {@link #root()} is a cursor over module names,
 * and each {@link Scope} adds the layer that stands under its name.
 */
public final class GraphBuilder {
    private final List<Node> nodes = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private final Scope root = new Scope(this, "");

    /** The cursor at the model itself. */
    public Scope root() {
        return root;
    }

    /** The image input, (C, H, W) or (features) per sample. */
    public Node input(Shape shape) {
        return add("input", new Layer.Input(shape), List.of(), List.of(), List.of());
    }

    /** The input that holds class indices or soft targets. */
    public Node target(int classes, boolean soft) {
        return add("target", new Layer.Target(classes, soft), List.of(), List.of(), List.of());
    }

    Node add(String name, Layer layer, List<Node> inputs, List<Parameter> parameters, List<Buffer> buffers) {
        String unique = name;
        for (int i = 1; !names.add(unique); i++) {
            unique = name + "_" + i; // PyTorch modules such as relu are called several times under one name
        }
        Shape shape = ShapeInference.infer(
                unique, layer, inputs.stream().map(Node::shape).toList());
        Node node = new Node(nodes.size(), unique, layer, inputs, shape, parameters, buffers);
        nodes.add(node);
        return node;
    }

    /** The graph whose value is {@code output}, with no loss. */
    public Graph build(Node output) {
        return build(output, null);
    }

    /** The graph whose value is {@code output} and whose last node is {@code loss}. */
    public Graph build(Node output, @Nullable Node loss) {
        Node input = nodes.stream()
                .filter(n -> n.layer() instanceof Layer.Input)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the graph has no input"));
        List<StateEntry> state = new ArrayList<>();
        root.collect(state);
        return new Graph(
                nodes, state, input, output, loss == null ? null : loss.inputs().get(1), loss);
    }
}
