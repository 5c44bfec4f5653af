// Convolution of few channels with the batch in the lanes of a vector: with 1 or 6 channels, layouts that put channels
// there leave most lanes empty. Stride 1, no dilation, no groups; NHWC outside, (channel, row, column, sample) inside.
#pragma once

#include "own_conv2d.h"

namespace taxon {

// Where this beats oneDNN (measured on LeNet-5's layers); each gives NULL elsewhere.
OwnConv2d *small_conv2d_forward(const int64_t *sizes, int flags);
OwnConv2d *small_conv2d_backward_data(const int64_t *sizes);
OwnConv2d *small_conv2d_backward_weights(const int64_t *sizes);

// An op of this kind runs by these instead of its primitive.
struct SmallConv2d : OwnConv2d {
    int64_t n, inC, inH, inW, outC, outH, outW, kH, kW, padH, padW;
    int flags = 0;

    SmallConv2d(const int64_t *sizes, int flags);
    void forward(float *dst, const float *src, const float *weights, const float *bias, void *scratch) const override;
    void backward_data(float *diffSrc, const float *diffDst, const float *weights, void *scratch) const override;
    void backward_weights(float *diffWeights, float *diffBias, const float *diffDst, const float *src, int accumulate,
            void *scratch) const override;
};

}  // namespace taxon
