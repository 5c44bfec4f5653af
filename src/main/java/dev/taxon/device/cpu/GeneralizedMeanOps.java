package dev.taxon.device.cpu;

import dev.taxon.device.Program.Pass;
import dev.taxon.device.Weights.Slot;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Parameter;

/** Lowers generalized mean pooling. */
final class GeneralizedMeanOps {
    private GeneralizedMeanOps() {}

    static void forward(Lowering l, Group group, Layer.GeneralizedMeanPool layer) {
        Node node = group.head();
        long n = l.batch();
        long pixels = Lowering.pixels(node.input().shape());
        long channels = node.shape().dim(0);
        double eps = layer.eps();
        int clamp = layer.clamp() ? 1 : 0;
        long p = l.address(Slot.VALUE, Lowering.weight(node));
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        Block mean = l.timeline.floats(l.count(node));
        l.save(group, mean, null);
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:generalized_mean",
                s -> (int) ChannelFunctions.GENERALIZED_MEAN_FORWARD.invokeExact(
                        dst.address(), mean.address(), src.address(), p, n, pixels, channels, eps, clamp),
                dst,
                mean,
                src);
    }

    static void backward(Lowering l, BackwardLowering backward, Group group, Layer.GeneralizedMeanPool layer) {
        Node node = group.head();
        long n = l.batch();
        long pixels = Lowering.pixels(node.input().shape());
        long channels = node.shape().dim(0);
        double eps = layer.eps();
        int clamp = layer.clamp() ? 1 : 0;
        long p = l.address(Slot.VALUE, Lowering.weight(node));
        long diffP = l.address(Slot.GRADIENT, BackwardLowering.trainable(node, Parameter.Role.WEIGHT));
        Block diffDst = backward.gradient(node);
        Block src = l.value(node.input());
        Block dst = l.value(node);
        Block mean = l.saved(group).first();
        Block parts = l.timeline.bytes(n * channels * Double.BYTES);
        Block diffSrc = backward.wants(node.input()) ? l.timeline.floats(l.count(node.input())) : null;
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "taxon:generalized_mean",
                s -> (int) ChannelFunctions.GENERALIZED_MEAN_BACKWARD.invokeExact(
                        diffSrc == null ? 0L : diffSrc.address(),
                        diffP,
                        diffDst.address(),
                        dst.address(),
                        mean.address(),
                        src.address(),
                        p,
                        parts.address(),
                        s.accumulateFlag(),
                        n,
                        pixels,
                        channels,
                        eps,
                        clamp),
                diffSrc,
                diffDst,
                dst,
                mean,
                src,
                parts);
        if (diffSrc != null) {
            backward.give(node.input(), diffSrc);
        }
    }
}
