// Batch normalization of (rows, channels), fused with a residual sum and ReLU or ReLU6 behind it. Statistics are summed relative
// to the first row, which removes the cancellation of E[x²] − E[x]², in float over short blocks and in double above.
#include <cmath>
#include <limits>
#include <utility>

#include "activation.h"
#include "status.h"
#include "taxon.h"
#include "vec.h"

namespace taxon {
namespace {

constexpr int64_t BLOCK = 64;  // rows summed in float

// Adds sums of a and a·b over a block of rows, for K vectors of channels from c. Row(r, c) gives the pair (a, b).
template <int K, class Row>
void sum_block(double *s, double *q, int64_t c, Range rows, const Row &row) {
    Vec a[K], ab[K];
    for (int k = 0; k < K; k++) a[k] = ab[k] = Vec{};
    for (int64_t r = rows.begin; r < rows.end; r++) {
        for (int k = 0; k < K; k++) {
            auto [x, y] = row.vec(r, c + k * LANES);
            a[k] += x;
            ab[k] += x * y;
        }
    }
    for (int k = 0; k < K; k++) {
        for (int l = 0; l < LANES; l++) {
            s[c + k * LANES + l] += (double)a[k][l];
            q[c + k * LANES + l] += (double)ab[k][l];
        }
    }
}

// Block after block, so that memory is read in its order.
template <class Row>
void sums(double *s, double *q, int64_t channels, Range rows, const Row &row) {
    for (int64_t c = 0; c < channels; c++) s[c] = q[c] = 0;
    for (int64_t r0 = rows.begin; r0 < rows.end; r0 += BLOCK) {
        Range block{r0, r0 + BLOCK < rows.end ? r0 + BLOCK : rows.end};
        int64_t c = 0;
        for (; c + 4 * LANES <= channels; c += 4 * LANES) sum_block<4>(s, q, c, block, row);
        for (; c + LANES <= channels; c += LANES) sum_block<1>(s, q, c, block, row);
        for (int64_t r = block.begin; r < block.end && c < channels; r++) {
            for (int64_t i = c; i < channels; i++) {
                auto [x, y] = row.scalar(r, i);
                s[i] += (double)x;
                q[i] += (double)x * y;
            }
        }
    }
}

// The blocks of rows in the reverse of the order in which sums() read them: the last are still in the caches.
template <class Body>
void backwards(Range rows, const Body &body) {
    int64_t blocks = (rows.end - rows.begin + BLOCK - 1) / BLOCK;
    for (int64_t b = blocks - 1; b >= 0; b--) {
        int64_t begin = rows.begin + b * BLOCK, end = begin + BLOCK;
        body(Range{begin, end < rows.end ? end : rows.end});
    }
}

// x − shift, twice: sums of it and of its square.
struct Deviation {
    const float *src, *shift;
    int64_t channels;
    std::pair<Vec, Vec> vec(int64_t r, int64_t c) const {
        Vec d = load(src + r * channels + c) - load(shift + c);
        return {d, d};
    }
    std::pair<float, float> scalar(int64_t r, int64_t c) const {
        float d = src[r * channels + c] - shift[c];
        return {d, d};
    }
};

// What an element-wise pass knows. The mask of a fused ReLU or ReLU6 comes from dst: above 0 and below the ceiling.
struct Tensors {
    const float *src, *dst, *diffDst, *diffDst2, *mean;
    int64_t channels;
    bool relu;
    float ceiling;

