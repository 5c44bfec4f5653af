package dev.taxon.device.cpu;

import dev.taxon.device.Program.Pass;
import dev.taxon.device.Weights.Slot;
import dev.taxon.graph.Layer;
import dev.taxon.graph.LossLayer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Parameter;
import dev.taxon.random.Philox;
import dev.taxon.tensor.Shape;

/** Turns groups into the ops of the forward pass. */
final class ForwardLowering {
    private final Lowering l;
    private final Timeline timeline;
    private final TokenOps tokens;
    private final AttentionOps attention;

    ForwardLowering(Lowering lowering) {
        l = lowering;
        timeline = lowering.timeline;
        tokens = new TokenOps(lowering);
        attention = new AttentionOps(lowering);
    }

    void lower(Group group) {
        Node head = group.head();
        switch (head.layer()) {
            case Layer.Input layer -> l.newValue(head).pin();
            case Layer.Target layer -> l.newValue(head).pin();
            case Layer.Conv2d layer -> ConvolutionOps.forward(l, group, layer);
            case Layer.BatchNorm2d layer -> BatchNormOps.forward(l, group, layer);
            case Layer.Activation layer -> Activations.forward(l, head, layer.function());
            case Layer.MaxPool2d layer -> PoolingOps.maxForward(l, group, layer);
            case Layer.AvgPool2d layer -> PoolingOps.averageForward(l, head, layer);
            case Layer.GlobalAvgPool layer -> PoolingOps.globalForward(l, head);
            case Layer.GeneralizedMeanPool layer -> GeneralizedMeanOps.forward(l, group, layer);
            case Layer.ResidualAttention layer -> ResidualAttentionOps.forward(l, group, layer);
            case Layer.Linear layer -> linear(group, layer);
            case Layer.Add layer -> add(head);
            case Layer.ChannelScale layer -> ChannelScaling.forward(l, head);
            case Layer.Flatten layer -> flatten(head);
            case Layer.Dropout layer -> dropout(head, layer);
            case Layer.ShortcutA layer -> shortcut(head, layer);
            case Layer.ChannelSlice layer -> ChannelOps.forward(l, head, layer);
            case Layer.Concat layer -> ChannelOps.concatForward(l, head);
            case Layer.ChannelShuffle layer -> ChannelOps.forward(l, head, layer);
            case Layer.RadixPool layer -> SplitAttentionOps.forward(l, head, layer);
            case Layer.RadixSoftmax layer -> SplitAttentionOps.forward(l, head, layer);
            case Layer.RadixSum layer -> SplitAttentionOps.forward(l, head, layer);
            case Layer.ImageToTokens layer -> l.setValue(head, l.value(head.input())); // NHWC holds tokens already
            case Layer.TokensToImage layer -> l.setValue(head, l.value(head.input()));
            case Layer.TokenSlice layer -> tokens.slice(head, layer);
            case Layer.ClassToken layer -> tokens.classToken(head, layer);
            case Layer.PositionEmbedding layer -> tokens.positions(head, layer);
            case Layer.LayerNorm layer -> tokens.layerNorm(group, layer);
            case Layer.Attention layer -> attention.forward(group, layer);
            case Layer.DropPath layer -> tokens.dropPath(head, layer);
            case LossLayer layer -> LossOps.forward(l, group, layer);
        }
    }

    private void linear(Group group, Layer.Linear layer) {
        Node node = group.head();
        int flags = group.activationFlags() | Native.TRANS_B | (layer.bias() ? Native.BIAS : 0);
        long numbers = Activations.numbers(l, group.function());
        Primitive primitive =
                l.own(Primitive.matmul(l.count(node) / layer.out(), layer.out(), layer.in(), flags, numbers));
        long handle = primitive.handle();
        long weight = l.address(Slot.VALUE, Lowering.weight(node));
        long bias = l.address(Slot.VALUE, Lowering.parameter(node, Parameter.Role.BIAS));
        Block src = l.value(node.input());
        Block dst = l.newValue(group.tail());
        Block scratch = l.scratch(timeline, primitive);
        timeline.add(
                group.name(),
                Pass.FORWARD,
                primitive.implementation(),
                s -> (int) Native.MATMUL.invokeExact(
                        handle, dst.address(), src.address(), weight, bias, scratch.address()),
                dst,
                src,
                scratch);
    }

    private void add(Node node) {
        long count = l.count(node);
        Block a = l.value(node.inputs().get(0));
        Block b = l.value(node.inputs().get(1));
        Block dst = l.newValue(node);
        timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:add",
                s -> (int) Native.ADD.invokeExact(dst.address(), a.address(), b.address(), count),
                dst,
                a,
                b);
    }

    private void flatten(Node node) {
        Shape in = node.input().shape();
        if (Lowering.isFlat(in)) {
            l.setValue(node, l.value(node.input()));
            return;
        }
        Block src = l.value(node.input());
        l.transpose(node, Pass.FORWARD, l.newValue(node), src, Lowering.pixels(in), in.dim(0));
    }

    private void dropout(Node node, Layer.Dropout layer) {
        if (!l.training() || layer.p() == 0) {
            l.setValue(node, l.value(node.input()));
            return;
        }
        Block src = l.value(node.input());
        dropout(l, node, layer, Pass.FORWARD, l.newValue(node), src);
    }

    /** The same op drops values and their gradients. */
    static void dropout(Lowering l, Node node, Layer.Dropout layer, Pass pass, Block dst, Block src) {
        Shape shape = node.shape();
        long n = l.batch();
        long pixels = Lowering.pixels(shape);
        long channels = shape.numel() / pixels;
        double p = layer.p();
        int id = node.id();
        l.timeline.add(
                node.name(),
                pass,
                "taxon:dropout",
                s -> (int) Native.DROPOUT.invokeExact(
                        dst.address(),
                        src.address(),
                        n,
                        channels,
                        pixels,
                        p,
                        s.draw.seed(),
                        Philox.stream(Philox.Purpose.DROPOUT, id, s.draw.step())),
                dst,
                src);
    }

    private void shortcut(Node node, Layer.ShortcutA layer) {
        long sizes = l.sizes(node, layer);
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:shortcut_a",
                s -> (int) Native.SHORTCUT_A_FORWARD.invokeExact(dst.address(), src.address(), sizes),
                dst,
                src);
    }
}
