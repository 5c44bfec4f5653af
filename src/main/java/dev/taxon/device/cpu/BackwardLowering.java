package dev.taxon.device.cpu;

import dev.taxon.device.Program.Pass;
import dev.taxon.device.RegionTable.Slice;
import dev.taxon.device.Weights.Slot;
import dev.taxon.graph.Layer;
import dev.taxon.graph.LossLayer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Parameter;
import dev.taxon.tensor.Shape;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns groups, last first, into the ops of the backward pass. Nothing below the lowest trainable parameter runs. */
final class BackwardLowering {
    private final Lowering l;
    private final Timeline timeline;
    private final TokenOps tokens;
    private final AttentionOps attention;
    private final Set<Node> wanted = new HashSet<>();
    private final Map<Node, Block> captured = new HashMap<>();
    private final Gradients gradients;
    private final Set<Parameter> pending = new HashSet<>();
    private long finalFrom;

    BackwardLowering(Lowering lowering) {
        l = lowering;
        timeline = lowering.timeline;
        gradients = new Gradients(lowering);
        tokens = new TokenOps(lowering);
        attention = new AttentionOps(lowering);
        finalFrom = l.weights.table().parameterFloats() + 1;
        for (Group group : l.groups) {
            for (Node node : group.nodes()) {
                node.parameters().stream().filter(Parameter::trainable).forEach(pending::add);
                boolean input = node.layer() instanceof Layer.Input && l.options.inputGradient();
                if (input
                        || l.options.captured().contains(node)
                        || node.parameters().stream().anyMatch(Parameter::trainable)
                        || node.inputs().stream().anyMatch(wanted::contains)) {
                    wanted.add(node);
                }
            }
        }
    }

