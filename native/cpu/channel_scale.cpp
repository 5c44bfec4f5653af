// Squeeze-and-excitation's product: each channel of a sample times a factor of its own.
#include "taxon.h"
#include "vec.h"

namespace taxon {
namespace {

constexpr int64_t CHUNK = 512;  // channels whose sums stay in the first-level cache

// Gradients of one sample and of channels [first, first + count): one pass over x and dy.
void backward(float *dx, float *ds, const float *dy, const float *x, const float *s, int64_t pixels, int64_t channels,
        int64_t first, int64_t count) {
    constexpr int64_t BLOCK = 64;  // pixels summed in float
    double total[CHUNK] = {};
    for (int64_t p0 = 0; p0 < pixels; p0 += BLOCK) {
        int64_t p1 = p0 + BLOCK < pixels ? p0 + BLOCK : pixels;
        float sum[CHUNK] = {};
        for (int64_t p = p0; p < p1; p++) {
            int64_t at = p * channels + first;
#pragma omp simd
            for (int64_t c = 0; c < count; c++) {
                float g = dy[at + c];
                sum[c] += g * x[at + c];
                if (dx) dx[at + c] = g * s[first + c];
            }
        }
        for (int64_t c = 0; c < count; c++) total[c] += (double)sum[c];
    }
    for (int64_t c = 0; ds && c < count; c++) ds[first + c] = (float)total[c];
}

}  // namespace
}  // namespace taxon

using namespace taxon;

extern "C" int taxon_channel_scale_forward(
        float *dst, const float *src, const float *scale, int64_t n, int64_t pixels, int64_t channels) {
#pragma omp parallel for collapse(2) schedule(static) if (n * pixels * channels > SERIAL)
    for (int64_t b = 0; b < n; b++) {
        for (int64_t p = 0; p < pixels; p++) {
            const float *x = src + (b * pixels + p) * channels, *s = scale + b * channels;
            float *y = dst + (b * pixels + p) * channels;
#pragma omp simd
            for (int64_t c = 0; c < channels; c++) y[c] = x[c] * s[c];
        }
    }
    return 0;
}

extern "C" int taxon_channel_scale_backward(float *diffSrc, float *diffScale, const float *diffDst, const float *src,
        const float *scale, int64_t n, int64_t pixels, int64_t channels) {
    int64_t chunks = (channels + CHUNK - 1) / CHUNK;
#pragma omp parallel for collapse(2) schedule(static) if (n * pixels * channels > SERIAL)
    for (int64_t b = 0; b < n; b++) {
        for (int64_t k = 0; k < chunks; k++) {
            int64_t image = b * pixels * channels, row = b * channels, first = k * CHUNK;
            int64_t count = channels - first < CHUNK ? channels - first : CHUNK;
            backward(diffSrc ? diffSrc + image : nullptr, diffScale ? diffScale + row : nullptr, diffDst + image,
                    src + image, scale + row, pixels, channels, first, count);
        }
    }
    return 0;
}
