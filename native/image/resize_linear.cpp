// OpenCV's INTER_LINEAR on uint8: 11-bit weights; sums along x lose 4 bits and are 15-bit numbers then.
// Source: OpenCV 4.6, modules/imgproc/src/resize.cpp (the algorithm).
#include <immintrin.h>

#include <algorithm>

#include "resize.h"

namespace taxon {

namespace {

// Pixels whose two taps can be loaded as 8 bytes.
int loadable(const Axis &x, int row_bytes) {
    int safe = x.count();
    while (safe > 0 && x.index(safe - 1)[0] * 3 + 8 > row_bytes) safe--;
    return safe;
}

__m128i load_pair(const uint8_t *row, const int32_t *index) {
    return _mm_loadl_epi64(reinterpret_cast<const __m128i *>(row + index[0] * 3));
}

__m128i weight_pair(const int32_t *weight) { return _mm_set1_epi32(weight[0] | weight[1] << 16); }

// Two pixels of 3 channels, a lane each.
__m256i blend(const uint8_t *row, const Axis &x, int one, int other) {
    const __m256i pairs = _mm256_setr_epi8(
        0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1,
        0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1);
    __m256i taps = _mm256_set_m128i(load_pair(row, x.index(other)), load_pair(row, x.index(one)));
    __m256i weights = _mm256_set_m128i(weight_pair(x.weight(other)), weight_pair(x.weight(one)));
    return _mm256_srli_epi32(_mm256_madd_epi16(_mm256_shuffle_epi8(taps, pairs), weights), 4);
}

// Where the second tap is the same pixel as the first, its weight is 0, and what is loaded for it does not matter.
int colors_along_x(int16_t *dst, const uint8_t *row, int row_bytes, const Axis &x) {
    const __m256i close = _mm256_setr_epi8(
        0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13, -1, -1, -1, -1,
        0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13, -1, -1, -1, -1);
    int safe = loadable(x, row_bytes), i = 0;
    for (; i + 4 <= safe; i += 4) {
        __m256i four = _mm256_packs_epi32(blend(row, x, i, i + 2), blend(row, x, i + 1, i + 3));
        four = _mm256_shuffle_epi8(four, close);
        _mm_storeu_si128(reinterpret_cast<__m128i *>(dst + i * 3), _mm256_castsi256_si128(four));
        _mm_storeu_si128(reinterpret_cast<__m128i *>(dst + i * 3 + 6), _mm256_extracti128_si256(four, 1));
    }
    return i;
}

void along_x(int16_t *dst, const uint8_t *row, int row_bytes, const Axis &x, int channels) {
    int i = channels == 3 ? colors_along_x(dst, row, row_bytes, x) : 0;
    for (; i < x.count(); i++) {
        const int32_t *index = x.index(i), *weight = x.weight(i);
        for (int c = 0; c < channels; c++) {
            int sum = row[index[0] * channels + c] * weight[0] + row[index[1] * channels + c] * weight[1];
            dst[i * channels + c] = int16_t(sum >> 4);
        }
    }
}

__m256i along_y(const int16_t *upper, const int16_t *lower, __m256i weight0, __m256i weight1) {
    __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(upper));
    __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(lower));
    __m256i sum = _mm256_add_epi16(_mm256_mulhi_epi16(a, weight0), _mm256_mulhi_epi16(b, weight1));
    return _mm256_srai_epi16(_mm256_add_epi16(sum, _mm256_set1_epi16(2)), 2);
}

void along_y(uint8_t *dst, const int16_t *upper, const int16_t *lower, int w0, int w1, int values) {
    __m256i weight0 = _mm256_set1_epi16(int16_t(w0)), weight1 = _mm256_set1_epi16(int16_t(w1));
    int i = 0;
    for (; i + 32 <= values; i += 32) {
        __m256i low = along_y(upper + i, lower + i, weight0, weight1);
        __m256i high = along_y(upper + i + 16, lower + i + 16, weight0, weight1);
        __m256i packed = _mm256_permute4x64_epi64(_mm256_packus_epi16(low, high), 0xD8);
        _mm256_storeu_si256(reinterpret_cast<__m256i *>(dst + i), packed);
    }
    for (; i < values; i++) dst[i] = uint8_t(((upper[i] * w0 >> 16) + (lower[i] * w1 >> 16) + 2) >> 2);
}

}  // namespace

void resize_linear(Workspace &w, const Plan &plan, WritablePixels dst, Pixels src, int channels) {
    int values = plan.x.count * channels, line = values + 32;
    int16_t *rows = w.shorts.room(size_t(2) * line);
    int held[2] = {-1, -1};
    for (int y = 0; y < plan.y.count; y++) {
        const int32_t *index = w.y.index(y), *weight = w.y.weight(y);
        for (int k = 0; k < 2; k++) {
            int row = index[k], place = row & 1;    // two neighbours never share a place
            if (held[place] == row) continue;
            along_x(rows + place * line, src.row(row), plan.width * channels, w.x, channels);
            held[place] = row;
        }
        along_y(
            dst.row(y), rows + (index[0] & 1) * line, rows + (index[1] & 1) * line, weight[0], weight[1], values);
    }
}

}  // namespace taxon
