package dev.taxon.device.cpu;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.tensor.Shape;

/** Max, average and global average pooling. */
final class PoolingOps {
    private PoolingOps() {}

    static void maxForward(Lowering l, Group group, Layer.MaxPool2d layer) {
        Node node = group.head();
        long sizes = l.sizes(node, layer.kernel(), 1);
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        Block index = l.training()
                ? l.timeline.bytes(Native.value(() -> (long) Native.MAX_POOL2D_INDEX_BYTES.invokeExact(sizes)))
                : null;
        if (index != null) {
            l.save(group, index, null);
        }
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:max_pool2d",
                s -> (int) Native.MAX_POOL2D_FORWARD.invokeExact(
                        dst.address(), index == null ? 0L : index.address(), src.address(), sizes),
                dst,
                index,
                src);
    }

    static void averageForward(Lowering l, Node node, Layer.AvgPool2d layer) {
        long sizes = l.sizes(node, layer.kernel(), 1);
        int includePad = layer.countIncludePad() ? 1 : 0;
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:avg_pool2d",
                s -> (int) Native.AVG_POOL2D_FORWARD.invokeExact(dst.address(), src.address(), includePad, sizes),
                dst,
                src);
    }

    static void globalForward(Lowering l, Node node) {
        Shape in = node.input().shape();
        long n = l.batch();
        long pixels = Lowering.pixels(in);
        long channels = in.dim(0);
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:global_avg_pool",
                s -> (int)
                        Native.GLOBAL_AVG_POOL_FORWARD.invokeExact(dst.address(), src.address(), n, pixels, channels),
                dst,
                src);
    }

    static void maxBackward(Lowering l, BackwardLowering backward, Group group, Layer.MaxPool2d layer) {
        Node node = group.head();
        long sizes = l.sizes(node, layer.kernel(), 1);
        Block diffDst = backward.gradient(node);
        Block diffSrc = l.timeline.floats(l.count(node.input()));
        Block index = l.saved(group).first();
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "taxon:max_pool2d",
                s -> (int) Native.MAX_POOL2D_BACKWARD.invokeExact(
                        diffSrc.address(), diffDst.address(), index.address(), sizes),
                diffSrc,
                diffDst,
                index);
        backward.give(node.input(), diffSrc);
    }

    static void averageBackward(Lowering l, BackwardLowering backward, Node node, Layer.AvgPool2d layer) {
        long sizes = l.sizes(node, layer.kernel(), 1);
        int includePad = layer.countIncludePad() ? 1 : 0;
        Block diffDst = backward.gradient(node);
        Block diffSrc = l.timeline.floats(l.count(node.input()));
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "taxon:avg_pool2d",
                s -> (int)
                        Native.AVG_POOL2D_BACKWARD.invokeExact(diffSrc.address(), diffDst.address(), includePad, sizes),
                diffSrc,
                diffDst);
        backward.give(node.input(), diffSrc);
    }

    static void globalBackward(Lowering l, BackwardLowering backward, Node node) {
        Shape in = node.input().shape();
        long n = l.batch();
        long pixels = Lowering.pixels(in);
        long channels = in.dim(0);
        Block diffDst = backward.gradient(node);
        Block diffSrc = l.timeline.floats(l.count(node.input()));
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "taxon:global_avg_pool",
                s -> (int) Native.GLOBAL_AVG_POOL_BACKWARD.invokeExact(
                        diffSrc.address(), diffDst.address(), n, pixels, channels),
                diffSrc,
                diffDst);
        backward.give(node.input(), diffSrc);
    }
}
