// tanh in float32, written so that loops over it vectorize.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

namespace taxon {

// exp(x) for x in [0, 88]: 2^n · exp(r) with r in ±ln 2 / 2, Cephes' polynomial (expf.c), error below 2 ulp.
inline float exponential(float x) {
    float n = std::floor(x * 1.44269504088896341f + 0.5f);
    float r = x - n * 0.693359375f;
    r -= n * -2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * (r * r) + r + 1.f;
    int32_t bits = ((int32_t)n + 127) << 23;
    float power;
    std::memcpy(&power, &bits, sizeof power);
    return p * power;
}

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
