package dev.taxon.device.cuda;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.random.Philox;

/** Dropout of elements and of whole samples. The same op drops values and their gradients. */
final class DropoutOps {
    private DropoutOps() {}

    static void forward(Lowering l, Node node, Layer.Dropout layer) {
        if (!l.training() || layer.p() == 0) {
            l.setValue(node, l.value(node.input()));
            return;
        }
        Block src = l.value(node.input());
        drop(l, node, Pass.FORWARD, layer.p(), l.newValue(node), src, l.count(node));
    }

    static void backward(Lowering l, BackwardLowering backward, Node node, Layer.Dropout layer) {
        Block diffDst = backward.gradient(node);
        if (layer.p() == 0) {
            backward.give(node.input(), diffDst);
            return;
        }
        Block diffSrc = l.timeline.floats(l.count(node));
        drop(l, node, Pass.BACKWARD_DATA, layer.p(), diffSrc, diffDst, l.count(node));
        backward.give(node.input(), diffSrc);
    }

    /** dst = src, elements dropped as {@link Layer.Dropout} says; they may be the same block. */
    static void drop(Lowering l, Node node, Pass pass, double p, Block dst, Block src, long count) {
        Kernel kernel = l.gpu.kernel("dropout", "dropout");
        Grid grid = Grid.flat((count + 3) / 4);
        int id = node.id();
        l.timeline.add(
                node.name(),
                pass,
                "taxon:dropout",
                s -> l.gpu.arguments()
                        .pointer(dst)
                        .pointer(src)
                        .int64(count)
                        .float32((float) p)
                        .float32((float) (1 / (1 - p)))
                        .int64(s.draw.seed())
                        .int64(Philox.stream(Philox.Purpose.DROPOUT, id, s.draw.step()))
                        .launch(kernel, grid),
                dst,
                src);
    }

    static void forward(Lowering l, Node node, Layer.DropPath layer) {
        if (!l.training() || layer.p() == 0) {
            l.setValue(node, l.value(node.input()));
            return;
        }
        Block src = l.value(node.input());
        dropPath(l, node, Pass.FORWARD, layer.p(), l.newValue(node), src);
    }

    static void backward(Lowering l, BackwardLowering backward, Node node, Layer.DropPath layer) {
        Block diffDst = backward.gradient(node);
        if (layer.p() == 0) {
            backward.give(node.input(), diffDst);
            return;
        }
        Block diffSrc = l.timeline.floats(l.count(node));
        dropPath(l, node, Pass.BACKWARD_DATA, layer.p(), diffSrc, diffDst);
        backward.give(node.input(), diffSrc);
    }

    private static void dropPath(Lowering l, Node node, Pass pass, double p, Block dst, Block src) {
        Kernel kernel = l.gpu.kernel("dropout", "drop_path");
        long n = l.batch();
        long size = node.shape().numel();
        Grid grid = Grid.rows(n, size);
        int id = node.id();
        l.timeline.add(
                node.name(),
                pass,
                "taxon:drop_path",
                s -> l.gpu.arguments()
                        .pointer(dst)
                        .pointer(src)
                        .int64(n)
                        .int64(size)
                        .float32((float) p)
                        .float32((float) (1 / (1 - p)))
                        .int64(s.draw.seed())
                        .int64(Philox.stream(Philox.Purpose.DROPOUT, id, s.draw.step()))
                        .launch(kernel, grid),
                dst,
                src);
    }
}
