package dev.taxon.device.cuda;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.tensor.Shape;

/** Layers that move channels. Backward, a slice and a concatenation copy nothing: see {@link Gradients.Part}. */
final class ChannelOps {
    private ChannelOps() {}

    static void forward(Lowering l, Node node, Layer.ChannelSlice layer) {
        long pixels = Lowering.pixels(node.shape());
        long count = node.shape().numel();
        long whole = node.input().shape().numel();
        Block src = l.value(node.input());
        RowOps.Copy copy = new RowOps.Copy(l.batch(), count, 0, count, layer.from() * pixels, whole);
        RowOps.copy(l, node, Pass.FORWARD, copy, l.newValue(node), src);
    }

    static void backward(BackwardLowering backward, Node node, Layer.ChannelSlice layer) {
        long count = layer.count();
        backward.give(node.input(), new Gradients.Part(backward.gradient(node), 0, count, layer.from(), count));
    }

    static void concatForward(Lowering l, Node node) {
        long whole = node.shape().numel();
        Block dst = l.newValue(node);
        long at = 0;
        for (Node input : node.inputs()) {
            long count = input.shape().numel();
            RowOps.Copy copy = new RowOps.Copy(l.batch(), count, at, whole, 0, count);
            RowOps.copy(l, node, Pass.FORWARD, copy, dst, l.value(input));
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
        shuffle(l, node, Pass.FORWARD, layer.groups(), l.newValue(node), src);
    }

    /** The shuffle with C / groups groups is the inverse. */
    static void backward(Lowering l, BackwardLowering backward, Node node, Layer.ChannelShuffle layer) {
        Block diffDst = backward.gradient(node);
        Block diffSrc = l.timeline.floats(l.count(node));
        int groups = Math.toIntExact(Lowering.channels(node.shape()) / layer.groups());
        shuffle(l, node, Pass.BACKWARD_DATA, groups, diffSrc, diffDst);
        backward.give(node.input(), diffSrc);
    }

    private static void shuffle(Lowering l, Node node, Pass pass, int groups, Block dst, Block src) {
        Kernel kernel = l.gpu.kernel("rows", "channel_shuffle");
        int channels = node.shape().size(0);
        long rows = (long) l.batch() * channels;
        long pixels = Lowering.pixels(node.shape());
        Grid grid = Grid.rows(rows, pixels);
        l.timeline.add(
                node.name(),
                pass,
                "taxon:channel_shuffle",
                s -> l.gpu.arguments()
                        .pointer(dst)
                        .pointer(src)
                        .int64(rows)
                        .int64(pixels)
                        .int32(channels)
                        .int32(groups)
                        .launch(kernel, grid),
                dst,
                src);
    }

    static void forward(Lowering l, Node node, Layer.ShortcutA layer) {
        Block src = l.value(node.input());
        shortcut(l, node, layer, "shortcut_a_forward", node.shape(), Pass.FORWARD, l.newValue(node), src);
    }

    static void backward(Lowering l, BackwardLowering backward, Node node, Layer.ShortcutA layer) {
        Block diffDst = backward.gradient(node);
        Block diffSrc = l.timeline.floats(l.count(node.input()));
        Shape in = node.input().shape();
        shortcut(l, node, layer, "shortcut_a_backward", in, Pass.BACKWARD_DATA, diffSrc, diffDst);
        backward.give(node.input(), diffSrc);
    }

    /** @param result shape of what the kernel writes */
    private static void shortcut(
            Lowering l, Node node, Layer.ShortcutA layer, String name, Shape result, Pass pass, Block dst, Block src) {
        Kernel kernel = l.gpu.kernel("rows", name);
        Shape in = node.input().shape();
        Shape out = node.shape();
        long rows = l.batch() * result.dim(0);
        Grid grid = Grid.rows(rows, Lowering.pixels(result));
        l.timeline.add(
                node.name(),
                pass,
                "taxon:" + name,
                s -> l.gpu.arguments()
                        .pointer(dst)
                        .pointer(src)
                        .int64(rows)
                        .int32(layer.inC())
                        .int32(layer.outC())
                        .int32(in.size(1))
                        .int32(in.size(2))
                        .int32(out.size(1))
                        .int32(out.size(2))
                        .int32(layer.stride())
                        .launch(kernel, grid),
                dst,
                src);
    }
}
