// tanh in float32, written so that loops over it vectorize.
#pragma once

#include <cmath>

#include "exponential.h"

namespace taxon {

// Cephes' tanhf: an odd polynomial near zero, 1 − 2/(e^2x + 1) elsewhere. NaN stays NaN.
inline float hyperbolic_tangent(float x) {
    float z = x * x;
    float p = -5.70498872745e-3f;
    p = p * z + 2.06390887954e-2f;
    p = p * z - 5.37397155531e-2f;
    p = p * z + 1.33314422036e-1f;
    p = p * z - 3.33332819422e-1f;
    float small = p * z * x + x;
    float a = std::fabs(x);
    float large = 1.f - 2.f / (exponential(a < 10.f ? 2.f * a : 20.f) + 1.f);
    float result = a < 0.625f ? small : std::copysign(large, x);
    return x != x ? x : result;
}

}  // namespace taxon
