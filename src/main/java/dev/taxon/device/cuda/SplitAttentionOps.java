package dev.taxon.device.cuda;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;

/** ResNeSt's split attention. */
final class SplitAttentionOps {
    private static final String FILE = "split_attention";

    private SplitAttentionOps() {}

    static void forward(Lowering l, Node node, Layer.RadixPool layer) {
        Kernel kernel = l.gpu.kernel(FILE, "radix_pool_forward");
        long pixels = Lowering.pixels(node.input().shape());
        int channels = node.shape().size(0);
        long rows = (long) l.batch() * channels;
        Grid grid = Grid.warps(rows);
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:radix_pool",
                s -> l.gpu.arguments()
                        .pointer(dst)
                        .pointer(src)
                        .int64(rows)
                        .int64(pixels)
                        .int32(layer.radix())
                        .int32(channels)
                        .launch(kernel, grid),
                dst,
                src);
    }

    static void backward(Lowering l, BackwardLowering backward, Node node, Layer.RadixPool layer) {
        Kernel kernel = l.gpu.kernel(FILE, "radix_pool_backward");
        long pixels = Lowering.pixels(node.input().shape());
        int channels = node.shape().size(0);
        long rows = (long) l.batch() * layer.radix() * channels;
        Grid grid = Grid.rows(rows, pixels);
        Block diffDst = backward.gradient(node);
        Block diffSrc = l.timeline.floats(l.count(node.input()));
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "taxon:radix_pool",
                s -> l.gpu.arguments()
                        .pointer(diffSrc)
                        .pointer(diffDst)
                        .int64(rows)
                        .int64(pixels)
                        .int32(layer.radix())
                        .int32(channels)
                        .launch(kernel, grid),
                diffSrc,
                diffDst);
        backward.give(node.input(), diffSrc);
    }

    static void forward(Lowering l, Node node, Layer.RadixSoftmax layer) {
        Kernel kernel = l.gpu.kernel(FILE, "radix_softmax_forward");
        long count = l.count(node) / layer.radix();
        int channels = channels(node, layer);
        Grid grid = Grid.flat(count);
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:radix_softmax",
                s -> l.gpu.arguments()
                        .pointer(dst)
                        .pointer(src)
                        .int64(count)
                        .int32(layer.radix())
                        .int32(layer.groups())
                        .int32(channels)
                        .launch(kernel, grid),
                dst,
                src);
    }

    static void backward(Lowering l, BackwardLowering backward, Node node, Layer.RadixSoftmax layer) {
        Kernel kernel = l.gpu.kernel(FILE, "radix_softmax_backward");
        long count = l.count(node) / layer.radix();
        int channels = channels(node, layer);
        Grid grid = Grid.flat(count);
        Block dst = l.value(node);
        Block diffDst = backward.gradient(node);
        Block diffSrc = l.timeline.floats(l.count(node));
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "taxon:radix_softmax",
                s -> l.gpu.arguments()
                        .pointer(diffSrc)
                        .pointer(diffDst)
                        .pointer(dst)
                        .int64(count)
                        .int32(layer.radix())
                        .int32(layer.groups())
                        .int32(channels)
                        .launch(kernel, grid),
                diffSrc,
                diffDst,
                dst);
        backward.give(node.input(), diffSrc);
    }

    /** Channels of a group in a slice. */
    private static int channels(Node node, Layer.RadixSoftmax layer) {
        return node.shape().size(0) / layer.radix() / layer.groups();
    }

    static void forward(Lowering l, Node node, Layer.RadixSum layer) {
        Kernel kernel = l.gpu.kernel(FILE, "radix_sum_forward");
        int channels = node.shape().size(0);
        long rows = (long) l.batch() * channels;
        long pixels = Lowering.pixels(node.shape());
        Grid grid = Grid.rows(rows, pixels);
        Block src = l.value(node.inputs().get(0));
        Block attention = l.value(node.inputs().get(1));
        Block dst = l.newValue(node);
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:radix_sum",
                s -> l.gpu.arguments()
                        .pointer(dst)
                        .pointer(src)
                        .pointer(attention)
                        .int64(rows)
                        .int64(pixels)
                        .int32(layer.radix())
                        .int32(channels)
                        .launch(kernel, grid),
                dst,
                src,
                attention);
    }

    static void backward(Lowering l, BackwardLowering backward, Node node, Layer.RadixSum layer) {
        Kernel kernel = l.gpu.kernel(FILE, "radix_sum_backward");
        Node image = node.inputs().get(0);
        Node weights = node.inputs().get(1);
        int channels = node.shape().size(0);
        long rows = (long) l.batch() * layer.radix() * channels;
        long pixels = Lowering.pixels(node.shape());
        Grid grid = Grid.warps(rows);
        Block src = l.value(image);
        Block attention = l.value(weights);
        Block diffDst = backward.gradient(node);
        Block diffSrc = backward.wants(image) ? l.timeline.floats(l.count(image)) : null;
        Block diffAttention = backward.wants(weights) ? l.timeline.floats(rows) : null;
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "taxon:radix_sum",
                s -> l.gpu.arguments()
                        .optional(diffSrc)
                        .optional(diffAttention)
                        .pointer(diffDst)
                        .pointer(src)
                        .pointer(attention)
                        .int64(rows)
                        .int64(pixels)
                        .int32(layer.radix())
                        .int32(channels)
                        .launch(kernel, grid),
                diffSrc,
                diffAttention,
                diffDst,
                src,
                attention);
        if (diffSrc != null) {
            backward.give(image, diffSrc);
        }
        if (diffAttention != null) {
            backward.give(weights, diffAttention);
        }
    }
}
