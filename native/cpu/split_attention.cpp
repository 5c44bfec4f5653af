// ResNeSt's split attention: pooling over pixels and slices, softmax over slices, weighted sum of slices.
#include <algorithm>
#include <cmath>

#include "taxon.h"
#include "vec.h"

using namespace taxon;

namespace {

constexpr int64_t WIDTH = 64;  // channels that a thread takes at a time; their sums stay in registers or L1

}  // namespace

extern "C" int taxon_radix_pool_forward(
        float *dst, const float *src, int64_t n, int64_t pixels, int64_t radix, int64_t channels) {
#pragma omp parallel for collapse(2) schedule(static) if (n * pixels * radix * channels > SERIAL)
    for (int64_t b = 0; b < n; b++) {
        for (int64_t c0 = 0; c0 < channels; c0 += WIDTH) {
            double sum[WIDTH] = {};
            int64_t width = std::min(WIDTH, channels - c0);
            for (int64_t p = 0; p < pixels * radix; p++) {
                const float *x = src + (b * pixels * radix + p) * channels + c0;
#pragma omp simd
                for (int64_t c = 0; c < width; c++) sum[c] += (double)x[c];
            }
            for (int64_t c = 0; c < width; c++) dst[b * channels + c0 + c] = (float)(sum[c] / (double)pixels);
        }
    }
    return 0;
}

extern "C" int taxon_radix_pool_backward(
        float *diffSrc, const float *diffDst, int64_t n, int64_t pixels, int64_t radix, int64_t channels) {
    float inverse = 1.f / (float)pixels;
#pragma omp parallel for collapse(2) schedule(static) if (n * pixels * radix * channels > SERIAL)
    for (int64_t b = 0; b < n; b++) {
        for (int64_t p = 0; p < pixels * radix; p++) {
            float *dx = diffSrc + (b * pixels * radix + p) * channels;
            const float *dy = diffDst + b * channels;
#pragma omp simd
            for (int64_t c = 0; c < channels; c++) dx[c] = dy[c] * inverse;
        }
    }
    return 0;
}

extern "C" int taxon_radix_softmax_forward(
        float *dst, const float *src, int64_t n, int64_t radix, int64_t groups, int64_t channels) {
    int64_t slice = groups * channels, count = radix * slice;
    if (radix == 1) {
#pragma omp parallel for simd schedule(static) if (n * count > SERIAL)
        for (int64_t i = 0; i < n * count; i++) dst[i] = 1.f / (1.f + std::exp(-src[i]));
        return 0;
    }
#pragma omp parallel for collapse(2) schedule(static) if (n * count > SERIAL)
    for (int64_t b = 0; b < n; b++) {
        for (int64_t g = 0; g < groups; g++) {
            const float *x = src + b * count + g * radix * channels;
            float *y = dst + b * count + g * channels;
            for (int64_t c = 0; c < channels; c++) {
                float largest = x[c], sum = 0;
                for (int64_t r = 1; r < radix; r++) largest = std::max(largest, x[r * channels + c]);
                for (int64_t r = 0; r < radix; r++) {
                    float e = std::exp(x[r * channels + c] - largest);
                    y[r * slice + c] = e;
                    sum += e;
                }
                for (int64_t r = 0; r < radix; r++) y[r * slice + c] /= sum;
            }
        }
    }
    return 0;
}

extern "C" int taxon_radix_softmax_backward(
        float *diffSrc, const float *diffDst, const float *dst, int64_t n, int64_t radix, int64_t groups,
        int64_t channels) {
    int64_t slice = groups * channels, count = radix * slice;
    if (radix == 1) {
#pragma omp parallel for simd schedule(static) if (n * count > SERIAL)
        for (int64_t i = 0; i < n * count; i++) diffSrc[i] = diffDst[i] * dst[i] * (1.f - dst[i]);
        return 0;
    }
#pragma omp parallel for collapse(2) schedule(static) if (n * count > SERIAL)
    for (int64_t b = 0; b < n; b++) {
        for (int64_t g = 0; g < groups; g++) {
            const float *y = dst + b * count + g * channels, *dy = diffDst + b * count + g * channels;
            float *dx = diffSrc + b * count + g * radix * channels;
            for (int64_t c = 0; c < channels; c++) {
                double sum = 0;  // dy - sum cancels
                for (int64_t r = 0; r < radix; r++) sum += (double)dy[r * slice + c] * (double)y[r * slice + c];
                for (int64_t r = 0; r < radix; r++) {
                    dx[r * channels + c] = y[r * slice + c] * (float)((double)dy[r * slice + c] - sum);
                }
            }
        }
    }
    return 0;
}

extern "C" int taxon_radix_sum_forward(
        float *dst, const float *src, const float *attention, int64_t n, int64_t pixels, int64_t radix,
        int64_t channels) {
#pragma omp parallel for collapse(2) schedule(static) if (n * pixels * radix * channels > SERIAL)
    for (int64_t b = 0; b < n; b++) {
        for (int64_t p = 0; p < pixels; p++) {
            const float *a = attention + b * radix * channels;
            const float *x = src + (b * pixels + p) * radix * channels;
            float *y = dst + (b * pixels + p) * channels;
#pragma omp simd
            for (int64_t c = 0; c < channels; c++) y[c] = a[c] * x[c];
            for (int64_t r = 1; r < radix; r++) {
#pragma omp simd
                for (int64_t c = 0; c < channels; c++) y[c] += a[r * channels + c] * x[r * channels + c];
            }
        }
    }
    return 0;
}

// A thread owns channels of a sample over all pixels: their part of diffAttention is summed by it alone.
extern "C" int taxon_radix_sum_backward(
        float *diffSrc, float *diffAttention, const float *diffDst, const float *src, const float *attention,
        int64_t n, int64_t pixels, int64_t radix, int64_t channels) {
#pragma omp parallel for collapse(3) schedule(static) if (n * pixels * radix * channels > SERIAL)
    for (int64_t b = 0; b < n; b++) {
        for (int64_t r = 0; r < radix; r++) {
            for (int64_t c0 = 0; c0 < channels; c0 += WIDTH) {
                double sum[WIDTH] = {};
                int64_t width = std::min(WIDTH, channels - c0);
                const float *a = attention + (b * radix + r) * channels + c0;
                for (int64_t p = 0; p < pixels; p++) {
                    const float *dy = diffDst + (b * pixels + p) * channels + c0;
                    int64_t at = ((b * pixels + p) * radix + r) * channels + c0;
                    if (diffAttention) {
                        const float *x = src + at;
#pragma omp simd
                        for (int64_t c = 0; c < width; c++) sum[c] += (double)(dy[c] * x[c]);
                    }
                    if (diffSrc) {
                        float *dx = diffSrc + at;
#pragma omp simd
                        for (int64_t c = 0; c < width; c++) dx[c] = dy[c] * a[c];
                    }
                }
                if (diffAttention) {
                    float *da = diffAttention + (b * radix + r) * channels + c0;
                    for (int64_t c = 0; c < width; c++) da[c] = (float)sum[c];
                }
            }
        }
    }
    return 0;
}
