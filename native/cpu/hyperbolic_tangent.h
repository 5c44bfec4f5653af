// tanh in float32, of a float or of a vector.
#pragma once

#include "exponential.h"

namespace taxon {

// Cephes' tanhf: an odd polynomial near zero, 1 − 2/(e^2x + 1) elsewhere. NaN stays NaN.
template <class T>
inline T hyperbolic_tangent(T x) {
    T z = x * x;
    T p = -5.70498872745e-3f * z + 2.06390887954e-2f;
    p = p * z - 5.37397155531e-2f;
    p = p * z + 1.33314422036e-1f;
    p = p * z - 3.33332819422e-1f;
    T small = p * z * x + x;
    T a = absolute(x);
    T large = 1.f - 2.f / (exponential(cut(2.f * a, 0.f, 20.f)) + 1.f);
    return a < 0.625f ? small : with_sign(large, x);
}

}  // namespace taxon
