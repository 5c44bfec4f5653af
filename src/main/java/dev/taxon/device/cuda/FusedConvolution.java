package dev.taxon.device.cuda;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Buffer;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import java.util.Objects;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnActivationDescriptor;
import jcuda.jcudnn.cudnnActivationMode;
import jcuda.jcudnn.cudnnTensorDescriptor;
import org.jspecify.annotations.Nullable;

/** A {@link Chain} in evaluation: batch norm folded into weights when they change; bias, sum and ReLU in cuDNN's one call. */
final class FusedConvolution {
    private final Lowering l;
    private final Gpu gpu;
    private final Chain chain;
    private final Node conv;
    private final Layer.Conv2d layer;
    private final Convolution c;
    private final cudnnTensorDescriptor b;
    private final Operand weights;
    private final @Nullable Operand bias;

    private FusedConvolution(Lowering l, Chain chain) {
        this.l = l;
        this.chain = chain;
        gpu = l.gpu;
        conv = chain.convolution();
        layer = (Layer.Conv2d) conv.layer();
        c = Convolution.of(l, conv, layer);
        b = l.channelTensor(layer.outC());
        Node batchNorm = chain.batchNorm();
        if (batchNorm == null) {
            weights = l.weightOf(conv);
            bias = l.biasOf(conv);
        } else {
            Block folded =
                    l.preparation.floats(Lowering.weight(conv).shape().numel()).pin();
            Block foldedBias = l.preparation.floats(layer.outC()).pin();
            fold(batchNorm, folded, foldedBias);
            weights = folded;
            bias = foldedBias;
        }
    }

    static void forward(Lowering l, Chain chain) {
        FusedConvolution ops = new FusedConvolution(l, chain);
        Block src = l.value(ops.conv.input());
        Block dst = l.newValue(chain.tail());
        Node residual = chain.residual();
        Block summand = residual == null ? null : l.value(residual);
        if (chain.relu() != null && ops.bias != null) {
            ops.fused(src, dst, ops.bias, summand);
        } else {
            ops.apart(src, dst, summand);
        }
    }

    private void fold(Node batchNorm, Block folded, Block foldedBias) {
        Kernel kernel = gpu.kernel("batch_norm", "batch_norm_fold");
        Operand w = l.weightOf(conv);
        Operand b = l.biasOf(conv);
        Operand bnWeight = l.weightOf(batchNorm);
        Operand bnBias = Objects.requireNonNull(l.biasOf(batchNorm));
        Operand mean = l.buffer(batchNorm, Buffer.Role.RUNNING_MEAN);
        Operand var = l.buffer(batchNorm, Buffer.Role.RUNNING_VAR);
        double eps = ((Layer.BatchNorm2d) batchNorm.layer()).eps();
        long perOut = Lowering.weight(conv).shape().numel() / layer.outC();
        Grid grid = Grid.of(layer.outC(), 128);
        l.preparation.add(
                conv.name() + "+" + batchNorm.name(),
                Pass.REORDER,
                "taxon:batch_norm_fold",
                s -> gpu.arguments()
                        .pointer(folded)
                        .pointer(foldedBias)
                        .pointer(w)
                        .int64(b == null ? 0 : b.address())
                        .pointer(bnWeight)
                        .pointer(bnBias)
                        .pointer(mean)
                        .pointer(var)
                        .float64(eps)
                        .int64(perOut)
                        .launch(kernel, grid),
                folded,
                foldedBias);
    }

    private void fused(Block src, Block dst, Operand addedBias, @Nullable Block residual) {
        ConvolutionAlgorithms.Choice choice = l.algorithms.fused(c);
        Block workspace = choice.workspace() == 0 ? null : l.timeline.bytes(choice.workspace());
        cudnnActivationDescriptor relu = l.descriptors.activation(cudnnActivationMode.CUDNN_ACTIVATION_RELU);
        Block z = residual == null ? dst : residual;
        l.timeline.add(
                chain.name(),
                Pass.FORWARD,
                "cudnn:convolution_bias_activation_forward/" + choice.algorithm(),
                s -> gpu.cudnn(JCudnn.cudnnConvolutionBiasActivationForward(
                        gpu.cudnn(),
                        gpu.one(),
                        c.x(),
                        src.pointer(),
                        c.w(),
                        weights.pointer(),
                        c.descriptor(),
                        choice.algorithm(),
                        workspace == null ? Address.NULL : workspace.pointer(),
                        choice.workspace(),
                        residual == null ? gpu.zero() : gpu.one(),
                        c.y(),
                        z.pointer(),
                        b,
                        addedBias.pointer(),
                        relu,
                        c.y(),
                        dst.pointer())),
                src,
                dst,
                residual,
                workspace);
    }

    private void apart(Block src, Block dst, @Nullable Block residual) {
        ConvolutionOps.convolve(l, chain.name(), c, src, weights, dst);
        if (bias != null) {
            addInto(b, bias, dst, dst);
        }
        if (residual != null) {
            addInto(c.y(), residual, dst, dst, residual);
        }
        if (chain.relu() != null) {
            cudnnActivationDescriptor relu = l.descriptors.activation(cudnnActivationMode.CUDNN_ACTIVATION_RELU);
            l.timeline.add(
                    chain.name(),
                    Pass.FORWARD,
                    "cudnn:activation_forward",
                    s -> gpu.cudnn(JCudnn.cudnnActivationForward(
                            gpu.cudnn(), relu, gpu.one(), c.y(), dst.pointer(), gpu.zero(), c.y(), dst.pointer())),
                    dst);
        }
    }

    private void addInto(cudnnTensorDescriptor tensor, Operand summand, Block dst, @Nullable Block... used) {
        l.timeline.add(
                chain.name(),
                Pass.FORWARD,
                "cudnn:add_tensor",
                s -> gpu.cudnn(JCudnn.cudnnAddTensor(
                        gpu.cudnn(), gpu.one(), tensor, summand.pointer(), gpu.one(), c.y(), dst.pointer())),
                used);
    }
}
