// OpenCV's INTER_AREA on uint8, for sides that shrink. Source: OpenCV 4.6, modules/imgproc/src/resize.cpp (the algorithm).
#include <immintrin.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "resize.h"

namespace taxon {

namespace {

// One pixel of 3 channels; the fourth value is not used.
__m128 load_color(const uint8_t *pixel, bool four_bytes) {
    int32_t bytes = 0;
    memcpy(&bytes, pixel, four_bytes ? 4 : 3);
    return _mm_cvtepi32_ps(_mm_cvtepu8_epi32(_mm_cvtsi32_si128(bytes)));
}

void along_x(float *dst, const uint8_t *row, int row_bytes, const Axis &x, int channels) {
    for (int i = 0; i < x.count(); i++) {
        int first = x.first(i), length = x.length(i);
        const float *part = x.parts(i);
        if (channels == 3) {
            __m128 sum = _mm_setzero_ps();
            for (int k = 0; k < length; k++) {
                int at = (first + k) * 3;
                sum = _mm_add_ps(sum, _mm_mul_ps(load_color(row + at, at + 4 <= row_bytes), _mm_set1_ps(part[k])));
            }
            _mm_storeu_ps(dst + i * 3, sum);
            continue;
        }
        for (int c = 0; c < channels; c++) {
            float sum = 0;
            for (int k = 0; k < length; k++) sum += row[(first + k) * channels + c] * part[k];
            dst[i * channels + c] = sum;
        }
    }
}

uint8_t rounded(float x) { return uint8_t(std::min(std::max(int(std::rint(x)), 0), 255)); }

}  // namespace

void resize_area(Workspace &w, const Plan &plan, WritablePixels dst, Pixels src, int channels) {
    int values = plan.x.count * channels;
    float *row = w.floats.room(size_t(2) * (values + 16)), *sum = row + values + 16;
    int held = -1;
    for (int y = 0; y < plan.y.count; y++) {
        std::fill(sum, sum + values, 0.0f);
        for (int k = 0; k < w.y.length(y); k++) {
            int from = w.y.first(y) + k;
            if (held != from) {
                along_x(row, src.row(from), plan.width * channels, w.x, channels);
                held = from;
            }
            float part = w.y.parts(y)[k];
            for (int i = 0; i < values; i++) sum[i] += row[i] * part;
        }
        uint8_t *out = dst.row(y);
        for (int i = 0; i < values; i++) out[i] = rounded(sum[i]);
    }
}

void resize_halves(const Plan &plan, WritablePixels dst, Pixels src, int channels) {
    for (int y = 0; y < plan.y.count; y++) {
        const uint8_t *upper = src.row(2 * y), *lower = src.row(2 * y + 1);
        uint8_t *out = dst.row(y);
        for (int x = 0; x < plan.x.count; x++, upper += channels, lower += channels) {
            for (int c = 0; c < channels; c++, upper++, lower++) {
                *out++ = uint8_t((upper[0] + upper[channels] + lower[0] + lower[channels] + 2) >> 2);
            }
        }
    }
}

// Blocks of whole pixels: an exact sum, times 1 / area in float32.
void resize_blocks(const Plan &plan, WritablePixels dst, Pixels src, int channels) {
    int high = plan.y.input / plan.y.output, wide = plan.x.input / plan.x.output;
    float share = 1.0f / (high * wide);
    for (int y = 0; y < plan.y.count; y++) {
        uint8_t *out = dst.row(y);
        for (int i = 0; i < plan.x.count * channels; i++) {
            int sum = 0, corner = i / channels * wide * channels + i % channels;
            for (int dy = 0; dy < high; dy++) {
                const uint8_t *row = src.row(y * high + dy) + corner;
                for (int dx = 0; dx < wide; dx++) sum += row[dx * channels];
            }
            out[i] = rounded(sum * share);
        }
    }
}

}  // namespace taxon
