// Element-wise functions and their gradients over any number of elements.
#include "activation.h"

using namespace taxon;

extern "C" int taxon_activation_forward(
        float *dst, const float *src, int64_t count, int flags, const double *numbers) {
    bool past = dst != src && streams(dst, count, LINE);
    with_activation(flags, numbers, [=](auto function) {
#pragma omp parallel if (count > SERIAL)
        {
            Range mine = share_lines(count);
            auto run = past ? apply<true, decltype(function)> : apply<false, decltype(function)>;
            run(dst + mine.begin, src + mine.begin, mine.end - mine.begin, function);
        }
    });
    return 0;
}

extern "C" int taxon_activation_backward(float *diffSrc, const float *diffDst, const float *kept, int64_t count,
        int flags, const double *numbers) {
    bool past = diffSrc != diffDst && diffSrc != kept && streams(diffSrc, count, LINE);
    with_activation(flags, numbers, [=](auto function) {
#pragma omp parallel if (count > SERIAL)
        {
            Range mine = share_lines(count);
            int64_t i = mine.begin;
            auto run = past ? apply_gradient<true, decltype(function)> : apply_gradient<false, decltype(function)>;
            run(diffSrc + i, diffDst + i, kept + i, mine.end - i, function);
        }
    });
    return 0;
}
