// A vector of the build's native width, and how a loop is shared between threads.
#pragma once

#include <cstdint>
#include <cstring>

#include <omp.h>

namespace taxon {

#if defined(__AVX512F__)
constexpr int LANES = 16;
#else
constexpr int LANES = 8;
#endif

typedef float Vec __attribute__((vector_size(LANES * sizeof(float))));
typedef int32_t Mask __attribute__((vector_size(LANES * sizeof(float))));

inline Vec load(const float *p) {
    Vec v;
    std::memcpy(&v, p, sizeof v);
    return v;
}

inline void store(float *p, Vec v) { std::memcpy(p, &v, sizeof v); }

inline Vec splat(float x) { return x - Vec{}; }  // x − 0 is x, −0 too: the compiler sees a broadcast

// Below this many elements a parallel region costs more than it saves.
constexpr int64_t SERIAL = 8192;

struct Range {
    int64_t begin, end;
};

// The part of [0, count) that belongs to the calling thread of a parallel region. The same for the same team size,
// so that sums do not depend on timing.
inline Range share(int64_t count) {
    int64_t team = omp_get_num_threads(), me = omp_get_thread_num();
    return {count * me / team, count * (me + 1) / team};
}

}  // namespace taxon
