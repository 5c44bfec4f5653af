package dev.taxon.device.cpu;

import java.util.function.Function;

/** Kernels of ours for work that oneDNN does too (convolutions have a benchmark of their own), at sizes of ResNet-50, ViT-B/16 and MobileNetV3. */
public enum SharedKernel {
    BATCH_NORM_FORWARD(NormKernels::batchNormForward),
    BATCH_NORM_BACKWARD(NormKernels::batchNormBackward),
    LAYER_NORM_FORWARD(NormKernels::layerNormForward),
    LAYER_NORM_BACKWARD(NormKernels::layerNormBackward),
    MAX_POOL_FORWARD(PoolKernels::maxForward),
    MAX_POOL_BACKWARD(PoolKernels::maxBackward),
    AVG_POOL_FORWARD(PoolKernels::averageForward),
    AVG_POOL_BACKWARD(PoolKernels::averageBackward),
    GLOBAL_AVG_POOL_FORWARD(PoolKernels::globalForward),
    GLOBAL_AVG_POOL_BACKWARD(PoolKernels::globalBackward),
    RELU_FORWARD(m -> ElementKernels.activationForward(m, Native.RELU, 0)),
    RELU_BACKWARD(m -> ElementKernels.activationBackward(m, Native.RELU, 0)),
    TANH_FORWARD(m -> ElementKernels.activationForward(m, Native.TANH, 1)),
    TANH_BACKWARD(m -> ElementKernels.activationBackward(m, Native.TANH, 1)),
    SIGMOID_FORWARD(m -> ElementKernels.activationForward(m, Native.SIGMOID, 2)),
    SIGMOID_BACKWARD(m -> ElementKernels.activationBackward(m, Native.SIGMOID, 2)),
    HARD_SWISH_FORWARD(m -> ElementKernels.activationForward(m, Native.HARD_SWISH, 3)),
    HARD_SWISH_BACKWARD(m -> ElementKernels.activationBackward(m, Native.HARD_SWISH, 3)),
    SWISH_FORWARD(m -> ElementKernels.activationForward(m, Native.SWISH, 4)),
    SWISH_BACKWARD(m -> ElementKernels.activationBackward(m, Native.SWISH, 4)),
    GELU_FORWARD(m -> ElementKernels.activationForward(m, Native.GELU, 5)),
    GELU_BACKWARD(m -> ElementKernels.activationBackward(m, Native.GELU, 5)),
    ADD(ElementKernels::add),
    CHANNEL_SCALE(ElementKernels::channelScale),
    CHANNEL_SHUFFLE(ElementKernels::channelShuffle),
    CHANNELS_COPY(ElementKernels::channelsCopy),
    TRANSPOSE(ElementKernels::transpose),
    COLUMN_SUM(ElementKernels::columnSum),
    ATTENTION_FORWARD(AttentionKernels::forward),
    ATTENTION_BACKWARD(AttentionKernels::backward);

    private final Function<KernelMemory, KernelCase> make;

    SharedKernel(Function<KernelMemory, KernelCase> make) {
        this.make = make;
    }

    KernelCase in(KernelMemory memory) {
        return make.apply(memory);
    }
}
