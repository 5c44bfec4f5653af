package dev.taxon.graph;

import dev.taxon.UserError;
import dev.taxon.tensor.Shape;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An immutable network: nodes in execution order, and its state dict in PyTorch's registration order.
 *
 * @param input the {@link Layer.Input} node
 * @param output the node whose value {@code Program.output} reads: the logits of a classifier
 * @param target the {@link Layer.Target} node; null when there is no loss
 * @param loss the last node, a scalar; null for a graph that only infers, or whose output gradient the caller gives
 */
public record Graph(
        List<Node> nodes,
        List<StateEntry> state,
        Node input,
        Node output,
        @Nullable Node target,
        @Nullable Node loss) {
    public Graph {
        nodes = List.copyOf(nodes);
        state = List.copyOf(state);
    }

    /** Parameters in registration order: the order of PyTorch's optimizer indices. */
    public List<Parameter> parameters() {
        return state.stream()
                .filter(Parameter.class::isInstance)
                .map(Parameter.class::cast)
                .toList();
    }

    /**
     * The nodes that the output is computed from, in training the loss also. Others stand behind what {@code out_indices}
     * reads: they keep their weights, and no device runs them.
     */
    public Set<Node> needed(boolean training) {
        Set<Node> needed = new HashSet<>(Set.of(output));
        if (training && loss != null) {
            needed.add(loss);
        }
        nodes.reversed().stream().filter(needed::contains).forEach(n -> needed.addAll(n.inputs()));
        return needed;
    }

    /** Parameters in execution order: the order of regions. */
    public List<Parameter> executionParameters() {
        return nodes.stream().flatMap(n -> n.parameters().stream()).toList();
    }

    /** Buffers in execution order, counters among them. */
    public List<Buffer> executionBuffers() {
        return nodes.stream().flatMap(n -> n.buffers().stream()).toList();
    }

    /**
     * Refuses a training batch of {@code n} samples that leaves a batch norm one value per channel, whose variance is
     * undefined. Source: PyTorch, "Expected more than 1 value per channel when training". Devices call it on compiling
     * for TRAIN.
     */
    public void checkTrainingBatch(int n) {
        Set<Node> needed = needed(true);
        for (Node node : nodes) {
            boolean statistics =
                    needed.contains(node) && node.layer() instanceof Layer.BatchNorm2d bn && !bn.useRunningStats();
            Shape x = node.shape();
            UserError.require(
                    !statistics || n * x.numel() / x.dim(0) > 1,
                    "batch norm %s cannot train on a batch of 1 sample whose feature map %s has one value per channel;"
                            + " give a larger batch or image",
                    node.name(),
                    x);
        }
    }

    /** Number of trained and frozen parameter elements. */
    public long parameterCount() {
        return executionParameters().stream().mapToLong(p -> p.shape().numel()).sum();
    }
}
