// Sums over any number of elements.
#include "taxon.h"
#include "vec.h"

namespace taxon {
namespace {

template <bool PAST>
void add(float *dst, const float *a, const float *b, int64_t count) {
    int64_t i = 0;
    for (; i + LANES <= count; i += LANES) put<PAST>(dst + i, load(a + i) + load(b + i));
    for (; i < count; i++) dst[i] = a[i] + b[i];
    if (PAST) fence();
}

}  // namespace
}  // namespace taxon

using namespace taxon;

extern "C" int taxon_add(float *dst, const float *a, const float *b, int64_t count) {
    auto run = dst != a && dst != b && streams(dst, count, LINE) ? add<true> : add<false>;
#pragma omp parallel if (count > SERIAL)
    {
        Range mine = share_lines(count);
        run(dst + mine.begin, a + mine.begin, b + mine.begin, mine.end - mine.begin);
    }
    return 0;
}
