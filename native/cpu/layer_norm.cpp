// Layer normalization of (rows, channels): statistics of each row, sums over rows for weight and bias.
#include <cmath>

#include "taxon.h"
#include "vec.h"

namespace taxon {
namespace {

constexpr int64_t BLOCK = 64;  // rows whose gradients are summed in float

float sum(const Vec &v) {
    float s = 0;
    for (int l = 0; l < LANES; l++) s += v[l];
    return s;
}

float mean_of(const float *x, int64_t channels) {
    Vec s[4] = {};  // one alone waits for each sum before the next
    int64_t c = 0;
    for (; c + 4 * LANES <= channels; c += 4 * LANES) {
        for (int i = 0; i < 4; i++) s[i] += load(x + c + i * LANES);
    }
    for (; c + LANES <= channels; c += LANES) s[0] += load(x + c);
    float total = sum((s[0] + s[1]) + (s[2] + s[3]));
    for (; c < channels; c++) total += x[c];
    return total / (float)channels;
}

float variance_of(const float *x, float mean, int64_t channels) {
    Vec s[4] = {};
    int64_t c = 0;
    auto add = [&](Vec &to, int64_t at) {
        Vec d = load(x + at) - splat(mean);
        to += d * d;
    };
    for (; c + 4 * LANES <= channels; c += 4 * LANES) {
        for (int i = 0; i < 4; i++) add(s[i], c + i * LANES);
    }
    for (; c + LANES <= channels; c += LANES) add(s[0], c);
    float total = sum((s[0] + s[1]) + (s[2] + s[3]));
    for (; c < channels; c++) total += (x[c] - mean) * (x[c] - mean);
    return total / (float)channels;
}

// dx = invStd · (g − mean(g) − x̂ · mean(g · x̂)), g = dy · weight; adds dy · x̂ and dy to the sums.
void row(float *dx, float *dw, float *db, const float *dy, const float *x, const float *weight, float mean,
        float invStd, int64_t channels) {
    Vec s = {}, q = {};
    float sTail = 0, qTail = 0;
    int64_t c = 0;
    for (; c + LANES <= channels; c += LANES) {
        Vec g = load(dy + c), h = (load(x + c) - splat(mean)) * splat(invStd);
        store(dw + c, load(dw + c) + g * h);
        store(db + c, load(db + c) + g);
        g *= load(weight + c);
        s += g;
        q += g * h;
    }
    for (int64_t i = c; i < channels; i++) {
        float h = (x[i] - mean) * invStd, g = dy[i] * weight[i];
        dw[i] += dy[i] * h;
        db[i] += dy[i];
        sTail += g;
        qTail += g * h;
    }
    if (!dx) return;
    float shift = (sum(s) + sTail) / (float)channels, slope = (sum(q) + qTail) / (float)channels;
    for (c = 0; c + LANES <= channels; c += LANES) {
        Vec h = (load(x + c) - splat(mean)) * splat(invStd);
        store(dx + c, splat(invStd) * (load(dy + c) * load(weight + c) - splat(shift) - h * splat(slope)));
    }
    for (; c < channels; c++) {
        float h = (x[c] - mean) * invStd;
        dx[c] = invStd * (dy[c] * weight[c] - shift - h * slope);
    }
}

}  // namespace
}  // namespace taxon

using namespace taxon;

extern "C" int taxon_layer_norm_forward(float *dst, float *mean, float *invStd, const float *src, const float *weight,
        const float *bias, int64_t rows, int64_t channels, double eps) {
#pragma omp parallel for schedule(static) if (rows * channels > SERIAL)
    for (int64_t r = 0; r < rows; r++) {
        const float *x = src + r * channels;
        float *y = dst + r * channels;
        float m = mean_of(x, channels);
        float inverse = (float)(1 / std::sqrt((double)variance_of(x, m, channels) + eps));
        mean[r] = m;
        invStd[r] = inverse;
#pragma omp simd
        for (int64_t c = 0; c < channels; c++) y[c] = (x[c] - m) * inverse * weight[c] + bias[c];
    }
    return 0;
}

// Of each thread: two sums in double, and two of a block of rows in float.
extern "C" int64_t taxon_layer_norm_scratch_bytes(int64_t channels) {
    return (int64_t)omp_get_max_threads() * channels * 2 * (int64_t)(sizeof(double) + sizeof(float));
}

extern "C" int taxon_layer_norm_backward(float *diffSrc, float *diffWeight, float *diffBias, const float *diffDst,
        const float *src, const float *weight, const float *mean, const float *invStd, void *scratch, int accumulate,
        int64_t rows, int64_t channels) {
    auto *totals = static_cast<double *>(scratch);
    auto *blocks = reinterpret_cast<float *>(totals + 2 * channels * omp_get_max_threads());
#pragma omp parallel if (rows * channels > SERIAL)
    {
        int64_t me = omp_get_thread_num(), team = omp_get_num_threads();
        double *total = totals + 2 * channels * me;
        float *dw = blocks + 2 * channels * me, *db = dw + channels;
        for (int64_t c = 0; c < 2 * channels; c++) total[c] = 0;
        Range mine = share(rows);
        for (int64_t r0 = mine.begin; r0 < mine.end; r0 += BLOCK) {
            for (int64_t c = 0; c < 2 * channels; c++) dw[c] = 0;
            for (int64_t r = r0; r < r0 + BLOCK && r < mine.end; r++) {
                int64_t i = r * channels;
                row(diffSrc ? diffSrc + i : nullptr, dw, db, diffDst + i, src + i, weight, mean[r], invStd[r],
                        channels);
            }
            for (int64_t c = 0; c < 2 * channels; c++) total[c] += (double)dw[c];
        }
#pragma omp barrier
#pragma omp for schedule(static)
        for (int64_t c = 0; c < channels; c++) {
            double w = 0, b = 0;
            for (int64_t t = 0; t < team; t++) {
                w += totals[2 * channels * t + c];
                b += totals[2 * channels * t + channels + c];
            }
            if (diffWeight) diffWeight[c] = (accumulate ? diffWeight[c] : 0.f) + (float)w;
            if (diffBias) diffBias[c] = (accumulate ? diffBias[c] : 0.f) + (float)b;
        }
    }
    return 0;
}
