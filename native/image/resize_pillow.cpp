// Pillow's resize on uint8: columns before rows, each rounded to uint8, with 22-bit fixed-point weights.
// Source: Pillow 9.4, src/libImaging/Resample.c (the algorithm).
#include <immintrin.h>

#include <algorithm>
#include <cstring>

#include "resize.h"

namespace taxon {

namespace {

constexpr int BITS = 22;

uint8_t shifted(int32_t sum) { return uint8_t(std::min(std::max(sum >> BITS, 0), 255)); }

__m128i load_color(const uint8_t *pixel, bool four_bytes) {
    int32_t bytes = 0;
    memcpy(&bytes, pixel, four_bytes ? 4 : 3);
    return _mm_cvtepu8_epi32(_mm_cvtsi32_si128(bytes));
}

// One pixel of 3 channels.
void color_along_x(uint8_t *dst, const uint8_t *row, int row_bytes, int first, int length, const int32_t *weights) {
    const __m256i two_pixels = _mm256_setr_epi8(
        0, -1, -1, -1, 1, -1, -1, -1, 2, -1, -1, -1, -1, -1, -1, -1,
        3, -1, -1, -1, 4, -1, -1, -1, 5, -1, -1, -1, -1, -1, -1, -1);
    const __m256i spread = _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1);
    const uint8_t *from = row + first * 3;
    int readable = row_bytes - first * 3, k = 0;
    __m256i sums = _mm256_setzero_si256();
    for (; k + 2 <= length && k * 3 + 8 <= readable; k += 2) {
        __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i *>(from + k * 3));
        __m256i pixels = _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(bytes), two_pixels);
        __m128i pair = _mm_loadl_epi64(reinterpret_cast<const __m128i *>(weights + k));
        __m256i weight = _mm256_permutevar8x32_epi32(_mm256_castsi128_si256(pair), spread);
        sums = _mm256_add_epi32(sums, _mm256_mullo_epi32(pixels, weight));
    }
    __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
    for (; k < length; k++) {
        __m128i pixel = load_color(from + k * 3, k * 3 + 4 <= readable);
        sum = _mm_add_epi32(sum, _mm_mullo_epi32(pixel, _mm_set1_epi32(weights[k])));
    }
    sum = _mm_srai_epi32(_mm_add_epi32(sum, _mm_set1_epi32(1 << (BITS - 1))), BITS);
    __m128i words = _mm_packs_epi32(sum, sum);
    int32_t bytes = _mm_cvtsi128_si32(_mm_packus_epi16(words, words));
    memcpy(dst, &bytes, 3);
}

void along_x(uint8_t *dst, const uint8_t *row, int row_bytes, const Axis &x, int channels) {
    for (int i = 0; i < x.count(); i++) {
        int first = x.first(i), length = x.length(i);
        const int32_t *weights = x.weights(i);
        if (channels == 3) {
            color_along_x(dst + i * 3, row, row_bytes, first, length, weights);
            continue;
        }
        for (int c = 0; c < channels; c++) {
            int32_t sum = 1 << (BITS - 1);
            for (int k = 0; k < length; k++) sum += row[(first + k) * channels + c] * weights[k];
            dst[i * channels + c] = shifted(sum);
        }
    }
}

__m256i along_y(Pixels rows, int first, int length, const int32_t *weights, int at) {
    __m256i sum = _mm256_set1_epi32(1 << (BITS - 1));
    for (int k = 0; k < length; k++) {
        __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i *>(rows.row(first + k) + at));
        __m256i product = _mm256_mullo_epi32(_mm256_cvtepu8_epi32(bytes), _mm256_set1_epi32(weights[k]));
        sum = _mm256_add_epi32(sum, product);
    }
    return _mm256_srai_epi32(sum, BITS);
}

void along_y(uint8_t *dst, Pixels rows, const Axis &y, int row, int values) {
    int first = y.first(row), length = y.length(row), i = 0;
    const int32_t *weights = y.weights(row);
    for (; i + 8 <= values; i += 8) {
        __m256i eight = along_y(rows, first, length, weights, i);
        __m128i words = _mm_packs_epi32(_mm256_castsi256_si128(eight), _mm256_extracti128_si256(eight, 1));
        _mm_storel_epi64(reinterpret_cast<__m128i *>(dst + i), _mm_packus_epi16(words, words));
    }
    for (; i < values; i++) {
        int32_t sum = 1 << (BITS - 1);
        for (int k = 0; k < length; k++) sum += rows.row(first + k)[i] * weights[k];
        dst[i] = shifted(sum);
    }
}

}  // namespace

void resize_pillow(
    Workspace &w, const Plan &plan, bool resize_y, bool resize_x, WritablePixels dst, Pixels src, int channels) {
    int values = plan.x.count * channels;
    Pixels narrow = src;
    if (resize_x) {
        uint8_t *rows = resize_y ? w.bytes.room(size_t(plan.height) * values) : dst.data;
        int64_t row_bytes = resize_y ? values : dst.row_bytes;
        for (int y = 0; y < plan.height; y++) {
            along_x(rows + y * row_bytes, src.row(y), plan.width * channels, w.x, channels);
        }
        narrow = {rows, row_bytes};
    }
    for (int y = 0; resize_y && y < plan.y.count; y++) along_y(dst.row(y), narrow, w.y, y, values);
}

}  // namespace taxon
