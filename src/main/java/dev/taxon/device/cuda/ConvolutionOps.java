package dev.taxon.device.cuda;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Parameter;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnTensorDescriptor;
import org.jspecify.annotations.Nullable;

/** Convolutions by cuDNN: forward pass, bias, and the gradients of data, weights and bias. */
final class ConvolutionOps {
    private final Lowering l;
    private final Gpu gpu;
    private final Node node;
    private final cudnnTensorDescriptor x;
    private final cudnnTensorDescriptor y;
    private final cudnnTensorDescriptor b;
    private final cudnnFilterDescriptor w;
    private final cudnnConvolutionDescriptor convolution;

    private ConvolutionOps(Lowering l, Node node, Layer.Conv2d layer) {
        this.l = l;
        this.node = node;
        gpu = l.gpu;
        x = l.tensor(node.input());
        y = l.tensor(node);
        b = l.channelTensor(layer.outC());
        w = l.descriptors.filter(
                layer.outC(),
                layer.inC() / layer.groups(),
                layer.kernel().kH(),
                layer.kernel().kW());
        convolution = l.descriptors.convolution(layer.kernel(), layer.groups(), l.mathType());
    }

    static void forward(Lowering l, Node node, Layer.Conv2d layer) {
        ConvolutionOps ops = new ConvolutionOps(l, node, layer);
        ops.forward(l.value(node.input()), l.newValue(node));
    }

    private void forward(Block src, Block dst) {
        convolve(l, node.name(), x, w, convolution, y, src, l.weightOf(node), dst);
        Operand bias = l.biasOf(node);
        if (bias != null) {
            addBias(l, node, b, bias, y, dst);
        }
    }

    /** dst = the convolution of src, no bias. */
    static void convolve(
            Lowering l,
            String name,
            cudnnTensorDescriptor x,
            cudnnFilterDescriptor w,
            cudnnConvolutionDescriptor convolution,
            cudnnTensorDescriptor y,
            Block src,
            Operand weights,
            Block dst) {
        Gpu gpu = l.gpu;
        ConvolutionAlgorithms.Choice choice = l.algorithms.forward(x, w, convolution, y);
        Block workspace = workspace(l, choice);
        l.timeline.add(
                name,
                Pass.FORWARD,
                "cudnn:convolution_forward/" + choice.algorithm(),
                s -> gpu.cudnn(JCudnn.cudnnConvolutionForward(
                        gpu.cudnn(),
                        gpu.one(),
                        x,
                        src.pointer(),
                        w,
                        weights.pointer(),
                        convolution,
                        choice.algorithm(),
                        pointer(workspace),
                        choice.workspace(),
                        gpu.zero(),
                        y,
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
            backwardBias(l, node, ops.y, diffDst, ops.b, l.gradientOf(bias));
        }
        if (backward.wants(node.input())) {
            Block diffSrc = l.timeline.floats(l.count(node.input()));
            ops.backwardData(diffDst, diffSrc);
            backward.give(node.input(), diffSrc);
        }
    }

    private void backwardFilter(Block src, Block diffDst, Operand diffWeights) {
        ConvolutionAlgorithms.Choice choice = l.algorithms.backwardFilter(x, y, convolution, w);
        Block workspace = workspace(l, choice);
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_WEIGHTS,
                "cudnn:convolution_backward_filter/" + choice.algorithm(),
                s -> gpu.cudnn(JCudnn.cudnnConvolutionBackwardFilter(
                        gpu.cudnn(),
                        gpu.one(),
                        x,
                        src.pointer(),
                        y,
                        diffDst.pointer(),
                        convolution,
                        choice.algorithm(),
                        pointer(workspace),
                        choice.workspace(),
                        s.beta(gpu),
                        w,
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
        ConvolutionAlgorithms.Choice choice = l.algorithms.backwardData(w, y, convolution, x);
        Block workspace = workspace(l, choice);
        Operand weights = l.weightOf(node);
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "cudnn:convolution_backward_data/" + choice.algorithm(),
                s -> gpu.cudnn(JCudnn.cudnnConvolutionBackwardData(
                        gpu.cudnn(),
                        gpu.one(),
                        w,
                        weights.pointer(),
                        y,
                        diffDst.pointer(),
                        convolution,
                        choice.algorithm(),
                        pointer(workspace),
                        choice.workspace(),
                        gpu.zero(),
                        x,
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