    /** Lowers all groups; {@code outputGradient} is the gradient of the output of a graph without loss. */
    void lower(@Nullable Block outputGradient) {
        if (outputGradient != null) {
            give(l.graph.output(), outputGradient);
        }
        for (Group group : l.groups.reversed()) {
            if (l.options.captured().contains(group.tail())) {
                captured.put(group.tail(), gradient(group.tail()).pin());
            }
            if (isDifferentiated(group)) {
                lower(group);
            }
            for (Node node : group.nodes()) {
                pending.removeAll(node.parameters());
            }
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

    // Whether anything in or below the group wants a gradient; a captured node alone wants only its own.
    private boolean isDifferentiated(Group group) {
        return group.nodes().stream()
                .anyMatch(n -> n.parameters().stream().anyMatch(Parameter::trainable)
                        || n.inputs().stream().anyMatch(wanted::contains));
    }

    private void lower(Group group) {
        Node head = group.head();
        switch (head.layer()) {
            case Layer.Input layer -> {}
            case Layer.Target layer -> {}
            case Layer.Conv2d layer -> ConvolutionOps.backward(l, this, group, layer);
            case Layer.BatchNorm2d layer -> BatchNormOps.backward(l, this, group, layer);
            case Layer.Activation layer -> give(head.input(), Activations.backward(l, head, gradient(head)));
            case Layer.MaxPool2d layer -> PoolingOps.maxBackward(l, this, group, layer);
            case Layer.AvgPool2d layer -> PoolingOps.averageBackward(l, this, head, layer);
            case Layer.GlobalAvgPool layer -> PoolingOps.globalBackward(l, this, head);
            case Layer.GeneralizedMeanPool layer -> GeneralizedMeanOps.backward(l, this, group, layer);
            case Layer.ResidualAttention layer -> ResidualAttentionOps.backward(l, this, group, layer);
            case Layer.Linear layer -> linear(group, layer);
            case Layer.Add layer -> add(head);
            case Layer.ChannelScale layer -> channelScale(head);
            case Layer.Flatten layer -> flatten(head);
            case Layer.Dropout layer -> dropout(head, layer);
            case Layer.ShortcutA layer -> shortcut(head, layer);
            case Layer.ChannelSlice layer -> ChannelOps.backward(l, this, head, layer);
            case Layer.Concat layer -> ChannelOps.concatBackward(l, this, head);
            case Layer.ChannelShuffle layer -> ChannelOps.backward(l, this, head, layer);
            case Layer.RadixPool layer -> SplitAttentionOps.backward(l, this, head, layer);
            case Layer.RadixSoftmax layer -> SplitAttentionOps.backward(l, this, head, layer);
            case Layer.RadixSum layer -> SplitAttentionOps.backward(l, this, head, layer);
            case Layer.ImageToTokens layer -> give(head.input(), gradient(head));
            case Layer.TokensToImage layer -> give(head.input(), gradient(head));
            case Layer.TokenSlice layer -> tokens.sliceBackward(this, head, layer);
            case Layer.ClassToken layer -> tokens.classTokenBackward(this, head, layer);
            case Layer.PositionEmbedding layer -> tokens.positionsBackward(this, head, layer);
            case Layer.LayerNorm layer -> tokens.layerNormBackward(this, group, layer);
            case Layer.Attention layer -> attention.backward(this, group, layer);
            case Layer.DropPath layer -> tokens.dropPathBackward(this, head, layer);
            case LossLayer layer -> give(head.input(), l.saved(group).first());
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

    /** What the readers gave, each part over the whole value, where one kernel adds them itself. */
    List<Block> wholeParts(Node node) {
        return gradients.whole(node);
    }

    /** See {@link Gradients#evenTiles}. */
    List<Gradients.Part> evenTiles(Node node) {
        return gradients.evenTiles(node);
    }

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
            timeline.addSilent(s -> {
                s.listener.ready(offset);
                return 0;
            });
        }
    }

    static @Nullable Parameter trainable(Node node, Parameter.Role role) {
        Parameter parameter = Lowering.parameter(node, role);
        return parameter != null && parameter.trainable() ? parameter : null;
    }

    /** The gradient of the group's head, behind its fused activation. */
    Block headGradient(Group group) {
        Node activation = group.activation();
        return activation == null ? gradient(group.tail()) : Activations.backward(l, activation, gradient(activation));
    }

    private void linear(Group group, Layer.Linear layer) {
        Node node = group.head();
        Parameter trainedWeight = trainable(node, Parameter.Role.WEIGHT);
        Parameter trainedBias = trainable(node, Parameter.Role.BIAS);
        Block diffDst = headGradient(group);
        Block src = l.value(node.input());
        long n = l.count(node) / layer.out(); // rows: samples, or their tokens
        long out = layer.out();
        if (trainedWeight != null) {
            Primitive assign = l.own(Primitive.matmul(out, layer.in(), n, Native.TRANS_A));
            Primitive add = l.own(Primitive.matmul(out, layer.in(), n, Native.TRANS_A | Native.SUM));
            Block scratch = timeline.bytes(Math.max(1, Math.max(assign.scratchBytes(), add.scratchBytes())));
            long diffWeights = l.address(Slot.GRADIENT, trainedWeight);
            timeline.add(
                    node.name(),
                    Pass.BACKWARD_WEIGHTS,
                    assign.implementation(),
                    s -> (int) Native.MATMUL.invokeExact(
                            s.accumulate ? add.handle() : assign.handle(),
                            diffWeights,
                            diffDst.address(),
                            src.address(),
                            0L,
                            scratch.address()),
                    diffDst,
                    src,
                    scratch);
        }
        if (trainedBias != null) {
            long diffBias = l.address(Slot.GRADIENT, trainedBias);
            timeline.add(
                    node.name(),
                    Pass.BACKWARD_WEIGHTS,
                    "taxon:column_sum",
                    s -> (int) Native.COLUMN_SUM.invokeExact(diffBias, diffDst.address(), s.accumulateFlag(), n, out),
                    diffDst);
        }
        if (wanted.contains(node.input())) {
            Primitive primitive = l.own(Primitive.matmul(n, layer.in(), out, 0));
            long handle = primitive.handle();
            long weights = l.address(Slot.VALUE, Lowering.weight(node));
            Block scratch = l.scratch(timeline, primitive);
            Block diffSrc = timeline.floats(l.count(node.input()));
            timeline.add(
                    node.name(),
                    Pass.BACKWARD_DATA,
                    primitive.implementation(),
                    s -> (int) Native.MATMUL.invokeExact(
                            handle, diffSrc.address(), diffDst.address(), weights, 0L, scratch.address()),
                    diffSrc,
                    diffDst,
                    scratch);
            give(node.input(), diffSrc);
        }
    }

    private void add(Node node) {
        Block gradient = gradient(node);
        node.inputs().forEach(input -> give(input, gradient));
    }

    private void channelScale(Node node) {
        Node image = node.inputs().get(0);
        Node scale = node.inputs().get(1);
        ChannelScaling.Gradients both =
                ChannelScaling.backward(l, node, gradient(node), wanted.contains(image), wanted.contains(scale));
        if (both.image() != null) {
            give(image, both.image());
        }
        if (both.scale() != null) {
            give(scale, both.scale());
        }
    }

    private void flatten(Node node) {
        Block diffDst = gradient(node);
        Shape in = node.input().shape();
        if (Lowering.isFlat(in)) {
            give(node.input(), diffDst);
            return;
        }
        Block diffSrc = timeline.floats(l.count(node));
        l.transpose(node, Pass.BACKWARD_DATA, diffSrc, diffDst, in.dim(0), Lowering.pixels(in));
        give(node.input(), diffSrc);
    }

    private void dropout(Node node, Layer.Dropout layer) {
        Block diffDst = gradient(node);
        if (layer.p() == 0) {
            give(node.input(), diffDst);
            return;
        }
        Block diffSrc = timeline.floats(l.count(node));
        ForwardLowering.dropout(l, node, layer, Pass.BACKWARD_DATA, diffSrc, diffDst);
        give(node.input(), diffSrc);
    }

    private void shortcut(Node node, Layer.ShortcutA layer) {
        long sizes = l.sizes(node, layer);
        Block diffDst = gradient(node);
        Block diffSrc = timeline.floats(l.count(node.input()));
        timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "taxon:shortcut_a",
                s -> (int) Native.SHORTCUT_A_BACKWARD.invokeExact(diffSrc.address(), diffDst.address(), sizes),
                diffSrc,
                diffDst);
        give(node.input(), diffSrc);
    }
}
