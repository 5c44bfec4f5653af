#include "small_conv2d.h"

#include <algorithm>

#include "activation.h"
#include "vec.h"

namespace taxon {
namespace {

#if defined(__AVX512F__)
#define TAXON_LOW __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define TAXON_HIGH __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
constexpr int OUT_BLOCK = 6, GRAD_BLOCK = 4;  // as many accumulators as fit in 32 registers
#else
#define TAXON_LOW __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define TAXON_HIGH __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
constexpr int OUT_BLOCK = 3, GRAD_BLOCK = 2;
#endif
constexpr int PIXELS = 4;  // output columns at a time
constexpr int TAPS = 5;    // kernel columns at a time in backward weights

// Transposes a LANES × LANES tile: each stage interleaves row i with row i + LANES/2.
inline void transpose_tile(Vec *v) {
    for (int stage = 1; stage < LANES; stage *= 2) {
        Vec t[LANES];
        for (int i = 0; i < LANES / 2; i++) {
            Vec a = v[i], b = v[i + LANES / 2];
            t[2 * i] = TAXON_LOW;
            t[2 * i + 1] = TAXON_HIGH;
        }
        for (int i = 0; i < LANES; i++) v[i] = t[i];
    }
}

// An image of lanes with a border: (channel, row, column, LANES).
struct Image {
    float *data;
    int64_t c, h, w;
    float *at(int64_t channel, int64_t row, int64_t column) const {
        return data + ((channel * h + row) * w + column) * LANES;
    }
};

// Walks an image in NHWC order without dividing.
struct Cursor {
    int64_t c = 0, row, column, channels, left, right;
    Cursor(int64_t channels, int64_t width, int64_t top, int64_t left)
        : row(top), column(left), channels(channels), left(left), right(left + width) {}
    void next() {
        if (++c < channels) return;
        c = 0;
        if (++column < right) return;
        column = left;
        row++;
    }
};

// NHWC rows of count samples, stride floats apart, to lanes with a border of zeros; missing samples are zero.
void gather(const Image &image, const float *src, int64_t count, int64_t stride, int64_t h, int64_t w, int64_t top,
        int64_t left) {
    if (image.h != h || image.w != w) std::memset(image.data, 0, image.c * image.h * image.w * LANES * sizeof(float));
    int64_t size = h * w * image.c;
    Cursor at(image.c, w, top, left);
    for (int64_t j0 = 0; j0 < size; j0 += LANES) {
        int64_t width = std::min<int64_t>(LANES, size - j0);
        Vec tile[LANES];
        for (int i = 0; i < LANES; i++) tile[i] = i < count ? load_part(src + i * stride + j0, width) : Vec{};
        transpose_tile(tile);
        for (int64_t j = 0; j < width; j++, at.next()) store(image.at(at.c, at.row, at.column), tile[j]);
    }
}

// Lanes of a whole image back to NHWC rows of count samples, stride floats apart.
void scatter(float *dst, const Image &image, int64_t count, int64_t stride) {
    int64_t size = image.h * image.w * image.c;
    Cursor at(image.c, image.w, 0, 0);
    for (int64_t j0 = 0; j0 < size; j0 += LANES) {
        int64_t width = std::min<int64_t>(LANES, size - j0);
        Vec tile[LANES];
        for (int64_t j = width; j < LANES; j++) tile[j] = Vec{};
        for (int64_t j = 0; j < width; j++, at.next()) tile[j] = load(image.at(at.c, at.row, at.column));
        transpose_tile(tile);
        for (int64_t i = 0; i < count; i++) store_part(dst + i * stride + j0, tile[i], width);
    }
}

// Weights as the kernels walk them: [input channel][kernel row][kernel column][output channel].
struct Weights {
    const float *data;
    const float *bias;
    int64_t outC, kH, kW;
};

// P columns of O output channels of output row oh, which dst holds; kernel rows [k0, k1).
template <int O, int P>
void pixels(const Image &dst, const Image &src, const Weights &w, int64_t oc, int64_t oh, int64_t ow, int64_t k0,
        int64_t k1) {
    Vec acc[O][P];
    for (int o = 0; o < O; o++) {
        for (int p = 0; p < P; p++) acc[o][p] = splat(w.bias ? w.bias[oc + o] : 0.f);
    }
    for (int64_t ic = 0; ic < src.c; ic++) {
        for (int64_t kh = k0; kh < k1; kh++) {
            const float *x = src.at(ic, oh + kh, ow);
            const float *k = w.data + (ic * w.kH + kh) * w.kW * w.outC + oc;
            for (int64_t kw = 0; kw < w.kW; kw++, x += LANES, k += w.outC) {
                Vec v[P];
                for (int p = 0; p < P; p++) v[p] = load(x + p * LANES);
                for (int o = 0; o < O; o++) {
                    Vec weight = splat(k[o]);
                    for (int p = 0; p < P; p++) acc[o][p] += v[p] * weight;
                }
            }
        }
    }
    for (int o = 0; o < O; o++) {
        for (int p = 0; p < P; p++) store(dst.at(oc + o, 0, ow + p), acc[o][p]);
    }
}

template <int O>
void channels(const Image &dst, const Image &src, const Weights &w, int64_t oc, int64_t oh, int64_t k0, int64_t k1) {
    int64_t ow = 0;
    for (; ow + PIXELS <= dst.w; ow += PIXELS) pixels<O, PIXELS>(dst, src, w, oc, oh, ow, k0, k1);
    for (; ow < dst.w; ow++) pixels<O, 1>(dst, src, w, oc, oh, ow, k0, k1);
}

// Row oh of src ⋆ weights. Rows of src outside [top, top + rows) are known to be zero and skipped.
void correlate(const Image &dst, const Image &src, const Weights &w, int64_t oh, int64_t top, int64_t rows) {
    int64_t k0 = std::max<int64_t>(0, top - oh), k1 = std::min(w.kH, top + rows - oh);
    int64_t oc = 0;
    for (; oc + OUT_BLOCK <= dst.c; oc += OUT_BLOCK) channels<OUT_BLOCK>(dst, src, w, oc, oh, k0, k1);
    for (; oc + 2 <= dst.c; oc += 2) channels<2>(dst, src, w, oc, oh, k0, k1);
    for (; oc < dst.c; oc++) channels<1>(dst, src, w, oc, oh, k0, k1);
}

// Adds one row's part of the gradient of O output channels and T kernel columns to grad[o][ic][kh][kw], lane by lane.
template <int O, int T>
void taps(float *grad, const Image &row, const float *x, int64_t oc, int64_t perOut) {
    Vec acc[O][T];
    for (int o = 0; o < O; o++) {
        for (int t = 0; t < T; t++) acc[o][t] = load(grad + (o * perOut + t) * LANES);
    }
    for (int64_t ow = 0; ow < row.w; ow++, x += LANES) {
        Vec v[T];
        for (int t = 0; t < T; t++) v[t] = load(x + t * LANES);
        for (int o = 0; o < O; o++) {
            Vec d = load(row.at(oc + o, 0, ow));
            for (int t = 0; t < T; t++) acc[o][t] += d * v[t];
        }
    }
    for (int o = 0; o < O; o++) {
        for (int t = 0; t < T; t++) store(grad + (o * perOut + t) * LANES, acc[o][t]);
    }
}

template <int O>
void grad_channels(float *grad, const Image &row, const Image &src, int64_t oc, int64_t oh, int64_t kH, int64_t kW) {
    int64_t perOut = src.c * kH * kW;
    for (int64_t ic = 0; ic < src.c; ic++) {
        for (int64_t kh = 0; kh < kH; kh++) {
            float *to = grad + (oc * perOut + (ic * kH + kh) * kW) * LANES;
            int64_t kw = 0;
            for (; kw + TAPS <= kW; kw += TAPS) {
                taps<O, TAPS>(to + kw * LANES, row, src.at(ic, oh + kh, kw), oc, perOut);
            }
            for (; kw < kW; kw++) taps<O, 1>(to + kw * LANES, row, src.at(ic, oh + kh, kw), oc, perOut);
        }
    }
}

bool applies(const int64_t *s) {
    return s[TAXON_GROUPS] == 1 && s[TAXON_STRIDE_H] == 1 && s[TAXON_STRIDE_W] == 1 && s[TAXON_DILATION_H] == 1
            && s[TAXON_DILATION_W] == 1 && s[TAXON_PAD_H] < s[TAXON_K_H] && s[TAXON_PAD_W] < s[TAXON_K_W]
            && s[TAXON_N] >= LANES;
}

int64_t padded(int64_t floats) { return (floats + 15) / 16 * 16; }

OwnConv2d *make(const int64_t *sizes, int flags, int64_t sharedFloats, int64_t threadFloats) {
    auto op = std::make_unique<SmallConv2d>(sizes, flags);
    op->scratchBytes = 4 * (padded(sharedFloats) + omp_get_max_threads() * padded(threadFloats));
    return op.release();
}

}  // namespace

SmallConv2d::SmallConv2d(const int64_t *s, int flags)
    : n(s[TAXON_N]), inC(s[TAXON_IN_C]), inH(s[TAXON_IN_H]), inW(s[TAXON_IN_W]), outC(s[TAXON_OUT_C]),
      outH(s[TAXON_OUT_H]), outW(s[TAXON_OUT_W]), kH(s[TAXON_K_H]), kW(s[TAXON_K_W]), padH(s[TAXON_PAD_H]),
      padW(s[TAXON_PAD_W]), flags(flags) {
    implementation = LANES == 16 ? "taxon:small_conv2d:avx512" : "taxon:small_conv2d:avx2";
}

OwnConv2d *small_conv2d_forward(const int64_t *s, int flags) {
    if (!applies(s) || s[TAXON_IN_C] > 4 || s[TAXON_OUT_C] > 8 || flags & TAXON_SUM) return nullptr;
    if (flags & ACTIVATIONS & ~(TAXON_RELU | TAXON_TANH)) return nullptr;
    SmallConv2d c(s, flags);
    return make(s, flags, c.inC * c.outC * c.kH * c.kW,
            LANES * (c.inC * (c.inH + 2 * c.padH) * (c.inW + 2 * c.padW) + c.outC * c.outW));
}

OwnConv2d *small_conv2d_backward_data(const int64_t *s) {
    if (!applies(s) || s[TAXON_IN_C] > 8 || s[TAXON_OUT_C] > 16) return nullptr;
    SmallConv2d c(s, 0);
    return make(s, 0, c.inC * c.outC * c.kH * c.kW,
            LANES * (c.outC * (c.inH + c.kH - 1) * (c.inW + c.kW - 1) + c.inC * c.inW));
}

OwnConv2d *small_conv2d_backward_weights(const int64_t *s) {
    if (!applies(s) || s[TAXON_IN_C] > 4 || s[TAXON_OUT_C] > 16) return nullptr;
    SmallConv2d c(s, 0);
    return make(s, 0, 0,
            LANES * (c.inC * (c.inH + 2 * c.padH) * (c.inW + 2 * c.padW) + c.outC * c.outW
                            + c.outC * (c.inC * c.kH * c.kW + 1)));
}

void SmallConv2d::forward(float *dst, const float *src, const float *weights, const float *bias, void *scratch) const {
    auto *packed = static_cast<float *>(scratch);
    int64_t taps = kH * kW, groups = (n + LANES - 1) / LANES;
    for (int64_t oc = 0; oc < outC; oc++) {
        for (int64_t i = 0; i < inC * taps; i++) packed[i * outC + oc] = weights[oc * inC * taps + i];
    }
    int64_t h = inH + 2 * padH, w = inW + 2 * padW, out = outC * outW * LANES;
    int64_t each = padded(inC * h * w * LANES + out), size = outC * outH * outW;
#pragma omp parallel for schedule(static)
    for (int64_t g = 0; g < groups; g++) {
        float *own = packed + padded(inC * outC * taps) + omp_get_thread_num() * each;
        Image x{own, inC, h, w}, row{own + inC * h * w * LANES, outC, 1, outW};
        int64_t count = std::min<int64_t>(LANES, n - g * LANES), in = inC * inH * inW;
        gather(x, src + g * LANES * in, count, in, inH, inW, padH, padW);
        for (int64_t oh = 0; oh < outH; oh++) {
            correlate(row, x, {packed, bias, outC, kH, kW}, oh, 0, h);
            if (flags & TAXON_TANH) apply(row.data, row.data, out, Tanh{});
            else if (flags & TAXON_RELU) apply(row.data, row.data, out, Relu{});
            scatter(dst + g * LANES * size + oh * outW * outC, row, count, size);
        }
    }
}

// The correlation of the gradient, with a border of k − 1 − pad, and the weights turned by half a circle.
void SmallConv2d::backward_data(float *diffSrc, const float *diffDst, const float *weights, void *scratch) const {
    auto *packed = static_cast<float *>(scratch);
    int64_t taps = kH * kW, groups = (n + LANES - 1) / LANES;
    for (int64_t oc = 0; oc < outC; oc++) {
        for (int64_t ic = 0; ic < inC; ic++) {
            for (int64_t t = 0; t < taps; t++) {
                packed[(oc * taps + taps - 1 - t) * inC + ic] = weights[(oc * inC + ic) * taps + t];
            }
        }
    }
    int64_t top = kH - 1 - padH, left = kW - 1 - padW, h = inH + kH - 1, w = inW + kW - 1;
    int64_t each = padded((outC * h * w + inC * inW) * LANES), size = inC * inH * inW;
#pragma omp parallel for schedule(static)
    for (int64_t g = 0; g < groups; g++) {
        float *own = packed + padded(inC * outC * taps) + omp_get_thread_num() * each;
        Image dy{own, outC, h, w}, row{own + outC * h * w * LANES, inC, 1, inW};
        int64_t count = std::min<int64_t>(LANES, n - g * LANES), in = outC * outH * outW;
        gather(dy, diffDst + g * LANES * in, count, in, outH, outW, top, left);
        for (int64_t ih = 0; ih < inH; ih++) {
            correlate(row, dy, {packed, nullptr, inC, kH, kW}, ih, top, outH);
            scatter(diffSrc + g * LANES * size + ih * inW * inC, row, count, size);
        }
    }
}

void SmallConv2d::backward_weights(float *diffWeights, float *diffBias, const float *diffDst, const float *src,
        int accumulate, void *scratch) const {
    auto *base = static_cast<float *>(scratch);
    int64_t perOut = inC * kH * kW, groups = (n + LANES - 1) / LANES;
    int64_t h = inH + 2 * padH, w = inW + 2 * padW, sums = outC * (perOut + 1) * LANES;
    int64_t before = (inC * h * w + outC * outW) * LANES, each = padded(before + sums);
    int team = 1;
#pragma omp parallel
    {
#pragma omp single
        team = omp_get_num_threads();
        float *own = base + omp_get_thread_num() * each;
        float *grad = own + before, *gradBias = grad + outC * perOut * LANES;
        Image x{own, inC, h, w}, row{own + inC * h * w * LANES, outC, 1, outW};
        std::memset(grad, 0, sums * sizeof(float));
        Range mine = share(groups);
        for (int64_t g = mine.begin; g < mine.end; g++) {
            int64_t count = std::min<int64_t>(LANES, n - g * LANES), in = inC * inH * inW, out = outC * outH * outW;
            gather(x, src + g * LANES * in, count, in, inH, inW, padH, padW);
            for (int64_t oh = 0; oh < outH; oh++) {
                gather(row, diffDst + g * LANES * out + oh * outW * outC, count, out, 1, outW, 0, 0);
                int64_t oc = 0;
                for (; oc + GRAD_BLOCK <= outC; oc += GRAD_BLOCK) grad_channels<GRAD_BLOCK>(grad, row, x, oc, oh, kH, kW);
                for (; oc + 2 <= outC; oc += 2) grad_channels<2>(grad, row, x, oc, oh, kH, kW);
                for (; oc < outC; oc++) grad_channels<1>(grad, row, x, oc, oh, kH, kW);
                for (int64_t c = 0; c < outC; c++) {
                    Vec sum = load(gradBias + c * LANES);
                    for (int64_t ow = 0; ow < outW; ow++) sum += load(row.at(c, 0, ow));
                    store(gradBias + c * LANES, sum);
                }
            }
        }
    }
    auto combine = [&](float *to, int64_t from, int64_t count) {
        for (int64_t i = 0; i < count; i++) {
            float sum = 0;
            for (int t = 0; t < team; t++) {
                for (int l = 0; l < LANES; l++) sum += base[t * each + before + (from + i) * LANES + l];
            }
            to[i] = (accumulate ? to[i] : 0.f) + sum;
        }
    };
    combine(diffWeights, 0, outC * perOut);
    if (diffBias) combine(diffBias, outC * perOut, outC);
}

}  // namespace taxon
