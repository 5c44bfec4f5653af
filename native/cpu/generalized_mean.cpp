// Generalized mean over pixels with a learned exponent: y = m^(1/p), m = mean of z^p, z = max(x, eps).
#include <algorithm>
#include <cmath>

#include "taxon.h"
#include "vec.h"

using namespace taxon;

namespace {

constexpr int64_t WIDTH = 64;  // channels that a thread takes at a time; their sums stay in L1

}  // namespace

extern "C" int taxon_generalized_mean_forward(
        float *dst, float *mean, const float *src, const float *p, int64_t n, int64_t pixels, int64_t channels,
        double eps, int clamp) {
    float exponent = *p, least = clamp ? (float)eps : -INFINITY;
#pragma omp parallel for collapse(2) schedule(static)
    for (int64_t b = 0; b < n; b++) {
        for (int64_t c0 = 0; c0 < channels; c0 += WIDTH) {
            double sum[WIDTH] = {};
            int64_t width = std::min(WIDTH, channels - c0);
            for (int64_t i = 0; i < pixels; i++) {
                const float *x = src + (b * pixels + i) * channels + c0;
                for (int64_t c = 0; c < width; c++) sum[c] += (double)std::pow(std::max(x[c], least), exponent);
            }
            for (int64_t c = 0; c < width; c++) {
                double m = sum[c] / (double)pixels;
                mean[b * channels + c0 + c] = (float)m;
                dst[b * channels + c0 + c] = (float)std::pow(m, 1. / (double)exponent);
            }
        }
    }
    return 0;
}

// A thread owns channels of a sample over all pixels; parts (n, channels) are their terms of diffP.
extern "C" int taxon_generalized_mean_backward(
        float *diffSrc, float *diffP, const float *diffDst, const float *dst, const float *mean, const float *src,
        const float *p, double *parts, int accumulate, int64_t n, int64_t pixels, int64_t channels, double eps,
        int clamp) {
    float exponent = *p, least = clamp ? (float)eps : -INFINITY;
    double q = (double)exponent;
#pragma omp parallel for collapse(2) schedule(static)
    for (int64_t b = 0; b < n; b++) {
        for (int64_t c0 = 0; c0 < channels; c0 += WIDTH) {
            double logs[WIDTH] = {};
            float slope[WIDTH];  // of each element: dy · y/(m · pixels)
            int64_t width = std::min(WIDTH, channels - c0), row = b * channels + c0;
            for (int64_t c = 0; c < width; c++) {
                double dy = (double)diffDst[row + c], y = (double)dst[row + c], m = (double)mean[row + c];
                slope[c] = (float)(dy * y / (m * (double)pixels));
            }
            for (int64_t i = 0; i < pixels; i++) {
                int64_t at = (b * pixels + i) * channels + c0;
                for (int64_t c = 0; c < width; c++) {
                    float z = std::max(src[at + c], least), power = std::pow(z, exponent);
                    if (diffP && z != 0.f) logs[c] += (double)power * (double)std::log(z);
                    if (!diffSrc) continue;
                    diffSrc[at + c] = src[at + c] < least ? 0.f : slope[c] * std::pow(z, exponent - 1.f);
                }
            }
            if (!diffP) continue;
            for (int64_t c = 0; c < width; c++) {
                double dy = (double)diffDst[row + c], y = (double)dst[row + c], m = (double)mean[row + c];
                parts[row + c] = dy * y * (logs[c] / (double)pixels / m / q - std::log(m) / (q * q));
            }
        }
    }
    if (diffP) {
        double sum = accumulate ? (double)*diffP : 0;
        for (int64_t i = 0; i < n * channels; i++) sum += parts[i];
        *diffP = (float)sum;
    }
    return 0;
}
