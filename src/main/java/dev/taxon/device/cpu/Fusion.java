package dev.taxon.device.cpu;

import dev.taxon.device.Options;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Layer.Activation.Function;
import dev.taxon.graph.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Groups the nodes that a program needs into kernels. In training a batch norm takes the sum and ReLU behind it, and a
 * convolution or linear layer an activation whose gradient its output tells; in evaluation a convolution takes batch norm, sum and activation.
 */
final class Fusion {
    private final Graph graph;
    private final Options options;
    private final boolean training;
    private final Set<Node> needed;
    private final Map<Node, List<Node>> consumers = new HashMap<>();
    private final Set<Node> taken = new HashSet<>();

    Fusion(Graph graph, Options options) {
        this.graph = graph;
        this.options = options;
        training = options.mode() == Options.Mode.TRAIN;
        needed = graph.needed(training);
        for (Node node : graph.nodes()) {
            if (needed.contains(node)) {
                node.inputs()
                        .forEach(i -> consumers
                                .computeIfAbsent(i, k -> new ArrayList<>())
                                .add(node));
            }
        }
    }

    /** Groups in an order in which they can run: each where its last node stands. */
    List<Group> groups() {
        List<Group> groups = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (needed.contains(node) && !taken.contains(node)) {
                Group group = grow(node);
                taken.addAll(group.nodes());
                groups.add(group);
            }
        }
        groups.sort(Comparator.comparingInt(g -> g.tail().id()));
        return groups;
    }

    /** The needed nodes that read {@code node}'s value; one that reads it twice is there twice. */
    List<Node> consumers(Node node) {
        return consumers.getOrDefault(node, List.of());
    }

    /** Whether the program's caller reads this node's value, so that it must be there on its own. */
    boolean isReadByCaller(Node node) {
        return node.equals(graph.output()) || options.captured().contains(node);
    }

    private Group grow(Node head) {
        List<Node> nodes = new ArrayList<>(List.of(head));
        boolean conv = head.layer() instanceof Layer.Conv2d;
        boolean linear = head.layer() instanceof Layer.Linear;
        Node batchNorm = head.layer() instanceof Layer.BatchNorm2d ? head : null;
        if (conv && !training) {
            batchNorm = follow(nodes, next(head, Layer.BatchNorm2d.class));
        }
        Node residual = null;
        if (batchNorm != null || (conv && !training)) {
            Node before = nodes.getLast();
            Node add = follow(nodes, next(before, Layer.Add.class));
            if (add != null) {
                residual = add.inputs().get(0).equals(before)
                        ? add.inputs().get(1)
                        : add.inputs().get(0);
            }
        }
        Node activation = null;
        if (conv || linear || batchNorm != null) {
            Node next = next(nodes.getLast(), Layer.Activation.class);
            if (next != null && takes(conv || linear, ((Layer.Activation) next.layer()).function())) {
                activation = follow(nodes, next);
            }
        }
        return new Group(List.copyOf(nodes), batchNorm, residual, activation);
    }

    private boolean takes(boolean product, Function function) {
        if (!product) {
            return Activations.followsBatchNorm(function);
        }
        return !training || Activations.isKnownByOutput(function);
    }

    private static @Nullable Node follow(List<Node> nodes, @Nullable Node next) {
        if (next != null) {
            nodes.add(next);
        }
        return next;
    }

    // The only reader of a node's value, when it is such a layer and nothing else needs the value.
    private @Nullable Node next(Node node, Class<? extends Layer> layer) {
        List<Node> readers = consumers(node);
        if (isReadByCaller(node) || readers.size() != 1) {
            return null;
        }
        Node reader = readers.getFirst();
        return layer.isInstance(reader.layer()) && !taken.contains(reader) ? reader : null;
    }
}
