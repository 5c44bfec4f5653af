// Work of known size at the machine's limits, for rooflines: the caller measures the time.
#include "taxon.h"
#include "vec.h"

using namespace taxon;

// Chains of dependent multiply-adds that fill two units of latency 4, and fit in AVX2's 16 registers.
constexpr int CHAINS = 12;

extern "C" int64_t taxon_multiply_adds(int64_t iterations) {
    int64_t operations = 0;
#pragma omp parallel reduction(+ : operations)
    {
        Vec sum[CHAINS];
        for (int j = 0; j < CHAINS; j++) sum[j] = splat(1.0f + 0.1f * j);
        Vec scale = keep(splat(0.5f)), shift = keep(splat(0.25f));
        for (int64_t i = 0; i < iterations; i++) {
#pragma GCC unroll 12
            for (int j = 0; j < CHAINS; j++) sum[j] = keep(sum[j] * scale + shift);
        }
        for (int j = 0; j < CHAINS; j++) asm volatile("" : : "v"(sum[j]));  // results that nobody uses would not be computed
        operations += 2 * CHAINS * LANES * iterations;
    }
    return operations;
}

extern "C" int taxon_stream_add(float *dst, const float *a, const float *b, int64_t count, int64_t repetitions) {
#pragma omp parallel
    {
        Range part = share(count / LANES);
        for (int64_t r = 0; r < repetitions; r++) {
            for (int64_t i = part.begin * LANES; i < part.end * LANES; i += LANES) {
                store(dst + i, load(a + i) + load(b + i));
            }
            asm volatile("" ::: "memory");  // each repetition is done
        }
    }
    return 0;
}
