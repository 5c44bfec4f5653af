package dev.taxon.device.cuda;

import static jcuda.jcublas.cublasOperation.CUBLAS_OP_N;
import static jcuda.jcublas.cublasOperation.CUBLAS_OP_T;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Parameter;
import jcuda.jcublas.JCublas2;
import jcuda.jcudnn.cudnnTensorDescriptor;

/**
 * Linear layers by cuBLAS. Its matrices are column by column, ours row by row: each of ours is the transpose of what it sees,
 * and y = x Wᵀ is computed as yᵀ = W xᵀ.
 */
final class LinearOps {
    private LinearOps() {}

    static void forward(Lowering l, Node node, Layer.Linear layer) {
        Gpu gpu = l.gpu;
        int in = layer.in();
        int out = layer.out();
        int rows = rows(l, node, layer);
        Operand weights = l.weightOf(node);
        Block src = l.value(node.input()); // (rows, in)
        Block dst = l.newValue(node); // (rows, out)
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "cublas:sgemm",
                s -> gpu.cublas(JCublas2.cublasSgemm(
                        gpu.cublas(),
                        CUBLAS_OP_T,
                        CUBLAS_OP_N,
                        out,
                        rows,
                        in,
                        gpu.one(),
                        weights.pointer(),
                        in,
                        src.pointer(),
                        in,
                        gpu.zero(),
                        dst.pointer(),
                        out)),
                src,
                dst);
        Operand bias = l.biasOf(node);
        if (bias != null) {
            ConvolutionOps.addBias(l, node, l.channelTensor(out), bias, tensor(l, rows, out), dst);
        }
    }

    static void backward(Lowering l, BackwardLowering backward, Node node, Layer.Linear layer) {
        Block diffDst = backward.gradient(node); // (rows, out)
        Parameter weight = BackwardLowering.trainable(node, Parameter.Role.WEIGHT);
        Parameter bias = BackwardLowering.trainable(node, Parameter.Role.BIAS);
        if (weight != null) {
            backwardWeights(l, node, layer, diffDst, l.gradientOf(weight));
        }
        if (bias != null) {
            int rows = rows(l, node, layer);
            ConvolutionOps.backwardBias(
                    l, node, tensor(l, rows, layer.out()), diffDst, l.channelTensor(layer.out()), l.gradientOf(bias));
        }
        if (backward.wants(node.input())) {
            backward.give(node.input(), backwardData(l, node, layer, diffDst));
        }
    }

    /** dW = dyᵀ x, (out, in). */
    private static void backwardWeights(Lowering l, Node node, Layer.Linear layer, Block diffDst, Operand diffWeights) {
        Gpu gpu = l.gpu;
        int in = layer.in();
        int out = layer.out();
        int rows = rows(l, node, layer);
        Block src = l.value(node.input());
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_WEIGHTS,
                "cublas:sgemm",
                s -> gpu.cublas(JCublas2.cublasSgemm(
                        gpu.cublas(),
                        CUBLAS_OP_N,
                        CUBLAS_OP_T,
                        in,
                        out,
                        rows,
                        gpu.one(),
                        src.pointer(),
                        in,
                        diffDst.pointer(),
                        out,
                        s.beta(gpu),
                        diffWeights.pointer(),
                        in)),
                src,
                diffDst);
    }

    /** dx = dy W, (rows, in). */
    private static Block backwardData(Lowering l, Node node, Layer.Linear layer, Block diffDst) {
        Gpu gpu = l.gpu;
        int in = layer.in();
        int out = layer.out();
        int rows = rows(l, node, layer);
        Operand weights = l.weightOf(node);
        Block diffSrc = l.timeline.floats(l.count(node.input()));
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "cublas:sgemm",
                s -> gpu.cublas(JCublas2.cublasSgemm(
                        gpu.cublas(),
                        CUBLAS_OP_N,
                        CUBLAS_OP_N,
                        in,
                        rows,
                        out,
                        gpu.one(),
                        weights.pointer(),
                        in,
                        diffDst.pointer(),
                        out,
                        gpu.zero(),
                        diffSrc.pointer(),
                        in)),
                diffDst,
                diffSrc);
        return diffSrc;
    }

    /** Samples, or their tokens. */
    private static int rows(Lowering l, Node node, Layer.Linear layer) {
        return Math.toIntExact(l.count(node) / layer.out());
    }

    private static cudnnTensorDescriptor tensor(Lowering l, long rows, long out) {
        return l.descriptors.tensor(rows, out, 1, 1);
    }
}
