package dev.taxon.device.cuda;

import dev.taxon.graph.Graph;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Layer.Activation.Simple;
import dev.taxon.graph.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What evaluation computes in one go: a convolution with the batch norm, the sum and the ReLU behind it, where nothing else
 * reads what lies between them.
 *
 * @param batchNorm folded into the weights, if any
 */
record Chain(
        Node convolution,
        @Nullable Node batchNorm,
        @Nullable Node add,
        @Nullable Node relu) {
    /** The node whose value the chain computes. */
    Node tail() {
        return relu != null ? relu : add != null ? add : batchNorm != null ? batchNorm : convolution;
    }

    List<Node> nodes() {
        return Stream.of(convolution, batchNorm, add, relu)
                .<Node>mapMulti((n, out) -> {
                    if (n != null) {
                        out.accept(n);
                    }
                })
                .toList();
    }

    String name() {
        return nodes().stream().map(Node::name).collect(Collectors.joining("+"));
    }

    /** The other operand of the sum. */
    @Nullable
    Node residual() {
        if (add == null) {
            return null;
        }
        Node own = batchNorm != null ? batchNorm : convolution;
        return add.inputs().get(0).equals(own)
                ? add.inputs().get(1)
                : add.inputs().get(0);
    }

    /**
     * The chains of a graph, by tail.
     *
     * @param needed the nodes that run
     * @param read those whose values the caller reads
     */
    static Map<Node, Chain> of(Graph graph, Set<Node> needed, Set<Node> read) {
        Map<Node, List<Node>> readers = new HashMap<>();
        for (Node node : graph.nodes()) {
            if (needed.contains(node)) {
                node.inputs()
                        .forEach(i -> readers.computeIfAbsent(i, _ -> new ArrayList<>())
                                .add(node));
            }
        }
        Set<Node> taken = new HashSet<>(); // a sum of two convolutions belongs to one
        Map<Node, Chain> chains = new HashMap<>();
        for (Node node : graph.nodes()) {
            if (needed.contains(node) && node.layer() instanceof Layer.Conv2d) {
                Chain chain = grow(node, n -> {
                    List<Node> all = readers.getOrDefault(n, List.of());
                    boolean only = all.size() == 1 && !read.contains(n) && !taken.contains(all.getFirst());
                    return only ? all.getFirst() : null;
                });
                taken.addAll(chain.nodes());
                chains.put(chain.tail(), chain);
            }
        }
        return chains;
    }

    private interface OnlyReader {
        @Nullable
        Node of(Node node);
    }

    private static Chain grow(Node convolution, OnlyReader reader) {
        Node last = convolution;
        Node next = reader.of(last);
        Node batchNorm = null;
        if (next != null && next.layer() instanceof Layer.BatchNorm2d) {
            batchNorm = next;
            last = next;
            next = reader.of(last);
        }
        Node add = null;
        if (next != null && next.layer() instanceof Layer.Add) {
            add = next;
            last = next;
            next = reader.of(last);
        }
        boolean relu = next != null && next.layer() instanceof Layer.Activation(var f) && f == Simple.RELU;
        return new Chain(convolution, batchNorm, add, relu ? next : null);
    }
}
