package dev.taxon.device.cpu;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;

/**
 * Lowers the layers that move channels. In NHWC a slice and a concatenation are rows copied between different pitches;
 * backward they copy nothing: each input's gradient is a part of the output's, see {@link Gradients}.
 */
final class ChannelOps {
    private ChannelOps() {}

    static void forward(Lowering l, Node node, Layer.ChannelSlice layer) {
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        long count = layer.count();
        copy(l, node, dst, 0, count, src, layer.from(), Lowering.channels(node.input().shape()), count);
    }

    static void backward(Lowering l, BackwardLowering backward, Node node, Layer.ChannelSlice layer) {
        long count = layer.count();
        backward.give(
                node.input(), new Gradients.Part(backward.gradient(node), 0, count, layer.from(), count));
    }

    static void concatForward(Lowering l, Node node) {
        long channels = Lowering.channels(node.shape());
        Block dst = l.newValue(node);
        long at = 0;
        for (Node input : node.inputs()) {
            long count = Lowering.channels(input.shape());
            copy(l, node, dst, at, channels, l.value(input), 0, count, count);
            at += count;
        }
    }

    static void concatBackward(BackwardLowering backward, Node node) {
        long channels = Lowering.channels(node.shape());
        Block gradient = backward.gradient(node);
        long from = 0;
        for (Node input : node.inputs()) {
            long count = Lowering.channels(input.shape());
            backward.give(input, new Gradients.Part(gradient, from, channels, 0, count));
            from += count;
        }
    }

    static void forward(Lowering l, Node node, Layer.ChannelShuffle layer) {
        Block src = l.value(node.input());
        shuffle(l, node, Pass.FORWARD, l.newValue(node), src, layer.groups());
    }

    /** The shuffle with C / groups groups is the inverse. */
    static void backward(Lowering l, BackwardLowering backward, Node node, Layer.ChannelShuffle layer) {
        Block diffDst = backward.gradient(node);
        Block diffSrc = l.timeline.floats(l.count(node));
        long groups = Lowering.channels(node.shape()) / layer.groups();
        shuffle(l, node, Pass.BACKWARD_DATA, diffSrc, diffDst, groups);
        backward.give(node.input(), diffSrc);
    }

    private static void shuffle(Lowering l, Node node, Pass pass, Block dst, Block src, long groups) {
        long channels = Lowering.channels(node.shape());
        long rows = l.count(node) / channels;
        l.timeline.add(
                node.name(),
                pass,
                "taxon:channel_shuffle",
                s -> (int) Native.CHANNEL_SHUFFLE.invokeExact(dst.address(), src.address(), rows, channels, groups),
                dst,
                src);
    }

    private static void copy(
            Lowering l,
            Node node,
            Block dst,
            long dstFrom,
            long dstPitch,
            Block src,
            long srcFrom,
            long srcPitch,
            long count) {
        long rows = l.count(node) / Lowering.channels(node.shape());
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:channels_copy",
                s -> (int) Native.CHANNELS_COPY.invokeExact(
                        dst.address() + dstFrom * Float.BYTES,
                        src.address() + srcFrom * Float.BYTES,
                        rows,
                        count,
                        dstPitch,
                        srcPitch),
                dst,
                src);
    }
}
