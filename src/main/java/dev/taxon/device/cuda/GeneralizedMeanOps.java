package dev.taxon.device.cuda;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Parameter;

/** Generalized mean pooling. */
final class GeneralizedMeanOps {
    private static final String FILE = "generalized_mean";

    private GeneralizedMeanOps() {}

    static void forward(Lowering l, Node node, Layer.GeneralizedMeanPool layer) {
        Kernel kernel = l.gpu.kernel(FILE, "generalized_mean_forward");
        long rows = l.count(node);
        long pixels = Lowering.pixels(node.input().shape());
        Grid grid = Grid.warps(rows);
        Operand p = l.weightOf(node);
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        Block mean = l.timeline.floats(rows);
        l.save(node, mean);
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:generalized_mean_forward",
                s -> l.gpu.arguments()
                        .pointer(dst)
                        .pointer(mean)
                        .pointer(src)
                        .pointer(p)
                        .int64(rows)
                        .int64(pixels)
                        .float32((float) layer.eps())
                        .int32(layer.clamp() ? 1 : 0)
                        .launch(kernel, grid),
                dst,
                mean,
                src);
    }

    static void backward(Lowering l, BackwardLowering backward, Node node, Layer.GeneralizedMeanPool layer) {
        Kernel kernel = l.gpu.kernel(FILE, "generalized_mean_backward");
        long rows = l.count(node);
        long pixels = Lowering.pixels(node.input().shape());
        Grid grid = Grid.warps(rows);
        Operand p = l.weightOf(node);
        Block diffDst = backward.gradient(node);
        Block src = l.value(node.input());
        Block dst = l.value(node);
        Block mean = l.saved(node, 0);
        Block diffSrc = backward.wants(node.input()) ? l.timeline.floats(l.count(node.input())) : null;
        Block parts = l.timeline.floats(rows);
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "taxon:generalized_mean_backward",
                s -> l.gpu.arguments()
                        .optional(diffSrc)
                        .pointer(parts)
                        .pointer(diffDst)
                        .pointer(dst)
                        .pointer(mean)
                        .pointer(src)
                        .pointer(p)
                        .int64(rows)
                        .int64(pixels)
                        .float32((float) layer.eps())
                        .int32(layer.clamp() ? 1 : 0)
                        .launch(kernel, grid),
                diffSrc,
                parts,
                diffDst,
                dst,
                mean,
                src);
        Parameter trained = BackwardLowering.trainable(node, Parameter.Role.WEIGHT);
        if (trained != null) {
            ColumnSum.add(l, node, l.gradientOf(trained), null, parts, rows, 1, 1);
        }
        if (diffSrc != null) {
            backward.give(node.input(), diffSrc);
        }
    }
}
