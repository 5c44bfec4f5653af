// 3×3 convolution of stride 1 by Winograd's minimal filtering: fewer products than the window has, other rounding.
// Largest error against double, over the root mean square of the result, measured on random data (WinogradTest states and
// checks it): F(4×4, 3×3) 1e-4, F(2×2, 3×3) 1e-5, the gradient of the weights, F(3×3, 4×4), 5e-5.
#pragma once

#include "own_conv2d.h"

namespace taxon {

// Where this beats oneDNN; each gives NULL elsewhere, and where flags hold TAXON_DIRECT.
OwnConv2d *winograd_conv2d_forward(const int64_t *sizes, int flags, const double *numbers);
OwnConv2d *winograd_conv2d_backward_data(const int64_t *sizes, int flags);
OwnConv2d *winograd_conv2d_backward_weights(const int64_t *sizes, int flags);

// Whether the window is of this kind and the channels fill vectors.
bool winograd_applies(const int64_t *sizes);

}  // namespace taxon
