package dev.taxon.device.cpu;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import java.util.List;

/**
 * Lowers the layers that move channels. In NHWC a slice and a concatenation are rows copied between different pitches;
 * backward they copy nothing: each input's gradient is a part of the output's, see {@link Gradients}.
 *
 * <p>What ShuffleNetV2 does between two units (concatenate two halves, shuffle, split) moves each element once: the
 * concatenation is not stored, and neither is the shuffle where slices alone read it. Each slice interleaves its share of
 * both halves.
 */
final class ChannelOps {
    private ChannelOps() {}

    static void forward(Lowering l, Node node, Layer.ChannelSlice layer) {
        Node shuffle = node.input();
        if (isHalves(l, shuffle) && isReadInSlices(l, shuffle)) {
            interleave(l, node, shuffle.input(), layer.from() / 2, layer.count() / 2);
            return;
        }
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        long count = layer.count();
        copy(
                l,
                node,
                dst,
                0,
                count,
                src,
                layer.from(),
                Lowering.channels(node.input().shape()),
                count);
    }

    static void backward(Lowering l, BackwardLowering backward, Node node, Layer.ChannelSlice layer) {
        long count = layer.count();
        backward.give(node.input(), new Gradients.Part(backward.gradient(node), 0, count, layer.from(), count));
    }

    static void concatForward(Lowering l, Node node) {
        if (isInterleaved(l, node)) {
            return;
        }
        long channels = Lowering.channels(node.shape());
        Block dst = l.newValue(node);
        long at = 0;
        for (Node input : node.inputs()) {
            long count = Lowering.channels(input.shape());
            copy(l, node, dst, at, channels, l.value(input), 0, count, count);
            at += count;
        }
    }

    static void concatBackward(Lowering l, BackwardLowering backward, Node node) {
        if (isInterleaved(l, node)) {
            return; // the shuffle gave both inputs their gradients
        }
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
        if (isHalves(l, node)) {
            if (!isReadInSlices(l, node)) {
                interleave(l, node, node.input(), 0, layerHalf(node));
            }
            return;
        }
        Block src = l.value(node.input());
        shuffle(l, node, Pass.FORWARD, l.newValue(node), src, layer.groups());
    }

    /** The shuffle with C / groups groups is the inverse. */
    static void backward(Lowering l, BackwardLowering backward, Node node, Layer.ChannelShuffle layer) {
        if (isHalves(l, node)) {
            separate(l, backward, node);
            return;
        }
        Block diffDst = backward.gradient(node);
        Block diffSrc = l.timeline.floats(l.count(node));
        long groups = Lowering.channels(node.shape()) / layer.groups();
        shuffle(l, node, Pass.BACKWARD_DATA, diffSrc, diffDst, groups);
        backward.give(node.input(), diffSrc);
    }

    /** A concatenation of two equal halves that a shuffle of two groups alone reads. */
    private static boolean isInterleaved(Lowering l, Node node) {
        List<Node> readers = l.fusion.consumers(node);
        return node.layer() instanceof Layer.Concat
                && node.inputs().size() == 2
                && node.inputs().get(0).shape().equals(node.inputs().get(1).shape())
                && readers.size() == 1
                && readers.getFirst().layer() instanceof Layer.ChannelShuffle(int groups)
                && groups == 2
                && !l.fusion.isReadByCaller(node);
    }

    private static boolean isHalves(Lowering l, Node node) {
        return node.layer() instanceof Layer.ChannelShuffle && isInterleaved(l, node.input());
    }

    private static boolean isReadInSlices(Lowering l, Node shuffle) {
        return !l.fusion.isReadByCaller(shuffle)
                && l.fusion.consumers(shuffle).stream()
                        .allMatch(r -> r.layer() instanceof Layer.ChannelSlice(int from, int count)
                                && from % 2 == 0
                                && count % 2 == 0);
    }

    private static long layerHalf(Node shuffle) {
        return Lowering.channels(shuffle.shape()) / 2;
    }

    /** {@code node} = channels from {@code from} on of both inputs of {@code concat}, in turns. */
    private static void interleave(Lowering l, Node node, Node concat, long from, long count) {
        long pitch = Lowering.channels(concat.shape()) / 2;
        long rows = l.count(concat) / 2 / pitch;
        Block a = l.value(concat.inputs().get(0));
        Block b = l.value(concat.inputs().get(1));
        Block dst = l.newValue(node);
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:channels_interleave",
                s -> (int) ChannelFunctions.CHANNELS_INTERLEAVE.invokeExact(
                        dst.address(),
                        a.address() + from * Float.BYTES,
                        b.address() + from * Float.BYTES,
                        rows,
                        count,
                        pitch,
                        pitch),
                dst,
                a,
                b);
    }

    /** Gives both inputs of the concatenation their gradients, from those of the slices where they tile the shuffle. */
    private static void separate(Lowering l, BackwardLowering backward, Node shuffle) {
        Node concat = shuffle.input();
        long half = layerHalf(shuffle);
        long rows = l.count(shuffle) / 2 / half;
        Block a = l.timeline.floats(rows * half);
        Block b = l.timeline.floats(rows * half);
        for (Gradients.Part part : backward.evenTiles(shuffle)) {
            long at = part.at() / 2 * Float.BYTES;
            l.timeline.add(
                    shuffle.name(),
                    Pass.BACKWARD_DATA,
                    "taxon:channels_separate",
                    s -> (int) ChannelFunctions.CHANNELS_SEPARATE.invokeExact(
                            a.address() + at,
                            b.address() + at,
                            part.block().address() + part.from() * Float.BYTES,
                            rows,
                            part.count() / 2,
                            half,
                            part.pitch()),
                    a,
                    b,
                    part.block());
        }
        backward.give(concat.inputs().get(0), a);
        backward.give(concat.inputs().get(1), b);
    }

    private static void shuffle(Lowering l, Node node, Pass pass, Block dst, Block src, long groups) {
        long channels = Lowering.channels(node.shape());
        long rows = l.count(node) / channels;
        l.timeline.add(
                node.name(),
                pass,
                "taxon:channel_shuffle",
                s -> (int) ChannelFunctions.CHANNEL_SHUFFLE.invokeExact(
                        dst.address(), src.address(), rows, channels, groups),
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
                s -> (int) ChannelFunctions.CHANNELS_COPY.invokeExact(
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
