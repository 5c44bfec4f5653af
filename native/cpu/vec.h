// A vector of the build's native width, and how a loop is shared between threads.
#pragma once

#include <cstdint>
#include <cstring>

#include <immintrin.h>
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

// The first width floats of a vector, zero behind them: a copy of variable length is slow.
inline Vec load_part(const float *p, int64_t width) {
    if (width >= LANES) return load(p);
#if defined(__AVX512F__)
    return (Vec)_mm512_maskz_loadu_ps((__mmask16)((1u << width) - 1), p);
#else
    static const int32_t mask[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
    return (Vec)_mm256_maskload_ps(p, _mm256_loadu_si256((const __m256i *)(mask + 8 - width)));
#endif
}

inline void store_part(float *p, Vec v, int64_t width) {
    if (width >= LANES) return store(p, v);
#if defined(__AVX512F__)
    _mm512_mask_storeu_ps(p, (__mmask16)((1u << width) - 1), (__m512)v);
#else
    static const int32_t mask[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
    _mm256_maskstore_ps(p, _mm256_loadu_si256((const __m256i *)(mask + 8 - width)), (__m256)v);
#endif
}

// Asks for data that will be read soon. Rows that lie channels apart are more than the hardware foresees.
inline void expect(const float *p) { __builtin_prefetch(p, 0, 2); }

// Stores past the caches, to an address aligned to the vector. fence() before another thread reads it.
inline void stream(float *p, Vec v) {
#if defined(__AVX512F__)
    _mm512_stream_ps(p, (__m512)v);
#else
    _mm256_stream_ps(p, (__m256)v);
#endif
}

inline void fence() { _mm_sfence(); }

constexpr int64_t LINE = 16;  // floats of a line of the caches

// Results of more floats than the second-level caches hold go past them: that saves reading what is overwritten.
constexpr int64_t STREAM = 1 << 20;

// Whether rows of so many floats, count in all, are whole lines of 64 bytes and worth it.
inline bool streams(const float *dst, int64_t count, int64_t row) {
    return count >= STREAM && row % LINE == 0 && reinterpret_cast<uintptr_t>(dst) % 64 == 0;
}

// The same for vectors that are not written one behind another: half a line would go out alone.
inline bool streams_rows(const float *dst, int64_t count, int64_t row) { return sizeof(Vec) == 64 && streams(dst, count, row); }

template <bool PAST>
inline void put(float *p, Vec v) {
    if (PAST) stream(p, v);
    else store(p, v);
}

// Keeps a value in its register: a compiler that loads it again for each use makes loads the limit.
inline Vec keep(Vec v) {
    asm("" : "+v"(v));
    return v;
}

// Lane i of the result is lane from[i] of v.
inline Vec shuffle(Vec v, Mask from) { return __builtin_shuffle(v, from); }

inline Vec splat(float x) { return x - Vec{}; }  // x − 0 is x, −0 too: the compiler sees a broadcast

// a · b + c, rounded once.
inline Vec multiply_add(Vec a, Vec b, Vec c) {
#if defined(__AVX512F__)
    return (Vec)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
#else
    return (Vec)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#endif
}

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

// The same, cut between lines of the caches.
inline Range share_lines(int64_t count) {
    Range lines = share((count + LINE - 1) / LINE);
    return {lines.begin * LINE, lines.end * LINE < count ? lines.end * LINE : count};
}

}  // namespace taxon
