// Dropout of elements in their order, a vector of Philox's blocks at a time.
#pragma once

#include <cmath>

#include "philox.h"
#include "vec.h"

namespace taxon {

typedef uint32_t Words __attribute__((vector_size(LANES * sizeof(uint32_t))));

// The upper and the lower halves of the products of a's words with one factor.
inline void multiply_words(Words &high, Words &low, Words a, uint32_t factor) {
#if defined(__AVX512F__)
    constexpr __mmask16 all = 0xffff, odd = 0xaaaa;  // gcc 12 warns of the unmasked ones
    __m512i f = _mm512_set1_epi32((int)factor), even = _mm512_maskz_mul_epu32(0xff, (__m512i)a, f);
    __m512i other = _mm512_maskz_mul_epu32(0xff, _mm512_maskz_srli_epi64(0xff, (__m512i)a, 32), f);
    high = (Words)_mm512_mask_mov_epi32(_mm512_maskz_srli_epi64(0xff, even, 32), odd, other);
    low = (Words)_mm512_mask_shuffle_epi32(_mm512_maskz_mov_epi32(all, even), odd, other, _MM_PERM_CCAA);
#else
    __m256i f = _mm256_set1_epi32((int)factor), even = _mm256_mul_epu32((__m256i)a, f);
    __m256i other = _mm256_mul_epu32(_mm256_srli_epi64((__m256i)a, 32), f);
    high = (Words)_mm256_blend_epi32(_mm256_srli_epi64(even, 32), other, 0xaa);
    low = (Words)_mm256_blend_epi32(even, _mm256_slli_epi64(other, 32), 0xaa);
#endif
}

// philox() of LANES blocks from one on: out[v] holds the words of elements 4 · block + v · LANES and on.
inline void philox_vectors(Words *out, uint64_t seed, uint64_t stream, uint64_t block) {
    constexpr int QUARTER = LANES / 4;
    Words c0, c1, c2 = Words{} + (uint32_t)stream, c3 = Words{} + (uint32_t)(stream >> 32);
    for (int l = 0; l < LANES; l++) {
        uint64_t at = block + l % 4 * QUARTER + l / 4;  // so that interleaving by fours gives the blocks in order
        c0[l] = (uint32_t)at;
        c1[l] = (uint32_t)(at >> 32);
    }
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    for (int round = 0; round < 10; round++) {
        Words high0, low0, high1, low1;
        multiply_words(high0, low0, c0, 0xD2511F53);
        multiply_words(high1, low1, c2, 0xCD9E8D57);
        c0 = high1 ^ c1 ^ k0;
        c1 = low1;
        c2 = high0 ^ c3 ^ k1;
        c3 = low0;
        k0 += 0x9E3779B9;
        k1 += 0xBB67AE85;
    }
#if defined(__AVX512F__)
    constexpr __mmask16 all = 0xffff;
    constexpr __mmask8 pairs = 0xff;
    __m512i a = _mm512_maskz_unpacklo_epi32(all, (__m512i)c0, (__m512i)c1), b = _mm512_maskz_unpacklo_epi32(all, (__m512i)c2, (__m512i)c3);
    __m512i c = _mm512_maskz_unpackhi_epi32(all, (__m512i)c0, (__m512i)c1), d = _mm512_maskz_unpackhi_epi32(all, (__m512i)c2, (__m512i)c3);
    out[0] = (Words)_mm512_maskz_unpacklo_epi64(pairs, a, b);
    out[1] = (Words)_mm512_maskz_unpackhi_epi64(pairs, a, b);
    out[2] = (Words)_mm512_maskz_unpacklo_epi64(pairs, c, d);
    out[3] = (Words)_mm512_maskz_unpackhi_epi64(pairs, c, d);
#else
    __m256i a = _mm256_unpacklo_epi32((__m256i)c0, (__m256i)c1), b = _mm256_unpacklo_epi32((__m256i)c2, (__m256i)c3);
    __m256i c = _mm256_unpackhi_epi32((__m256i)c0, (__m256i)c1), d = _mm256_unpackhi_epi32((__m256i)c2, (__m256i)c3);
    out[0] = (Words)_mm256_unpacklo_epi64(a, b);
    out[1] = (Words)_mm256_unpackhi_epi64(a, b);
    out[2] = (Words)_mm256_unpacklo_epi64(c, d);
    out[3] = (Words)_mm256_unpackhi_epi64(c, d);
#endif
}

// dst = src, each element dropped with probability p and else scaled; first is the number of src's first element.
inline void drop(float *dst, const float *src, int64_t count, int64_t first, double p, int64_t seed, int64_t stream) {
    float scale = (float)(1 / (1 - p));
    auto bound = (int32_t)std::ceil(p * 0x1p24);  // of the 24 bits that unit() takes
    auto some = [&](int64_t begin, int64_t end) {
        uint32_t word[4];
        for (int64_t i = begin; i < end; i++) {
            int64_t at = first + i;
            if (i == begin || at % 4 == 0) philox(word, (uint64_t)seed, (uint64_t)stream, (uint64_t)(at / 4));
            dst[i] = (int32_t)(word[at % 4] >> 8) >= bound ? src[i] * scale : 0.f;
        }
    };
    int64_t i = (4 - first % 4) % 4 < count ? (4 - first % 4) % 4 : count;
    some(0, i);
    for (; i + 4 * LANES <= count; i += 4 * LANES) {
        Words word[4];
        philox_vectors(word, (uint64_t)seed, (uint64_t)stream, (uint64_t)(first + i) / 4);
        for (int v = 0; v < 4; v++) {
            Vec x = load(src + i + v * LANES) * scale;
            store(dst + i + v * LANES, (Mask)(word[v] >> 8) >= bound ? x : Vec{});
        }
    }
    some(i, count);
}

}  // namespace taxon
