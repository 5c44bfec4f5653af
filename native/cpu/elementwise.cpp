// Sums over any number of elements.
#include "taxon.h"
#include "vec.h"

using namespace taxon;

extern "C" int taxon_add(float *dst, const float *a, const float *b, int64_t count) {
#pragma omp parallel for simd schedule(static) if (count > SERIAL)
    for (int64_t i = 0; i < count; i++) dst[i] = a[i] + b[i];
    return 0;
}
