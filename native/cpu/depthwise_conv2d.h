// Depthwise convolution, one filter a channel: NHWC, channels in the lanes of a vector. Square windows of 3 or 5, stride
// 1 or 2, no dilation, any padding below the window, at least a vector of channels.
#pragma once

#include "own_conv2d.h"

namespace taxon {

// NULL for what is not covered, or slower than oneDNN.
OwnConv2d *depthwise_conv2d_forward(const int64_t *sizes, int flags, const double *numbers);
OwnConv2d *depthwise_conv2d_backward_data(const int64_t *sizes);
OwnConv2d *depthwise_conv2d_backward_weights(const int64_t *sizes);

}  // namespace taxon
