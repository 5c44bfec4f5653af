package dev.taxon.device.cpu;

import java.util.function.Function;

/** Kernels of ours for work that oneDNN has no kernel for. */
public enum OwnKernel {
    SGD(OptimizerKernels::sgd),
    ADAM(OptimizerKernels::adam),
    RMSPROP(OptimizerKernels::rmsProp),
    ADAGRAD(OptimizerKernels::adagrad),
    ADADELTA(OptimizerKernels::adadelta),
    ADAMAX(OptimizerKernels::adamax),
    NADAM(OptimizerKernels::nadam),
    RADAM(OptimizerKernels::radam),
    ASGD(OptimizerKernels::asgd),
    LAMB(OptimizerKernels::lamb),
    NORM(OptimizerKernels::norm),
    SCALE(OptimizerKernels::scale),
    LIMIT(OptimizerKernels::limit),
    AVERAGE(OptimizerKernels::average),
    SOFTMAX_CROSS_ENTROPY(LossKernels::softmaxCrossEntropy),
    BINARY_CROSS_ENTROPY(LossKernels::binaryCrossEntropy),
    FOCAL_LOSS(LossKernels::focal),
    ASYMMETRIC_LOSS(LossKernels::asymmetric),
    SEESAW_LOSS(LossKernels::seesaw),
    BATCH_NORM_FOLD(ChannelKernels::batchNormFold),
    SYNC_BATCH_NORM_SUMS(ChannelKernels::syncBatchNormSums),
    CHANNEL_SCALE_BACKWARD(ChannelKernels::channelScaleBackward),
    CHANNELS_ADD(ChannelKernels::channelsAdd),
    CHANNELS_ZERO(ChannelKernels::channelsZero),
    CHANNELS_INTERLEAVE(ChannelKernels::channelsInterleave),
    CHANNELS_SEPARATE(ChannelKernels::channelsSeparate),
    SHORTCUT_A_FORWARD(ChannelKernels::shortcutForward),
    SHORTCUT_A_BACKWARD(ChannelKernels::shortcutBackward),
    RADIX_POOL_FORWARD(ChannelKernels::radixPoolForward),
    RADIX_POOL_BACKWARD(ChannelKernels::radixPoolBackward),
    RADIX_SOFTMAX_FORWARD(ChannelKernels::radixSoftmaxForward),
    RADIX_SOFTMAX_BACKWARD(ChannelKernels::radixSoftmaxBackward),
    RADIX_SUM_FORWARD(ChannelKernels::radixSumForward),
    RADIX_SUM_BACKWARD(ChannelKernels::radixSumBackward),
    GENERALIZED_MEAN_FORWARD(ChannelKernels::generalizedMeanForward),
    GENERALIZED_MEAN_BACKWARD(ChannelKernels::generalizedMeanBackward),
    RESIDUAL_ATTENTION_FORWARD(ChannelKernels::residualAttentionForward),
    RESIDUAL_ATTENTION_BACKWARD(ChannelKernels::residualAttentionBackward),
    DROPOUT(ChannelKernels::dropout),
    DROP_PATH(TokenKernels::dropPath),
    SLICE_FORWARD(TokenKernels::sliceForward),
    SLICE_BACKWARD(TokenKernels::sliceBackward),
    CLASS_TOKEN_FORWARD(TokenKernels::classTokenForward),
    CLASS_TOKEN_BACKWARD(TokenKernels::classTokenBackward),
    POSITION_EMBEDDING_FORWARD(TokenKernels::positionForward),
    POSITION_EMBEDDING_BACKWARD(TokenKernels::positionBackward);

    private final Function<KernelMemory, KernelCase> make;

    OwnKernel(Function<KernelMemory, KernelCase> make) {
        this.make = make;
    }

    KernelCase in(KernelMemory memory) {
        return make.apply(memory);
    }
}
