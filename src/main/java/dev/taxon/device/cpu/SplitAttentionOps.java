package dev.taxon.device.cpu;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.tensor.Shape;

/** Lowers ResNeSt's split attention. */
final class SplitAttentionOps {
    private SplitAttentionOps() {}

    static void forward(Lowering l, Node node, Layer.RadixPool layer) {
        long n = l.batch();
        long pixels = Lowering.pixels(node.input().shape());
        long radix = layer.radix();
        long channels = node.shape().dim(0);
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:radix_pool",
                s -> (int) ChannelFunctions.RADIX_POOL_FORWARD.invokeExact(
                        dst.address(), src.address(), n, pixels, radix, channels),
                dst,
                src);
    }

    static void backward(Lowering l, BackwardLowering backward, Node node, Layer.RadixPool layer) {
        long n = l.batch();
        long pixels = Lowering.pixels(node.input().shape());
        long radix = layer.radix();
        long channels = node.shape().dim(0);
        Block diffDst = backward.gradient(node);
        Block diffSrc = l.timeline.floats(l.count(node.input()));
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "taxon:radix_pool",
                s -> (int) ChannelFunctions.RADIX_POOL_BACKWARD.invokeExact(
                        diffSrc.address(), diffDst.address(), n, pixels, radix, channels),
                diffSrc,
                diffDst);
        backward.give(node.input(), diffSrc);
    }

    static void forward(Lowering l, Node node, Layer.RadixSoftmax layer) {
        long n = l.batch();
        long radix = layer.radix();
        long groups = layer.groups();
        long channels = node.shape().dim(0) / radix / groups;
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:radix_softmax",
                s -> (int) ChannelFunctions.RADIX_SOFTMAX_FORWARD.invokeExact(
                        dst.address(), src.address(), n, radix, groups, channels),
                dst,
                src);
    }

    static void backward(Lowering l, BackwardLowering backward, Node node, Layer.RadixSoftmax layer) {
        long n = l.batch();
        long radix = layer.radix();
        long groups = layer.groups();
        long channels = node.shape().dim(0) / radix / groups;
        Block dst = l.value(node);
        Block diffDst = backward.gradient(node);
        Block diffSrc = l.timeline.floats(l.count(node));
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "taxon:radix_softmax",
                s -> (int) ChannelFunctions.RADIX_SOFTMAX_BACKWARD.invokeExact(
                        diffSrc.address(), diffDst.address(), dst.address(), n, radix, groups, channels),
                diffSrc,
                diffDst,
                dst);
        backward.give(node.input(), diffSrc);
    }

    static void forward(Lowering l, Node node, Layer.RadixSum layer) {
        long n = l.batch();
        long pixels = Lowering.pixels(node.shape());
        long radix = layer.radix();
        long channels = node.shape().dim(0);
        Block src = l.value(node.inputs().get(0));
        Block attention = l.value(node.inputs().get(1));
        Block dst = l.newValue(node);
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:radix_sum",
                s -> (int) ChannelFunctions.RADIX_SUM_FORWARD.invokeExact(
                        dst.address(), src.address(), attention.address(), n, pixels, radix, channels),
                dst,
                src,
                attention);
    }

    static void backward(Lowering l, BackwardLowering backward, Node node, Layer.RadixSum layer) {
        Node x = node.inputs().get(0);
        Node a = node.inputs().get(1);
        Shape shape = node.shape();
        long n = l.batch();
        long pixels = Lowering.pixels(shape);
        long radix = layer.radix();
        long channels = shape.dim(0);
        Block src = l.value(x);
        Block attention = l.value(a);
        Block diffDst = backward.gradient(node);
        Block diffSrc = backward.wants(x) ? l.timeline.floats(l.count(x)) : null;
        Block diffAttention = backward.wants(a) ? l.timeline.floats(l.count(a)) : null;
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "taxon:radix_sum",
                s -> (int) ChannelFunctions.RADIX_SUM_BACKWARD.invokeExact(
                        diffSrc == null ? 0L : diffSrc.address(),
                        diffAttention == null ? 0L : diffAttention.address(),
                        diffDst.address(),
                        src.address(),
                        attention.address(),
                        n,
                        pixels,
                        radix,
                        channels),
                diffSrc,
                diffAttention,
                diffDst,
                src,
                attention);
        if (diffSrc != null) {
            backward.give(x, diffSrc);
        }
        if (diffAttention != null) {
            backward.give(a, diffAttention);
        }
    }
}
