// OpenCV's INTER_CUBIC and INTER_LANCZOS4 on uint8: 11-bit weights along both axes.
// Source: OpenCV 4.6, modules/imgproc/src/resize.cpp (the algorithm).
#include <immintrin.h>

#include <algorithm>

#include "resize.h"

namespace taxon {

namespace {

constexpr int BITS = 11;
constexpr int CUBIC_LANES = 8;  // values that OpenCV's SSE code of the cubic makes at once

// Whether the taps are neighbours, and can be loaded two at a time as 8 bytes.
bool loadable(const int32_t *index, int taps, int row_bytes) {
    return index[taps - 1] - index[0] == taps - 1 && index[taps - 2] * 3 + 8 <= row_bytes;
}

__m128i sum_of_taps(const uint8_t *row, const int32_t *index, const int32_t *weight, int taps) {
    const __m128i pairs = _mm_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1);
    const uint8_t *from = row + index[0] * 3;
    __m128i sum = _mm_setzero_si128();
    for (int k = 0; k < taps; k += 2) {
        __m128i two = _mm_shuffle_epi8(_mm_loadl_epi64(reinterpret_cast<const __m128i *>(from + 3 * k)), pairs);
        __m128i weights = _mm_set1_epi32((weight[k] & 0xFFFF) | int32_t(uint32_t(weight[k + 1]) << 16));
        sum = _mm_add_epi32(sum, _mm_madd_epi16(two, weights));
    }
    return sum;
}

// The sum in float32 from the last tap to the first, rounded to even: OpenCV's vector code of the cubic.
__m256i cubic_along_y(const int32_t *const *rows, const float *weights, int at) {
    __m256 sum = _mm256_setzero_ps();
    for (int k = 3; k >= 0; k--) {
        __m256 row = _mm256_cvtepi32_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i *>(rows[k] + at)));
        __m256 product = _mm256_mul_ps(row, _mm256_set1_ps(weights[k]));
        sum = k == 3 ? product : _mm256_add_ps(product, sum);
    }
    return _mm256_cvtps_epi32(sum);
}

// The last values may be written over the end by 7: whole vectors are made.
void cubic_along_y(uint8_t *dst, const int32_t *const *rows, const int32_t *weight, int values) {
    float weights[4];
    for (int k = 0; k < 4; k++) weights[k] = weight[k] * (1.0f / (1 << (2 * BITS)));
    for (int i = 0; i < values; i += 8) {
        __m256i eight = cubic_along_y(rows, weights, i);
        __m128i words = _mm_packs_epi32(_mm256_castsi256_si128(eight), _mm256_extracti128_si256(eight, 1));
        uint8_t bytes[16];
        _mm_storeu_si128(reinterpret_cast<__m128i *>(bytes), _mm_packus_epi16(words, words));
        std::copy(bytes, bytes + std::min(8, values - i), dst + i);
    }
}

void fixed_along_y(uint8_t *dst, const int32_t *const *rows, const int32_t *weight, int taps, int from, int values) {
    for (int i = from; i < values; i++) {
        uint32_t sum = 1u << (2 * BITS - 1);    // wraps as OpenCV's int does
        for (int k = 0; k < taps; k++) sum += uint32_t(rows[k][i]) * uint32_t(weight[k]);
        dst[i] = uint8_t(std::min(std::max(int32_t(sum) >> (2 * BITS), 0), 255));
    }
}

}  // namespace

void taps_along_x(int32_t *dst, const uint8_t *row, int row_bytes, const Axis &x, int channels) {
    int taps = x.taps();
    for (int i = 0; i < x.count(); i++) {
        const int32_t *index = x.index(i), *weight = x.weight(i);
        if (channels == 3 && loadable(index, taps, row_bytes)) {
            _mm_storeu_si128(reinterpret_cast<__m128i *>(dst + i * 3), sum_of_taps(row, index, weight, taps));
            continue;
        }
        for (int c = 0; c < channels; c++) {
            int sum = 0;
            for (int k = 0; k < taps; k++) sum += row[index[k] * channels + c] * weight[k];
            dst[i * channels + c] = sum;
        }
    }
}

void resize_kernel(Workspace &w, const Plan &plan, WritablePixels dst, Pixels src, int channels) {
    int taps = w.y.taps(), values = plan.x.count * channels, line = values + 16;
    int32_t *lines = w.ints.room(size_t(taps) * line);
    const int32_t *rows[8];
    int held[8];
    std::fill(held, held + taps, -1);
    // What OpenCV sums in float32 is a matter of the whole row, not of the part that is wanted.
    int whole = plan.x.output * channels, in_float = whole - whole % CUBIC_LANES - plan.x.from * channels;
    in_float = taps == 4 ? std::min(std::max(in_float, 0), values) : 0;
    for (int y = 0; y < plan.y.count; y++) {
        const int32_t *index = w.y.index(y);
        for (int k = 0; k < taps; k++) {
            int row = index[k], place = row % taps;     // neighbours never share a place
            if (held[place] != row) {
                taps_along_x(lines + place * line, src.row(row), plan.width * channels, w.x, channels);
                held[place] = row;
            }
            rows[k] = lines + place * line;
        }
        if (in_float > 0) cubic_along_y(dst.row(y), rows, w.y.weight(y), in_float);
        fixed_along_y(dst.row(y), rows, w.y.weight(y), taps, in_float, values);
    }
}

}  // namespace taxon
