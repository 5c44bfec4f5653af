// Grouped 3×3 convolution, NHWC, stride 1 or 2, no dilation, padding below the window: several groups of few channels share a
// vector, larger groups have vectors of their own.
#pragma once

#include "own_conv2d.h"

namespace taxon {

// NULL for what is not covered, or slower than oneDNN.
OwnConv2d *group_conv2d_forward(const int64_t *sizes, int flags, const double *numbers);
OwnConv2d *group_conv2d_backward_data(const int64_t *sizes);
OwnConv2d *group_conv2d_backward_weights(const int64_t *sizes);
// Of a grouped 1×1 convolution of stride 1.
OwnConv2d *group_pointwise_backward_weights(const int64_t *sizes);

}  // namespace taxon
