// Convolution by a 1×1 window: one product of matrices, (pixels, channels) by (channels, channels of the result).
#pragma once

#include "own_conv2d.h"

namespace taxon {

// Where this is about as fast as oneDNN or faster, or NULL. Padding, dilation and groups are oneDNN's.
OwnConv2d *pointwise_conv2d_forward(const int64_t *sizes, int flags);

}  // namespace taxon
