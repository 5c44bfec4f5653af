// Multi-head self-attention, one head of one sample a task: its (tokens, tokens) scores stay in the second-level cache
// between the products. oneDNN's sgemm runs on the calling thread alone when it is called inside a parallel region.
#include <cmath>

#include "drop.h"
#include "exponential.h"
#include "op.h"
#include "vec.h"

namespace taxon {
namespace {

// Where the parts of one head lie.
struct Head {
    int64_t tokens, size, channels, ld;  // ld: floats of a row of q, k and v together
    int64_t in, out, pairs;              // first element in src, in dst, in the probabilities
    Head(int64_t task, int64_t tokens, int64_t heads, int64_t size)
        : tokens(tokens), size(size), channels(heads * size), ld(3 * channels) {
        int64_t n = task / heads, h = task % heads;
        in = n * tokens * ld + h * size;
        out = n * tokens * channels + h * size;
        pairs = task * tokens * tokens;
    }
};

void multiply(char transA, char transB, int64_t m, int64_t n, int64_t k, float alpha, const float *a, int64_t lda,
        const float *b, int64_t ldb, float *c, int64_t ldc) {
    dnnl::status status = dnnl::sgemm(transA, transB, m, n, k, alpha, a, lda, b, ldb, 0.f, c, ldc);
    if (status != dnnl::status::success) throw dnnl::error(static_cast<dnnl_status_t>(status), "sgemm failed");
}

// Scores below the largest by 87 and more have no normal numbers in float32.
void softmax(float *x, int64_t count) {
    Vec most = splat(x[0]);
    int64_t c = 0;
    for (; c + LANES <= count; c += LANES) most = load(x + c) > most ? load(x + c) : most;
    float max = x[0];
    for (int l = 0; l < LANES; l++) max = most[l] > max ? most[l] : max;
    for (; c < count; c++) max = x[c] > max ? x[c] : max;
    Vec sums = {};
    c = 0;
    for (; c + LANES <= count; c += LANES) {
        Vec e = exponential(load(x + c) - max);
        store(x + c, e);
        sums += e;
    }
    float sum = 0;
    for (int l = 0; l < LANES; l++) sum += sums[l];
    for (; c < count; c++) sum += x[c] = exponential(x[c] - max);
    float scale = 1 / sum;
    for (int64_t i = 0; i < count; i++) x[i] *= scale;
}

}  // namespace
}  // namespace taxon

using namespace taxon;

extern "C" int64_t taxon_attention_scratch_bytes(int64_t tokens) {
    return (int64_t)omp_get_max_threads() * 2 * tokens * tokens * (int64_t)sizeof(float);
}

extern "C" int taxon_attention_forward(float *dst, float *probabilities, const float *src, void *scratch, int64_t n,
        int64_t tokens, int64_t heads, int64_t headSize, double p, int64_t seed, int64_t stream) {
    float scale = 1 / std::sqrt((float)headSize);
    int64_t square = tokens * tokens;
    int status = 0;
#pragma omp parallel for schedule(static) reduction(| : status)
    for (int64_t task = 0; task < n * heads; task++) {
        status |= guard([&] {
            Head h(task, tokens, heads, headSize);
            float *mine = static_cast<float *>(scratch) + 2 * square * omp_get_thread_num();
            float *scores = probabilities ? probabilities + h.pairs : mine + square;
            const float *q = src + h.in, *k = q + h.channels, *v = k + h.channels;
            multiply('N', 'T', tokens, tokens, headSize, scale, q, h.ld, k, h.ld, scores, tokens);
            for (int64_t i = 0; i < tokens; i++) softmax(scores + i * tokens, tokens);
            if (p > 0) drop(mine, scores, square, h.pairs, p, seed, stream);
            multiply('N', 'N', tokens, headSize, tokens, 1.f, p > 0 ? mine : scores, tokens, v, h.ld, dst + h.out,
                    h.channels);
        });
    }
    return status;
}

extern "C" int taxon_attention_backward(float *diffSrc, const float *diffDst, const float *src,
        const float *probabilities, void *scratch, int64_t n, int64_t tokens, int64_t heads, int64_t headSize,
        double p, int64_t seed, int64_t stream) {
    float scale = 1 / std::sqrt((float)headSize);
    int64_t square = tokens * tokens;
    int status = 0;
#pragma omp parallel for schedule(static) reduction(| : status)
    for (int64_t task = 0; task < n * heads; task++) {
        status |= guard([&] {
            Head h(task, tokens, heads, headSize);
            float *diffScores = static_cast<float *>(scratch) + 2 * square * omp_get_thread_num();
            float *dropped = diffScores + square;
            const float *soft = probabilities + h.pairs, *dy = diffDst + h.out;
            const float *q = src + h.in, *k = q + h.channels, *v = k + h.channels;
            float *dq = diffSrc + h.in, *dk = dq + h.channels, *dv = dk + h.channels;
            if (p > 0) drop(dropped, soft, square, h.pairs, p, seed, stream);
            multiply('T', 'N', tokens, headSize, tokens, 1.f, p > 0 ? dropped : soft, tokens, dy, h.channels, dv,
                    h.ld);
            multiply('N', 'T', tokens, tokens, headSize, 1.f, dy, h.channels, v, h.ld, diffScores, tokens);
            if (p > 0) drop(diffScores, diffScores, square, h.pairs, p, seed, stream);
            for (int64_t i = 0; i < tokens; i++) {
                const float *y = soft + i * tokens;
                float *d = diffScores + i * tokens, dot = 0;
#pragma omp simd reduction(+ : dot)
                for (int64_t j = 0; j < tokens; j++) dot += d[j] * y[j];
                for (int64_t j = 0; j < tokens; j++) d[j] = y[j] * (d[j] - dot);
            }
            multiply('N', 'N', tokens, headSize, tokens, scale, diffScores, tokens, k, h.ld, dq, h.ld);
            multiply('T', 'N', tokens, headSize, tokens, scale, diffScores, tokens, q, h.ld, dk, h.ld);
        });
    }
    return status;
}
