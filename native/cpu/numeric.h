// What formulas need of numbers, for a float and for a vector of them: functions over T are written once. Vectors say which
// instruction they mean: of the ternaries that a float takes, gcc makes branches, and of those, products by constants whose
// results are subnormal and a hundred cycles each.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

#include "vec.h"

namespace taxon {

#if defined(__AVX512F__)
constexpr __mmask16 ALL = 0xffff;  // gcc 12 warns of intrinsics without a mask
#endif

// x between low and high. NaN stays: maxps and minps give their second operand where one is NaN.
inline float cut(float x, float low, float high) { return x < low ? low : x > high ? high : x; }
inline Vec cut(Vec x, float low, float high) {
#if defined(__AVX512F__)
    return (Vec)_mm512_maskz_min_ps(ALL, (__m512)splat(high), _mm512_maskz_max_ps(ALL, (__m512)splat(low), (__m512)x));
#else
    return (Vec)_mm256_min_ps((__m256)splat(high), _mm256_max_ps((__m256)splat(low), (__m256)x));
#endif
}

inline float round_down(float x) { return std::floor(x); }
inline Vec round_down(Vec x) {
#if defined(__AVX512F__)
    return (Vec)_mm512_maskz_roundscale_ps(ALL, (__m512)x, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
#else
    return (Vec)_mm256_floor_ps((__m256)x);
#endif
}

inline float absolute(float x) { return std::fabs(x); }
inline Vec absolute(Vec x) { return (Vec)((Mask)x & 0x7fffffff); }

// |size| with x's sign.
inline float with_sign(float size, float x) { return std::copysign(size, x); }
inline Vec with_sign(Vec size, Vec x) { return (Vec)(((Mask)size & 0x7fffffff) | ((Mask)x & (int32_t)0x80000000)); }

inline float multiply_add(float a, float b, float c) { return std::fma(a, b, c); }

// 2^n for a whole n from −126 to 127.
inline float power_of_two(float n) {
    auto bits = (int32_t)(((uint32_t)(int32_t)n + 127u) << 23);
    float power;
    std::memcpy(&power, &bits, sizeof power);
    return power;
}
inline Vec power_of_two(Vec n) {
#if defined(__AVX512F__)
    auto whole = (Mask)_mm512_maskz_cvttps_epi32(ALL, (__m512)n);
#else
    auto whole = (Mask)_mm256_cvttps_epi32((__m256)n);
#endif
    return (Vec)((whole + 127) << 23);
}

}  // namespace taxon
