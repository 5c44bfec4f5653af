package dev.taxon.device.cuda;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Parameter;
import java.util.Objects;

/** Layer normalization of rows of channels. Training keeps mean and 1/std of each row. */
final class LayerNormOps {
    private LayerNormOps() {}

    static void forward(Lowering l, Node node, Layer.LayerNorm layer) {
        Kernel kernel = l.gpu.kernel("layer_norm", "layer_norm_forward");
        long channels = layer.channels();
        long rows = l.count(node) / channels;
        Grid grid = Grid.warps(rows);
        Operand weight = l.weightOf(node);
        Operand bias = Objects.requireNonNull(l.biasOf(node));
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        Block mean = l.timeline.floats(rows);
        Block invStd = l.timeline.floats(rows);
        l.save(node, mean, invStd);
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:layer_norm_forward",
                s -> l.gpu.arguments()
                        .pointer(dst)
                        .pointer(mean)
                        .pointer(invStd)
                        .pointer(src)
                        .pointer(weight)
                        .pointer(bias)
                        .int64(rows)
                        .int64(channels)
                        .float64(layer.eps())
                        .launch(kernel, grid),
                dst,
                mean,
                invStd,
                src);
    }

    static void backward(Lowering l, BackwardLowering backward, Node node, Layer.LayerNorm layer) {
        Block diffDst = backward.gradient(node);
        Parameter weight = BackwardLowering.trainable(node, Parameter.Role.WEIGHT);
        Parameter bias = BackwardLowering.trainable(node, Parameter.Role.BIAS);
        if (weight != null || bias != null) {
            int parts = ColumnSum.parts(l.count(node) / layer.channels());
            int channels = layer.channels();
            Block sums = parameterSums(l, node, layer, diffDst, parts);
            if (weight != null) {
                ColumnSum.total(l, node, l.gradientOf(weight), null, sums, 0, parts, channels, 2L * channels);
            }
            if (bias != null) {
                ColumnSum.total(l, node, l.gradientOf(bias), null, sums, channels, parts, channels, 2L * channels);
            }
        }
        if (backward.wants(node.input())) {
            backward.give(node.input(), backwardData(l, node, layer, diffDst));
        }
    }

    /** Sums for weight and bias, (parts, 2, C). */
    private static Block parameterSums(Lowering l, Node node, Layer.LayerNorm layer, Block diffDst, int parts) {
        Kernel kernel = l.gpu.kernel("layer_norm", "layer_norm_parts");
        long channels = layer.channels();
        long rows = l.count(node) / channels;
        Grid grid = Grid.columns(channels, parts);
        Block src = l.value(node.input());
        Block mean = l.saved(node, 0);
        Block invStd = l.saved(node, 1);
        Block sums = l.timeline.bytes(2L * parts * channels * Double.BYTES);
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_WEIGHTS,
                "taxon:layer_norm_parts",
                s -> l.gpu.arguments()
                        .pointer(sums)
                        .pointer(diffDst)
                        .pointer(src)
                        .pointer(mean)
                        .pointer(invStd)
                        .int64(rows)
                        .int64(channels)
                        .launch(kernel, grid),
                sums,
                diffDst,
                src,
                mean,
                invStd);
        return sums;
    }

    private static Block backwardData(Lowering l, Node node, Layer.LayerNorm layer, Block diffDst) {
        Kernel kernel = l.gpu.kernel("layer_norm", "layer_norm_backward");
        long channels = layer.channels();
        long rows = l.count(node) / channels;
        Grid grid = Grid.warps(rows);
        Operand weight = l.weightOf(node);
        Block src = l.value(node.input());
        Block mean = l.saved(node, 0);
        Block invStd = l.saved(node, 1);
        Block diffSrc = l.timeline.floats(l.count(node));
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "taxon:layer_norm_backward",
                s -> l.gpu.arguments()
                        .pointer(diffSrc)
                        .pointer(diffDst)
                        .pointer(src)
                        .pointer(weight)
                        .pointer(mean)
                        .pointer(invStd)
                        .int64(rows)
                        .int64(channels)
                        .launch(kernel, grid),
                diffSrc,
                diffDst,
                src,
                mean,
                invStd);
        return diffSrc;
    }
}
