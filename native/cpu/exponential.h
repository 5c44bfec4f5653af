// exp in float32, written so that loops over it vectorize.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

namespace taxon {

// exp(x), x cut to [−87, 88]: 2^n · exp(r) with r in ±ln 2 / 2, Cephes' polynomial (expf.c), error below 2 ulp. NaN stays.
inline float exponential(float x) {
    float cut = x < -87.f ? -87.f : x > 88.f ? 88.f : x;
    float n = std::floor(cut * 1.44269504088896341f + 0.5f);
    float r = cut - n * 0.693359375f;
    r -= n * -2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * (r * r) + r + 1.f;
    int32_t bits = (int32_t)(((uint32_t)(int32_t)n + 127u) << 23);
    float power;
    std::memcpy(&power, &bits, sizeof power);
    return p * power;
}

}  // namespace taxon
