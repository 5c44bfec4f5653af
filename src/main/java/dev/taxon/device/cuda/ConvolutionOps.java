package dev.taxon.device.cuda;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Parameter;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnTensorDescriptor;
import org.jspecify.annotations.Nullable;

/** Convolutions by cuDNN: forward pass, bias, and the gradients of data, weights and bias. */
final class ConvolutionOps {
    private final Lowering l;
    private final Node node;
    private final Convolution c;
    private final cudnnTensorDescriptor b;
    private final @Nullable HalfConvolution half;

    private ConvolutionOps(Lowering l, Node node, Layer.Conv2d layer) {
        this.l = l;
        this.node = node;
        c = Convolution.of(l, node, layer);
        b = l.channelTensor(layer.outC());
        half = l.halves == null ? null : new HalfConvolution(l, node, layer, l.halves);
    }

    static void forward(Lowering l, Node node, Layer.Conv2d layer) {
        ConvolutionOps ops = new ConvolutionOps(l, node, layer);
        ops.forward(l.value(node.input()), l.newValue(node));
    }

    private void forward(Block src, Block dst) {
        if (half == null) {
            convolve(l, node.name(), c, src, l.weightOf(node), dst);
        } else {
            half.forward(src, dst);
        }
        Operand bias = l.biasOf(node);
        if (bias != null) {
            addBias(l, node, b, bias, c.y(), dst);
        }
    }

    /** dst = the convolution of src, no bias. */
    static void convolve(Lowering l, String name, Convolution c, Block src, Operand weights, Block dst) {
        Gpu gpu = l.gpu;
        ConvolutionAlgorithms.Choice choice = l.algorithms.forward(c);
        Block workspace = workspace(l, choice);
        l.timeline.add(
                name,
                Pass.FORWARD,
                "cudnn:convolution_forward/" + choice.algorithm(),
                s -> gpu.cudnn(JCudnn.cudnnConvolutionForward(
                        gpu.cudnn(),
                        gpu.one(),
                        c.x(),
                        src.pointer(),
                        c.w(),
                        weights.pointer(),
                        c.descriptor(),
                        choice.algorithm(),
                        pointer(workspace),
                        choice.workspace(),
                        gpu.zero(),
                        c.y(),
                        dst.pointer())),
                src,
                dst,
                block(weights),
                workspace);
    }

    /** dst += bias, a number for each channel of dst. */
    static void addBias(
            Lowering l, Node node, cudnnTensorDescriptor b, Operand bias, cudnnTensorDescriptor y, Block dst) {
        Gpu gpu = l.gpu;
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "cudnn:add_tensor",
                s -> gpu.cudnn(
                        JCudnn.cudnnAddTensor(gpu.cudnn(), gpu.one(), b, bias.pointer(), gpu.one(), y, dst.pointer())),
                dst);
    }

    static void backward(Lowering l, BackwardLowering backward, Node node, Layer.Conv2d layer) {
        ConvolutionOps ops = new ConvolutionOps(l, node, layer);
        Block diffDst = backward.gradient(node);
        Parameter weight = BackwardLowering.trainable(node, Parameter.Role.WEIGHT);
        Parameter bias = BackwardLowering.trainable(node, Parameter.Role.BIAS);
        boolean data = backward.wants(node.input());
        Block narrow = ops.half == null || (weight == null && !data) ? diffDst : ops.half.narrowGradient(diffDst);
        if (weight != null) {
            ops.backwardFilter(l.value(node.input()), narrow, l.gradientOf(weight));
        }
        if (bias != null) {
            backwardBias(l, node, ops.c.y(), diffDst, ops.b, l.gradientOf(bias));
        }
        if (data) {
            Block diffSrc = l.timeline.floats(l.count(node.input()));
            ops.backwardData(narrow, diffSrc);
            backward.give(node.input(), diffSrc);
        }
    }

    /** {@code diffDst} in the format of the products. */
    private void backwardFilter(Block src, Block diffDst, Operand diffWeights) {
        if (half == null) {
            backwardFilter(l, node, c, src, diffDst, diffWeights, true);
        } else {
            half.backwardFilter(src, diffDst, diffWeights);
        }
    }

    /** @param gradient added to where the step accumulates; false: diffWeights is a block that is only written */
    static void backwardFilter(
            Lowering l, Node node, Convolution c, Block src, Block diffDst, Operand diffWeights, boolean gradient) {
        Gpu gpu = l.gpu;
        ConvolutionAlgorithms.Choice choice = l.algorithms.backwardFilter(c);
        Block workspace = workspace(l, choice);
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_WEIGHTS,
                "cudnn:convolution_backward_filter/" + choice.algorithm(),
                s -> gpu.cudnn(JCudnn.cudnnConvolutionBackwardFilter(
                        gpu.cudnn(),
                        gpu.one(),
                        c.x(),
                        src.pointer(),
                        c.y(),
                        diffDst.pointer(),
                        c.descriptor(),
                        choice.algorithm(),
                        pointer(workspace),
                        choice.workspace(),
                        gradient ? s.beta(gpu) : gpu.zero(),
                        c.w(),
                        diffWeights.pointer())),
                src,
                diffDst,
                block(diffWeights),
                workspace);
    }

    /** The sum of diffDst over all but its channels. */
    static void backwardBias(
            Lowering l, Node node, cudnnTensorDescriptor y, Block diffDst, cudnnTensorDescriptor b, Operand diffBias) {
        Gpu gpu = l.gpu;
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_WEIGHTS,
                "cudnn:convolution_backward_bias",
                s -> gpu.cudnn(JCudnn.cudnnConvolutionBackwardBias(
                        gpu.cudnn(), gpu.one(), y, diffDst.pointer(), s.beta(gpu), b, diffBias.pointer())),
                diffDst);
    }

    private void backwardData(Block diffDst, Block diffSrc) {
        if (half == null) {
            backwardData(l, node, c, l.weightOf(node), diffDst, diffSrc);
        } else {
            half.backwardData(diffDst, diffSrc);
        }
    }

    static void backwardData(Lowering l, Node node, Convolution c, Operand weights, Block diffDst, Block diffSrc) {
        Gpu gpu = l.gpu;
        ConvolutionAlgorithms.Choice choice = l.algorithms.backwardData(c);
        Block workspace = workspace(l, choice);
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "cudnn:convolution_backward_data/" + choice.algorithm(),
                s -> gpu.cudnn(JCudnn.cudnnConvolutionBackwardData(
                        gpu.cudnn(),
                        gpu.one(),
                        c.w(),
                        weights.pointer(),
                        c.y(),
                        diffDst.pointer(),
                        c.descriptor(),
                        choice.algorithm(),
                        pointer(workspace),
                        choice.workspace(),
                        gpu.zero(),
                        c.x(),
                        diffSrc.pointer())),
                diffDst,
                diffSrc,
                block(weights),
                workspace);
    }

    /** What lies in an arena counts as used; the regions of parameters stay. */
    static @Nullable Block block(Operand operand) {
        return operand instanceof Block block ? block : null;
    }

    private static @Nullable Block workspace(Lowering l, ConvolutionAlgorithms.Choice choice) {
        return choice.workspace() == 0 ? null : l.timeline.bytes(choice.workspace());
    }

    private static Address pointer(@Nullable Block workspace) {
        return workspace == null ? Address.NULL : workspace.pointer();
    }
}
