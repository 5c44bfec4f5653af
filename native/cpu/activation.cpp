// Element-wise functions and their gradients over any number of elements.
#include "activation.h"
#include "vec.h"

using namespace taxon;

extern "C" int taxon_activation_forward(
        float *dst, const float *src, int64_t count, int flags, const double *numbers) {
    with_activation(flags, numbers, [=](auto function) {
#pragma omp parallel for simd schedule(static) if (count > SERIAL)
        for (int64_t i = 0; i < count; i++) dst[i] = function.value(src[i]);
    });
    return 0;
}

extern "C" int taxon_activation_backward(float *diffSrc, const float *diffDst, const float *kept, int64_t count,
        int flags, const double *numbers) {
    with_activation(flags, numbers, [=](auto function) {
#pragma omp parallel for simd schedule(static) if (count > SERIAL)
        for (int64_t i = 0; i < count; i++) diffSrc[i] = function.gradient(diffDst[i], kept[i]);
    });
    return 0;
}