    Vec gradient(int64_t r, int64_t c) const {
        int64_t i = r * channels + c;
        Vec g = load(diffDst + i);
        if (diffDst2) g += load(diffDst2 + i);
        if (!relu) return g;
        Vec y = load(dst + i);
        return (Vec)((Mask)g & (y > 0.f) & (y < ceiling));
    }
    float gradient_scalar(int64_t r, int64_t c) const {
        int64_t i = r * channels + c;
        float g = diffDst[i] + (diffDst2 ? diffDst2[i] : 0.f);
        return !relu || (dst[i] > 0.f && dst[i] < ceiling) ? g : 0.f;
    }
};

// Masked gradient and x − mean; the gradient is kept for the residual when there is one.
struct Gradient {
    Tensors t;
    float *keep;
    std::pair<Vec, Vec> vec(int64_t r, int64_t c) const {
        Vec g = t.gradient(r, c);
        if (keep) store(keep + r * t.channels + c, g);
        return {g, load(t.src + r * t.channels + c) - load(t.mean + c)};
    }
    std::pair<float, float> scalar(int64_t r, int64_t c) const {
        float g = t.gradient_scalar(r, c);
        if (keep) keep[r * t.channels + c] = g;
        return {g, t.src[r * t.channels + c] - t.mean[c]};
    }
};

double total(const double *partial, int64_t team, int64_t stride, int64_t c) {
    double sum = 0;
    for (int64_t t = 0; t < team; t++) sum += partial[t * stride + c];
    return sum;
}

struct Identity {
    float value(float x) const { return x; }
};

template <bool RESIDUAL, class Function>
void normalize(float *dst, const float *src, const float *residual, const float *mean, const float *scale,
        const float *bias, Range rows, int64_t channels, const Function &function) {
    for (int64_t r = rows.begin; r < rows.end; r++) {
        const float *x = src + r * channels, *z = residual + (RESIDUAL ? r * channels : 0);
        float *y = dst + r * channels;
#pragma omp simd
        for (int64_t c = 0; c < channels; c++) {
            float v = (x[c] - mean[c]) * scale[c] + bias[c];
            if (RESIDUAL) v += z[c];
            y[c] = function.value(v);
        }
    }
}

// dx = scale · (g − mean(g) − (x − mean) · slope)
void differentiate(float *diffSrc, const Tensors &t, const float *scale, const float *shift, const float *slope, Range rows) {
    for (int64_t r = rows.begin; r < rows.end; r++) {
        int64_t c = 0, i = r * t.channels;
        for (; c + LANES <= t.channels; c += LANES) {
            Vec d = load(t.src + i + c) - load(t.mean + c);
            store(diffSrc + i + c, load(scale + c) * (t.gradient(r, c) - load(shift + c) - d * load(slope + c)));
        }
        for (; c < t.channels; c++) {
            float d = t.src[i + c] - t.mean[c];
            diffSrc[i + c] = scale[c] * (t.gradient_scalar(r, c) - shift[c] - d * slope[c]);
        }
    }
}

}  // namespace
}  // namespace taxon

using namespace taxon;

extern "C" int64_t taxon_batch_norm_scratch_bytes(int64_t channels) {
    return channels * ((int64_t)omp_get_max_threads() * 2 * sizeof(double) + 4 * sizeof(float));
}

extern "C" int taxon_batch_norm_forward(float *dst, float *mean, float *invStd, float *runningMean, float *runningVar,
        const float *src, const float *residual, const float *weight, const float *bias, void *scratch, int64_t rows,
        int64_t channels, double eps, double momentum, int flags) {
    auto *partial = static_cast<double *>(scratch);
    int64_t stride = 2 * channels;
    auto *scale = reinterpret_cast<float *>(partial + omp_get_max_threads() * stride);
    bool running = flags & TAXON_RUNNING;
#pragma omp parallel if (rows * channels > SERIAL)
    {
        int64_t team = omp_get_num_threads();
        Range mine = share(rows);
        if (!running) {
            double *s = partial + omp_get_thread_num() * stride;
            sums(s, s + channels, channels, mine, Deviation{src, src, channels});
#pragma omp barrier
        }
#pragma omp single
        for (int64_t c = 0; c < channels; c++) {
            double var;
            if (running) {
                mean[c] = runningMean[c];
                var = runningVar[c];
            } else {
                double d = total(partial, team, stride, c) / (double)rows;
                double m = src[c] + d;
                var = total(partial + channels, team, stride, c) / (double)rows - d * d;
                if (var < 0) var = 0;
                mean[c] = (float)m;
                double unbiased = rows > 1 ? var * (double)rows / (double)(rows - 1) : var;
                runningMean[c] = (float)((1 - momentum) * runningMean[c] + momentum * m);
                runningVar[c] = (float)((1 - momentum) * runningVar[c] + momentum * unbiased);
            }
            double inverse = 1 / std::sqrt(var + eps);
            invStd[c] = (float)inverse;
            scale[c] = (float)(inverse * weight[c]);
        }
        auto rows_of = [&](auto function) {
            backwards(mine, [&](Range block) {
                if (residual) normalize<true>(dst, src, residual, mean, scale, bias, block, channels, function);
                else normalize<false>(dst, src, src, mean, scale, bias, block, channels, function);
            });
        };
        if (flags & TAXON_RELU) rows_of(Relu{});
        else if (flags & TAXON_RELU6) rows_of(Relu6{});
        else rows_of(Identity{});
    }
    return 0;
}

