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

// What an element-wise pass knows. The mask of a fused ReLU or ReLU6 is where its input lies above 0 and below the ceiling. With a
// residual that is where dst does; without, forward's sum is done again, which costs less than to read dst.
struct Tensors {
    const float *src, *dst, *diffDst, *diffDst2, *mean, *scale, *bias;
    int64_t channels;
    bool relu, again;
    float ceiling;

    // The gradient before the activation, and x − mean.
    std::pair<Vec, Vec> vec(int64_t r, int64_t c) const {
        int64_t i = r * channels + c;
        Vec g = load(diffDst + i), d = load(src + i) - load(mean + c);
        if (diffDst2) g += load(diffDst2 + i);
        if (!relu) return {g, d};
        Vec y = again ? multiply_add(d, load(scale + c), load(bias + c)) : load(dst + i);
        return {(Vec)((Mask)g & (y > 0.f) & (y < ceiling)), d};
    }
    std::pair<float, float> scalar(int64_t r, int64_t c) const {
        int64_t i = r * channels + c;
        float g = diffDst[i] + (diffDst2 ? diffDst2[i] : 0.f), d = src[i] - mean[c];
        if (!relu) return {g, d};
        float y = again ? std::fma(d, scale[c], bias[c]) : dst[i];
        return {y > 0.f && y < ceiling ? g : 0.f, d};
    }
};

// Masked gradient and x − mean; the gradient is kept for the residual when there is one.
struct Gradient {
    Tensors t;
    float *keep;
    std::pair<Vec, Vec> vec(int64_t r, int64_t c) const {
        auto pair = t.vec(r, c);
        if (keep) store(keep + r * t.channels + c, pair.first);
        return pair;
    }
    std::pair<float, float> scalar(int64_t r, int64_t c) const {
        auto pair = t.scalar(r, c);
        if (keep) keep[r * t.channels + c] = pair.first;
        return pair;
    }
};

double total(const double *partial, int64_t team, int64_t stride, int64_t c) {
    double sum = 0;
    for (int64_t t = 0; t < team; t++) sum += partial[t * stride + c];
    return sum;
}

struct Identity {
    Vec value(Vec x) const { return x; }
};

template <bool RESIDUAL, bool PAST, class Function>
void normalize(float *dst, const float *src, const float *residual, const float *mean, const float *scale,
        const float *bias, Range rows, int64_t channels, const Function &function) {
    for (int64_t r = rows.begin; r < rows.end; r++) {
        const float *x = src + r * channels, *z = RESIDUAL ? residual + r * channels : nullptr;
        float *y = dst + r * channels;
        int64_t c = 0;
        for (; c + LANES <= channels; c += LANES) {
            Vec v = multiply_add(load(x + c) - load(mean + c), load(scale + c), load(bias + c));
            if (RESIDUAL) v += load(z + c);
            put<PAST>(y + c, function.value(v));
        }
        if (c == channels) continue;
        int64_t rest = channels - c;
        Vec v = multiply_add(load_part(x + c, rest) - load_part(mean + c, rest), load_part(scale + c, rest), load_part(bias + c, rest));
        if (RESIDUAL) v += load_part(z + c, rest);
        store_part(y + c, function.value(v), rest);
    }
}

// dx = scale · (g − mean(g) − (x − mean) · slope)
template <bool PAST>
void differentiate(float *diffSrc, const Tensors &t, const float *shift, const float *slope, Range rows) {
    for (int64_t r = rows.begin; r < rows.end; r++) {
        int64_t c = 0, i = r * t.channels;
        for (; c + LANES <= t.channels; c += LANES) {
            auto [g, d] = t.vec(r, c);
            put<PAST>(diffSrc + i + c, load(t.scale + c) * (g - load(shift + c) - d * load(slope + c)));
        }
        for (; c < t.channels; c++) {
            auto [g, d] = t.scalar(r, c);
            diffSrc[i + c] = t.scale[c] * (g - shift[c] - d * slope[c]);
        }
    }
}

// weight / √(var + eps), from what forward saves, so that backward finds the same number.
float scale_of(float invStd, float weight) { return invStd * weight; }

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
    bool running = flags & TAXON_RUNNING, past = streams(dst, rows * channels, channels);
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
            invStd[c] = (float)(1 / std::sqrt(var + eps));
            scale[c] = scale_of(invStd[c], weight[c]);
        }
        auto rows_of = [&](auto function) {
            backwards(mine, [&](Range block) {
                auto run = residual ? past ? normalize<true, true, decltype(function)> : normalize<true, false, decltype(function)>
                                    : past ? normalize<false, true, decltype(function)> : normalize<false, false, decltype(function)>;
                run(dst, src, residual, mean, scale, bias, block, channels, function);
            });
        };
        if (flags & TAXON_RELU) rows_of(Relu{});
        else if (flags & TAXON_RELU6) rows_of(Relu6{});
        else rows_of(Identity{});
        if (past) fence();
    }
    return 0;
}

extern "C" int taxon_batch_norm_backward(float *diffSrc, float *diffResidual, float *diffWeight, float *diffBias,
        const float *diffDst, const float *diffDst2, const float *src, const float *dst, const float *weight,
        const float *bias, const float *mean, const float *invStd, void *scratch, int accumulate, int64_t rows, int64_t channels,
        int flags) {
    auto *partial = static_cast<double *>(scratch);
    int64_t stride = 2 * channels;
    auto *scale = reinterpret_cast<float *>(partial + omp_get_max_threads() * stride);
    float *shift = scale + channels, *slope = shift + channels;
    bool running = flags & TAXON_RUNNING;
    float ceiling = flags & TAXON_RELU6 ? 6.f : std::numeric_limits<float>::infinity();
    bool past = diffSrc && streams(diffSrc, rows * channels, channels);
    bool relu = flags & (TAXON_RELU | TAXON_RELU6);
    Tensors tensors{src, dst, diffDst, diffDst2, mean, scale, bias, channels, relu, bias != nullptr, ceiling};
#pragma omp parallel if (rows * channels > SERIAL)
    {
        int64_t team = omp_get_num_threads();
        Range mine = share(rows);
#pragma omp single
        for (int64_t c = 0; c < channels; c++) scale[c] = scale_of(invStd[c], weight[c]);
        double *s = partial + omp_get_thread_num() * stride;
        sums(s, s + channels, channels, mine, Gradient{tensors, diffResidual});
#pragma omp barrier
#pragma omp single
        for (int64_t c = 0; c < channels; c++) {
            double sum = total(partial, team, stride, c), dot = total(partial + channels, team, stride, c);
            double inverse = invStd[c];
            if (diffWeight) diffWeight[c] = (accumulate ? diffWeight[c] : 0.f) + (float)(dot * inverse);
            if (diffBias) diffBias[c] = (accumulate ? diffBias[c] : 0.f) + (float)sum;
            shift[c] = running ? 0.f : (float)(sum / (double)rows);
            slope[c] = running ? 0.f : (float)(dot * inverse * inverse / (double)rows);
        }
        Tensors t = tensors;
        if (diffResidual) t.diffDst = diffResidual, t.diffDst2 = nullptr, t.relu = false;
        auto run = past ? differentiate<true> : differentiate<false>;
        if (diffSrc) backwards(mine, [&](Range block) { run(diffSrc, t, shift, slope, block); });
        if (past) fence();
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
