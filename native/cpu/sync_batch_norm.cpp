// What a batch norm over several processes needs beside taxon_batch_norm_forward and _backward, which it calls with the statistics of
// all processes as if they were running ones. Sums are of x and x² in double: with float32 inputs their cancellation is below the
// rounding of the inputs themselves, and one message carries them.
#include <cmath>

#include "taxon_sync.h"
#include "vec.h"

using namespace taxon;

extern "C" int taxon_sync_batch_norm_sums(double *sums, const float *src, void *scratch, int64_t rows, int64_t channels) {
    auto *partial = static_cast<double *>(scratch);  // (threads, 2, channels)
#pragma omp parallel if (rows * channels > SERIAL)
    {
        Range mine = share(rows);
        double *s = partial + omp_get_thread_num() * 2 * channels, *q = s + channels;
        for (int64_t c = 0; c < 2 * channels; c++) s[c] = 0;
        for (int64_t r = mine.begin; r < mine.end; r++) {
            const float *x = src + r * channels;
#pragma omp simd
            for (int64_t c = 0; c < channels; c++) {
                double value = x[c];
                s[c] += value;
                q[c] += value * value;
            }
        }
#pragma omp barrier
#pragma omp single
        for (int64_t c = 0; c < 2 * channels; c++) {
            double sum = 0;
            for (int64_t t = 0; t < omp_get_num_threads(); t++) sum += partial[t * 2 * channels + c];
            sums[c] = sum;
        }
    }
    return 0;
}

extern "C" int taxon_sync_batch_norm_statistics(float *mean, float *var, float *runningMean, float *runningVar,
        const double *sums, double count, int64_t channels, double momentum) {
    for (int64_t c = 0; c < channels; c++) {
        double m = sums[c] / count, v = sums[channels + c] / count - m * m;
        if (v < 0) v = 0;
        mean[c] = (float)m;
        var[c] = (float)v;
        double unbiased = count > 1 ? v * count / (count - 1) : v;
        runningMean[c] = (float)((1 - momentum) * runningMean[c] + momentum * m);
        runningVar[c] = (float)((1 - momentum) * runningVar[c] + momentum * unbiased);
    }
    return 0;
}

extern "C" int taxon_sync_batch_norm_backward(float *diffSrc, float *diffWeight, float *diffBias, const float *src,
        const float *weight, const float *mean, const float *invStd, const float *ownWeight, const float *ownBias,
        const double *sums, double count, int accumulate, int64_t rows, int64_t channels) {
    for (int64_t c = 0; c < channels; c++) {
        if (diffWeight) diffWeight[c] = (accumulate ? diffWeight[c] : 0.f) + ownWeight[c];
        if (diffBias) diffBias[c] = (accumulate ? diffBias[c] : 0.f) + ownBias[c];
    }
    if (!diffSrc) return 0;
    // dx = scale · (g − mean(g) − x̂ · mean(g · x̂)), of which diffSrc holds scale · g.
#pragma omp parallel for schedule(static) if (rows * channels > SERIAL)
    for (int64_t r = 0; r < rows; r++) {
        float *dx = diffSrc + r * channels;
        const float *x = src + r * channels;
#pragma omp simd
        for (int64_t c = 0; c < channels; c++) {
            float scale = invStd[c] * weight[c];
            float shift = (float)(sums[c] / count), slope = (float)(sums[channels + c] / count) * invStd[c];
            dx[c] -= scale * (shift + (x[c] - mean[c]) * slope);
        }
    }
    return 0;
}