extern "C" int taxon_batch_norm_backward(float *diffSrc, float *diffResidual, float *diffWeight, float *diffBias,
        const float *diffDst, const float *diffDst2, const float *src, const float *dst, const float *weight,
        const float *mean, const float *invStd, void *scratch, int accumulate, int64_t rows, int64_t channels,
        int flags) {
    auto *partial = static_cast<double *>(scratch);
    int64_t stride = 2 * channels;
    auto *scale = reinterpret_cast<float *>(partial + omp_get_max_threads() * stride);
    float *shift = scale + channels, *slope = shift + channels;
    bool running = flags & TAXON_RUNNING;
    float ceiling = flags & TAXON_RELU6 ? 6.f : std::numeric_limits<float>::infinity();
    Tensors tensors{src, dst, diffDst, diffDst2, mean, channels, (flags & (TAXON_RELU | TAXON_RELU6)) != 0, ceiling};
#pragma omp parallel if (rows * channels > SERIAL)
    {
        int64_t team = omp_get_num_threads();
        Range mine = share(rows);
        double *s = partial + omp_get_thread_num() * stride;
        sums(s, s + channels, channels, mine, Gradient{tensors, diffResidual});
#pragma omp barrier
#pragma omp single
        for (int64_t c = 0; c < channels; c++) {
            double sum = total(partial, team, stride, c), dot = total(partial + channels, team, stride, c);
            double inverse = invStd[c];
            if (diffWeight) diffWeight[c] = (accumulate ? diffWeight[c] : 0.f) + (float)(dot * inverse);
            if (diffBias) diffBias[c] = (accumulate ? diffBias[c] : 0.f) + (float)sum;
            scale[c] = (float)(inverse * weight[c]);
            shift[c] = running ? 0.f : (float)(sum / (double)rows);
            slope[c] = running ? 0.f : (float)(dot * inverse * inverse / (double)rows);
        }
        Tensors t = tensors;
        if (diffResidual) t = {src, dst, diffResidual, nullptr, mean, channels, false, ceiling};
        if (diffSrc) backwards(mine, [&](Range block) { differentiate(diffSrc, t, scale, shift, slope, block); });
    }
    return 0;
}

extern "C" int taxon_batch_norm_fold(float *foldedWeights, float *foldedBias, const float *weights, const float *bias,
        const float *bnWeight, const float *bnBias, const float *runningMean, const float *runningVar, int64_t outC,
        int64_t perOut, double eps) {
#pragma omp parallel for schedule(static) if (outC * perOut > SERIAL)
    for (int64_t o = 0; o < outC; o++) {
        double scale = bnWeight[o] / std::sqrt(runningVar[o] + eps);
        foldedBias[o] = (float)(((bias ? bias[o] : 0.) - runningMean[o]) * scale + bnBias[o]);
        float s = (float)scale;
        for (int64_t i = 0; i < perOut; i++) foldedWeights[o * perOut + i] = weights[o * perOut + i] * s;
    }
    return 0;
}
