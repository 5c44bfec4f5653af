package dev.taxon.device.cuda;

import static jcuda.jcublas.cublasOperation.CUBLAS_OP_N;
import static jcuda.jcublas.cublasOperation.CUBLAS_OP_T;

import dev.taxon.device.Program.Pass;
import dev.taxon.device.cuda.Halves.Matrices;
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
        int rows = rows(l, node, layer);
        Block dst = l.newValue(node);
        product(l, node, dst, l.value(node.input()), l.weightOf(node), rows, layer.in(), layer.out());
        Operand bias = l.biasOf(node);
        if (bias != null) {
            ConvolutionOps.addBias(l, node, l.channelTensor(layer.out()), bias, tensor(l, rows, layer.out()), dst);
        }
    }

    /** dst (rows, out) = src (rows, in) · weightsᵀ (out, in). */
    static void product(Lowering l, Node node, Block dst, Block src, Operand weights, int rows, int in, int out) {
        Gpu gpu = l.gpu;
        if (l.halves != null) {
            Block w = l.halves.weights(node, weights, Matrices.plain((long) out * in));
            Block x = l.halves.narrow(node.name(), Pass.FORWARD, src, Matrices.plain((long) rows * in));
            HalfProduct.add(l, l.halves, node, Pass.FORWARD, true, false, out, rows, in, w, x, dst, false);
            return;
        }
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
    }

    static void backward(Lowering l, BackwardLowering backward, Node node, Layer.Linear layer) {
        Block diffDst = backward.gradient(node); // (rows, out)
        int rows = rows(l, node, layer);
        int in = layer.in();
        int out = layer.out();
        Parameter weight = BackwardLowering.trainable(node, Parameter.Role.WEIGHT);
        Parameter bias = BackwardLowering.trainable(node, Parameter.Role.BIAS);
        if (weight != null) {
            weightsProduct(l, node, l.gradientOf(weight), l.value(node.input()), diffDst, rows, in, out);
        }
        if (bias != null) {
            ConvolutionOps.backwardBias(
                    l, node, tensor(l, rows, out), diffDst, l.channelTensor(out), l.gradientOf(bias));
        }
        if (backward.wants(node.input())) {
            Block diffSrc = l.timeline.floats(l.count(node.input()));
            dataProduct(l, node, diffSrc, diffDst, l.weightOf(node), rows, in, out);
            backward.give(node.input(), diffSrc);
        }
    }

    /** diffWeights (out, in) = diffDstᵀ (rows, out) · src (rows, in), or is added to when the step accumulates. */
    static void weightsProduct(
            Lowering l, Node node, Operand diffWeights, Block src, Block diffDst, int rows, int in, int out) {
        Gpu gpu = l.gpu;
        if (l.halves != null) {
            Pass pass = Pass.BACKWARD_WEIGHTS;
            Block x = l.halves.narrow(node.name(), pass, src, Matrices.plain((long) rows * in));
            Block dy = l.halves.gradient(node.name(), diffDst, (long) rows * out);
            HalfProduct.add(l, l.halves, node, pass, false, true, in, out, rows, x, dy, diffWeights, true);
            return;
        }
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

    /** diffSrc (rows, in) = diffDst (rows, out) · weights (out, in). */
    static void dataProduct(
            Lowering l, Node node, Block diffSrc, Block diffDst, Operand weights, int rows, int in, int out) {
        Gpu gpu = l.gpu;
        if (l.halves != null) {
            Pass pass = Pass.BACKWARD_DATA;
            Block w = l.halves.weights(node, weights, Matrices.plain((long) out * in));
            Block dy = l.halves.gradient(node.name(), diffDst, (long) rows * out);
            HalfProduct.add(l, l.halves, node, pass, false, false, in, rows, out, w, dy, diffSrc, false);
            return;
        }
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
    }

    /** Samples, or their tokens. */
    private static int rows(Lowering l, Node node, Layer.Linear layer) {
        return Math.toIntExact(l.count(node) / layer.out());
    }

    private static cudnnTensorDescriptor tensor(Lowering l, long rows, long out) {
        return l.descriptors.tensor(rows, out, 1, 1);
    }
}
