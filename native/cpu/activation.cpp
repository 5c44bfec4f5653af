// Element-wise functions and their gradients over any number of elements.
#include "activation.h"
#include "vec.h"

namespace taxon {
namespace {

// Loops over pointers that are a function's own: through a closure of a parallel region they do not vectorize.
template <class Function>
void values(float *dst, const float *src, Range range, Function function) {
#pragma omp simd
    for (int64_t i = range.begin; i < range.end; i++) dst[i] = function.value(src[i]);
}

template <class Function>
void gradients(float *diffSrc, const float *diffDst, const float *kept, Range range, Function function) {
#pragma omp simd
    for (int64_t i = range.begin; i < range.end; i++) diffSrc[i] = function.gradient(diffDst[i], kept[i]);
}

}  // namespace
}  // namespace taxon

using namespace taxon;

extern "C" int taxon_activation_forward(
        float *dst, const float *src, int64_t count, int flags, const double *numbers) {
    with_activation(flags, numbers, [=](auto function) {
#pragma omp parallel if (count > SERIAL)
        values(dst, src, share(count), function);
    });
    return 0;
}

extern "C" int taxon_activation_backward(float *diffSrc, const float *diffDst, const float *kept, int64_t count,
        int flags, const double *numbers) {
    with_activation(flags, numbers, [=](auto function) {
#pragma omp parallel if (count > SERIAL)
        gradients(diffSrc, diffDst, kept, share(count), function);
    });
    return 0;
}
