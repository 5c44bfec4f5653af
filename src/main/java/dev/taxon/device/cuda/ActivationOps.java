package dev.taxon.device.cuda;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Layer.Activation.Function;
import dev.taxon.graph.Layer.Activation.Simple;
import dev.taxon.graph.Node;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnActivationDescriptor;
import jcuda.jcudnn.cudnnActivationMode;
import jcuda.jcudnn.cudnnTensorDescriptor;

/** Element-wise functions: cuDNN's where it has them, else our own. */
final class ActivationOps {
    private static final int NONE = -1;

    private ActivationOps() {}

    static void forward(Lowering l, Node node, Function function) {
        int mode = mode(function);
        if (mode == NONE) {
            OwnActivations.forward(l, node, function);
            return;
        }
        Gpu gpu = l.gpu;
        cudnnActivationDescriptor activation = l.descriptors.activation(mode);
        cudnnTensorDescriptor x = l.tensor(node);
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "cudnn:activation_forward",
                s -> gpu.cudnn(JCudnn.cudnnActivationForward(
                        gpu.cudnn(), activation, gpu.one(), x, src.pointer(), gpu.zero(), x, dst.pointer())),
                src,
                dst);
    }

    /** The gradient of the node's input. */
    static void backward(Lowering l, BackwardLowering backward, Node node, Function function) {
        int mode = mode(function);
        if (mode == NONE) {
            OwnActivations.backward(l, backward, node, function);
            return;
        }
        Gpu gpu = l.gpu;
        cudnnActivationDescriptor activation = l.descriptors.activation(mode);
        cudnnTensorDescriptor x = l.tensor(node);
        Block src = l.value(node.input());
        Block dst = l.value(node);
        Block diffDst = backward.gradient(node);
        Block diffSrc = l.timeline.floats(l.count(node));
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "cudnn:activation_backward",
                s -> gpu.cudnn(JCudnn.cudnnActivationBackward(
                        gpu.cudnn(),
                        activation,
                        gpu.one(),
                        x,
                        dst.pointer(),
                        x,
                        diffDst.pointer(),
                        x,
                        src.pointer(),
                        gpu.zero(),
                        x,
                        diffSrc.pointer())),
                src,
                dst,
                diffDst,
                diffSrc);
        backward.give(node.input(), diffSrc);
    }

    private static int mode(Function function) {
        return switch (function) {
            case Simple.RELU -> cudnnActivationMode.CUDNN_ACTIVATION_RELU;
            case Simple.TANH -> cudnnActivationMode.CUDNN_ACTIVATION_TANH;
            case Simple.SIGMOID -> cudnnActivationMode.CUDNN_ACTIVATION_SIGMOID;
            default -> NONE;
        };
    }
}
