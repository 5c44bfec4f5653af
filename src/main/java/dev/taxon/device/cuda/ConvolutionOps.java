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
    private final Gpu gpu;
    private final Node node;
    private final Convolution c;
    private final cudnnTensorDescriptor b;

    private ConvolutionOps(Lowering l, Node node, Layer.Conv2d layer) {
        this.l = l;
        this.node = node;
        gpu = l.gpu;
        c = Convolution.of(l, node, layer);
        b = l.channelTensor(layer.outC());
    }

    static void forward(Lowering l, Node node, Layer.Conv2d layer) {
        ConvolutionOps ops = new ConvolutionOps(l, node, layer);
        ops.forward(l.value(node.input()), l.newValue(node));
    }

    private void forward(Block src, Block dst) {
        convolve(l, node.name(), c, src, l.weightOf(node), dst);
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
        if (weight != null) {
            ops.backwardFilter(l.value(node.input()), diffDst, l.gradientOf(weight));
        }
        if (bias != null) {
            backwardBias(l, node, ops.c.y(), diffDst, ops.b, l.gradientOf(bias));
        }
        if (backward.wants(node.input())) {
            Block diffSrc = l.timeline.floats(l.count(node.input()));
            ops.backwardData(diffDst, diffSrc);
            backward.give(node.input(), diffSrc);
        }
    }

    private void backwardFilter(Block src, Block diffDst, Operand diffWeights) {
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
                        s.beta(gpu),
                        c.w(),
                        diffWeights.pointer())),
                src,
                diffDst,
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
        ConvolutionAlgorithms.Choice choice = l.algorithms.backwardData(c);
        Block workspace = workspace(l, choice);
        Operand weights = l.weightOf(node);
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
                workspace);
    }

    private static @Nullable Block workspace(Lowering l, ConvolutionAlgorithms.Choice choice) {
        return choice.workspace() == 0 ? null : l.timeline.bytes(choice.workspace());
    }

    private static Address pointer(@Nullable Block workspace) {
        return workspace == null ? Address.NULL : workspace.pointer();
    }
}
