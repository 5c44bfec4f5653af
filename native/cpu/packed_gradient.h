// The gradient of a convolution's weights by our own matrix product, for windows of which oneDNN is slow.
#pragma once

#include "own_conv2d.h"

namespace taxon {

// Where this beats oneDNN; NULL elsewhere.
OwnConv2d *packed_conv2d_backward_weights(const int64_t *sizes);

}  // namespace taxon
