package dev.taxon.device.cuda;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Node;

/** Each channel times its own factor. */
final class ChannelScaling {
    private ChannelScaling() {}

    static void forward(Lowering l, Node node) {
        Kernel kernel = l.gpu.kernel("channel_scale", "channel_scale_forward");
        long planes = l.batch() * Lowering.channels(node.shape());
        long pixels = Lowering.pixels(node.shape());
        Grid grid = Grid.rows(planes, pixels);
        Block src = l.value(node.inputs().get(0));
        Block scale = l.value(node.inputs().get(1));
        Block dst = l.newValue(node);
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:channel_scale",
                s -> l.gpu.arguments()
                        .pointer(dst)
                        .pointer(src)
                        .pointer(scale)
                        .int64(planes)
                        .int64(pixels)
                        .launch(kernel, grid),
                dst,
                src,
                scale);
    }

    static void backward(Lowering l, BackwardLowering backward, Node node) {
        Kernel kernel = l.gpu.kernel("channel_scale", "channel_scale_backward");
        Node image = node.inputs().get(0);
        Node factors = node.inputs().get(1);
        long planes = l.batch() * Lowering.channels(node.shape());
        long pixels = Lowering.pixels(node.shape());
        Grid grid = Grid.warps(planes);
        Block src = l.value(image);
        Block scale = l.value(factors);
        Block diffDst = backward.gradient(node);
        Block diffSrc = backward.wants(image) ? l.timeline.floats(l.count(image)) : null;
        Block diffScale = backward.wants(factors) ? l.timeline.floats(planes) : null;
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "taxon:channel_scale",
                s -> l.gpu.arguments()
                        .optional(diffSrc)
                        .optional(diffScale)
                        .pointer(diffDst)
                        .pointer(src)
                        .pointer(scale)
                        .int64(planes)
                        .int64(pixels)
                        .launch(kernel, grid),
                diffSrc,
                diffScale,
                diffDst,
                src,
                scale);
        if (diffSrc != null) {
            backward.give(image, diffSrc);
        }
        if (diffScale != null) {
            backward.give(factors, diffScale);
        }
    }
}
