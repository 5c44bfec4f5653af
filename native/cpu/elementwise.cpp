// Sum, ReLU and tanh over any number of elements.
#include <algorithm>

#include "hyperbolic_tangent.h"
#include "taxon.h"
#include "vec.h"


using namespace taxon;

extern "C" int taxon_add(float *dst, const float *a, const float *b, int64_t count) {
#pragma omp parallel for simd schedule(static) if (count > SERIAL)
    for (int64_t i = 0; i < count; i++) dst[i] = a[i] + b[i];
    return 0;
}

extern "C" int taxon_activation_forward(float *dst, const float *src, int64_t count, int flags) {
    if (flags & TAXON_RELU) {
#pragma omp parallel for simd schedule(static) if (count > SERIAL)
        for (int64_t i = 0; i < count; i++) dst[i] = src[i] < 0.f ? 0.f : src[i];
    } else {
#pragma omp parallel for simd schedule(static) if (count > SERIAL)
        for (int64_t i = 0; i < count; i++) dst[i] = hyperbolic_tangent(src[i]);
    }
    return 0;
}

extern "C" int taxon_activation_backward(
        float *diffSrc, const float *diffDst, const float *dst, int64_t count, int flags) {
    if (flags & TAXON_RELU) {
#pragma omp parallel for simd schedule(static) if (count > SERIAL)
        for (int64_t i = 0; i < count; i++) diffSrc[i] = dst[i] > 0.f ? diffDst[i] : 0.f;
    } else {
#pragma omp parallel for simd schedule(static) if (count > SERIAL)
        for (int64_t i = 0; i < count; i++) diffSrc[i] = diffDst[i] * (1.f - dst[i] * dst[i]);
    }
    return 0;
}
