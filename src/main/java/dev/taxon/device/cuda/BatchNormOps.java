package dev.taxon.device.cuda;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Buffer;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Parameter;
import java.util.Objects;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnBatchNormMode;
import jcuda.jcudnn.cudnnTensorDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalization by cuDNN. With running statistics in training (norm_eval) the backward pass is ours: cuDNN's
 * differentiates the statistics too.
 */
final class BatchNormOps {
    private static final int SPATIAL = cudnnBatchNormMode.CUDNN_BATCHNORM_SPATIAL;

    private final Lowering l;
    private final Gpu gpu;
    private final Node node;
    private final Layer.BatchNorm2d layer;
    private final cudnnTensorDescriptor x;
    private final cudnnTensorDescriptor c;
    private final Operand weight;
    private final Operand bias;
    private final Operand runningMean;
    private final Operand runningVar;

    private BatchNormOps(Lowering l, Node node, Layer.BatchNorm2d layer) {
        this.l = l;
        this.node = node;
        this.layer = layer;
        gpu = l.gpu;
        x = l.tensor(node);
        c = l.channelTensor(layer.channels());
        weight = l.weightOf(node);
        bias = Objects.requireNonNull(l.biasOf(node));
        runningMean = l.buffer(node, Buffer.Role.RUNNING_MEAN);
        runningVar = l.buffer(node, Buffer.Role.RUNNING_VAR);
    }

    static void forward(Lowering l, Node node, Layer.BatchNorm2d layer) {
        BatchNormOps ops = new BatchNormOps(l, node, layer);
        if (l.training() && !layer.useRunningStats()) {
            ops.forwardTraining();
        } else {
            ops.forwardInference();
        }
    }

    private void forwardTraining() {
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        Block mean = l.timeline.floats(layer.channels());
        Block invStd = l.timeline.floats(layer.channels());
        l.save(node, mean, invStd);
        node.buffers().stream()
                .filter(b -> b.role() == Buffer.Role.NUM_BATCHES_TRACKED)
                .forEach(l.counters::add);
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "cudnn:batch_normalization_forward_training",
                s -> gpu.cudnn(JCudnn.cudnnBatchNormalizationForwardTraining(
                        gpu.cudnn(),
                        SPATIAL,
                        gpu.one(),
                        gpu.zero(),
                        x,
                        src.pointer(),
                        x,
                        dst.pointer(),
                        c,
                        weight.pointer(),
                        bias.pointer(),
                        layer.bnMomentum(),
                        runningMean.pointer(),
                        runningVar.pointer(),
                        layer.eps(),
                        mean.pointer(),
                        invStd.pointer())),
                src,
                dst,
                mean,
                invStd);
    }

    private void forwardInference() {
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "cudnn:batch_normalization_forward_inference",
                s -> gpu.cudnn(JCudnn.cudnnBatchNormalizationForwardInference(
                        gpu.cudnn(),
                        SPATIAL,
                        gpu.one(),
                        gpu.zero(),
                        x,
                        src.pointer(),
                        x,
                        dst.pointer(),
                        c,
                        weight.pointer(),
                        bias.pointer(),
                        runningMean.pointer(),
                        runningVar.pointer(),
                        layer.eps())),
                src,
                dst);
    }

    static void backward(Lowering l, BackwardLowering backward, Node node, Layer.BatchNorm2d layer) {
        BatchNormOps ops = new BatchNormOps(l, node, layer);
        Block diffDst = backward.gradient(node);
        Block diffSrc = l.timeline.floats(l.count(node));
        if (layer.useRunningStats()) {
            ops.backwardRunning(diffSrc, diffDst);
        } else {
            ops.backwardTraining(diffSrc, diffDst);
        }
        backward.give(node.input(), diffSrc);
    }

    private void backwardTraining(Block diffSrc, Block diffDst) {
        Block src = l.value(node.input());
        Block mean = l.saved(node, 0);
        Block invStd = l.saved(node, 1);
        Block dropped = l.timeline.floats(2L * layer.channels()); // the gradients of frozen parameters
        Operand diffWeight = gradient(Parameter.Role.WEIGHT, dropped);
        Operand diffBias = gradient(Parameter.Role.BIAS, dropped.from((long) layer.channels() * Float.BYTES));
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "cudnn:batch_normalization_backward",
                s -> gpu.cudnn(JCudnn.cudnnBatchNormalizationBackward(
                        gpu.cudnn(),
                        SPATIAL,
                        gpu.one(),
                        gpu.zero(),
                        gpu.one(),
                        s.beta(gpu),
                        x,
                        src.pointer(),
                        x,
                        diffDst.pointer(),
                        x,
                        diffSrc.pointer(),
                        c,
                        weight.pointer(),
                        diffWeight.pointer(),
                        diffBias.pointer(),
                        layer.eps(),
                        mean.pointer(),
                        invStd.pointer())),
                src,
                diffSrc,
                diffDst,
                mean,
                invStd,
                dropped);
    }

    private Operand gradient(Parameter.Role role, Operand dropped) {
        Parameter parameter = BackwardLowering.trainable(node, role);
        return parameter == null ? dropped : l.gradientOf(parameter);
    }

    private void backwardRunning(Block diffSrc, Block diffDst) {
        Kernel kernel = gpu.kernel("batch_norm", "batch_norm_running_backward");
        Block src = l.value(node.input());
        int n = l.batch();
        int channels = layer.channels();
        long pixels = Lowering.pixels(node.shape());
        float eps = (float) layer.eps();
        Operand diffWeight = trained(Parameter.Role.WEIGHT);
        Operand diffBias = trained(Parameter.Role.BIAS);
        Grid grid = Grid.of(channels, 256);
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "taxon:batch_norm_running_backward",
                s -> gpu.arguments()
                        .pointer(diffSrc)
                        .int64(diffWeight == null ? 0 : diffWeight.address())
                        .int64(diffBias == null ? 0 : diffBias.address())
                        .pointer(diffDst)
                        .pointer(src)
                        .pointer(weight)
                        .pointer(runningMean)
                        .pointer(runningVar)
                        .float32(eps)
                        .int32(s.accumulateFlag())
                        .int32(n)
                        .int32(channels)
                        .int64(pixels)
                        .launch(kernel, grid),
                diffSrc,
                diffDst,
                src);
    }

    private @Nullable Operand trained(Parameter.Role role) {
        Parameter parameter = BackwardLowering.trainable(node, role);
        return parameter == null ? null : l.gradientOf(parameter);
    }
}
