// The gradient of a convolution's weights by our own matrix product, for the strided windows at which oneDNN is slow.
#pragma once

#include "own_conv2d.h"

namespace taxon {

// Where this beats oneDNN, measured on the strided 3×3 of ResNet (at 1×1 oneDNN is as fast or faster); NULL elsewhere.
OwnConv2d *packed_conv2d_backward_weights(const int64_t *sizes);

}  // namespace taxon
