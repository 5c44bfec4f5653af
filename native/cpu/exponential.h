// exp in float32, of a float or of a vector.
#pragma once

#include "numeric.h"

namespace taxon {

// exp(x), x cut to [−87, 88]: 2^n · exp(r) with r in ±ln 2 / 2, Cephes' polynomial (expf.c), error below 2 ulp. NaN stays.
template <class T>
inline T exponential(T x) {
    T within = cut(x, -87.f, 88.f);
    T n = round_down(within * 1.44269504088896341f + 0.5f);
    T r = within - n * 0.693359375f;
    r -= n * -2.12194440e-4f;
    T p = 1.9875691500e-4f * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * (r * r) + r + 1.f;
    return p * power_of_two(n);
}

}  // namespace taxon
