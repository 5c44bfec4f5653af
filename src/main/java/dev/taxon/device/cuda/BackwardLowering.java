package dev.taxon.device.cuda;

import dev.taxon.device.RegionTable.Slice;
import dev.taxon.graph.Layer;
import dev.taxon.graph.LossLayer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Parameter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns nodes, last first, into the ops of the backward pass. Nothing below the lowest trainable parameter runs. */
final class BackwardLowering {
    private final Lowering l;
    private final List<Node> nodes;
    private final Set<Node> wanted = new HashSet<>();
    private final Map<Node, Block> captured = new HashMap<>();
    private final Gradients gradients;
    private final Set<Parameter> pending = new HashSet<>();
    private long finalFrom;

    /** @param nodes those that the forward pass runs, in order */
    BackwardLowering(Lowering lowering, List<Node> nodes) {
        l = lowering;
        this.nodes = nodes;
        gradients = new Gradients(lowering);
        finalFrom = l.weights.table().parameterFloats() + 1;
        for (Node node : nodes) {
            node.parameters().stream().filter(Parameter::trainable).forEach(pending::add);
            boolean input = node.layer() instanceof Layer.Input && l.options.inputGradient();
            if (input || l.options.captured().contains(node) || isDifferentiated(node)) {
                wanted.add(node);
            }
        }
    }

    /** Lowers all nodes; {@code outputGradient} is the gradient of the output of a graph without loss. */
    void lower(@Nullable Block outputGradient) {
        if (outputGradient != null) {
            give(l.graph.output(), outputGradient);
        }
        for (Node node : nodes.reversed()) {
            if (l.options.captured().contains(node)) {
                captured.put(node, gradient(node).pin());
            }
            if (isDifferentiated(node)) {
                lower(node);
            }
            pending.removeAll(node.parameters());
            announce();
        }
    }

    /** The gradient of the input, if it was asked for. */
    @Nullable
    Block inputGradient() {
        return l.options.inputGradient() ? gradient(l.graph.input()) : null;
    }

    /** The gradient of each captured node. */
    Map<Node, Block> capturedGradients() {
        return captured;
    }

    // Whether anything in or below the node wants a gradient; a captured node alone wants only its own.
    private boolean isDifferentiated(Node node) {
        return node.parameters().stream().anyMatch(Parameter::trainable)
                || node.inputs().stream().anyMatch(wanted::contains);
    }

    private void lower(Node node) {
        switch (node.layer()) {
            case Layer.Input _ -> {}
            case Layer.Target _ -> {}
            case Layer.Conv2d layer -> ConvolutionOps.backward(l, this, node, layer);
            case Layer.BatchNorm2d layer -> BatchNormOps.backward(l, this, node, layer);
            case Layer.Activation layer -> ActivationOps.backward(l, this, node, layer.function());
            case Layer.MaxPool2d layer -> PoolOps.maxBackward(l, this, node, layer);
            case Layer.AvgPool2d layer -> PoolOps.avgBackward(l, this, node, layer);
            case Layer.GlobalAvgPool _ -> PoolOps.globalBackward(l, this, node);
            case Layer.GeneralizedMeanPool layer -> GeneralizedMeanOps.backward(l, this, node, layer);
            case Layer.ResidualAttention layer -> ResidualAttentionOps.backward(l, this, node, layer);
            case Layer.Linear layer -> LinearOps.backward(l, this, node, layer);
            case Layer.Add _ -> {
                Block gradient = gradient(node);
                node.inputs().forEach(input -> give(input, gradient));
            }
            case Layer.Flatten _ -> give(node.input(), gradient(node));
            case Layer.ChannelScale _ -> ChannelScaling.backward(l, this, node);
            case Layer.Dropout layer -> DropoutOps.backward(l, this, node, layer);
            case Layer.ShortcutA layer -> ChannelOps.backward(l, this, node, layer);
            case Layer.ChannelSlice layer -> ChannelOps.backward(this, node, layer);
            case Layer.Concat _ -> ChannelOps.concatBackward(this, node);
            case Layer.ChannelShuffle layer -> ChannelOps.backward(l, this, node, layer);
            case Layer.RadixPool layer -> SplitAttentionOps.backward(l, this, node, layer);
            case Layer.RadixSoftmax layer -> SplitAttentionOps.backward(l, this, node, layer);
            case Layer.RadixSum layer -> SplitAttentionOps.backward(l, this, node, layer);
            case Layer.ImageToTokens _ -> TokenOps.imageToTokensBackward(l, this, node);
            case Layer.TokensToImage _ -> TokenOps.tokensToImageBackward(l, this, node);
            case Layer.TokenSlice layer -> TokenOps.backward(l, this, node, layer);
            case Layer.ClassToken layer -> TokenOps.backward(l, this, node, layer);
            case Layer.PositionEmbedding layer -> TokenOps.backward(l, this, node, layer);
            case Layer.LayerNorm layer -> LayerNormOps.backward(l, this, node, layer);
            case Layer.Attention layer -> AttentionOps.backward(l, this, node, layer);
            case Layer.DropPath layer -> DropoutOps.backward(l, this, node, layer);
            case LossLayer _ -> LossOps.backward(l, this, node);
        }
    }

    void give(Node node, Block gradient) {
        give(node, Gradients.Part.whole(node, gradient));
    }

    /** Notes a reader's contribution to the gradient of {@code node}. */
    void give(Node node, Gradients.Part part) {
        if (wanted.contains(node)) {
            gradients.give(node, part);
        }
    }

    /** The gradient of a node's value: the sum of what its readers gave. */
    Block gradient(Node node) {
        return gradients.sum(node);
    }

    /** Whether anything needs the gradient of this node's value. */
    boolean wants(Node node) {
        return wanted.contains(node);
    }

    // Tells the listener when the gradients of a suffix of the region are final.
    private void announce() {
        long from = 0;
        for (Parameter parameter : pending) {
            Slice slice = l.weights.table().slice(parameter);
            from = Math.max(from, slice.offset() + slice.length());
        }
        if (from < finalFrom) {
            finalFrom = from;
            long offset = from;
            l.timeline.addSilent(s -> s.listener.ready(offset));
        }
    }

    /** A node's parameter if it has one that is trained. */
    static @Nullable Parameter trainable(Node node, Parameter.Role role) {
        Parameter parameter = Lowering.parameter(node, role);
        return parameter != null && parameter.trainable() ? parameter : null;
    }
}
