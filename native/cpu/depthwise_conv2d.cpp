#include "depthwise_conv2d.h"

#include <algorithm>
#include <cmath>

#include "activation.h"
#include "depthwise_rows.h"

namespace taxon {
namespace {

constexpr int PAIRS = 3;

// A column of the source and the column of the window that meets it.
struct Tap {
    int64_t column, k;
};

struct Taps {
    Tap tap[MAX_K];
    int count = 0;
    void add(int64_t column, int64_t k) { tap[count++] = {column, k}; }
};

// What all results of a call share.
struct Pass {
    const float *bias;
    float low, high;   // the activation: results are kept between these
    int64_t channels;
    int64_t tap;       // floats from a column of the window to the next
    bool stream;

    void put(float *dst, Vec v) const {
        v = v < low ? splat(low) : v;
        v = v > high ? splat(high) : v;
        if (stream) taxon::stream(dst, v);
        else store(dst, v);
    }
    Vec start(int64_t c) const { return bias ? load(bias + c) : Vec{}; }
    // The last vector overlaps the one before when channels do not fill it: both hold the same results.
    int64_t at(int64_t c) const { return std::min(c, channels - LANES); }
};

// P neighbours of a row: the source's columns from column on, of which those in [0, width) exist, step S.
template <int K, int S, int P>
void columns(float *dst, const Lines<const float> &lines, int64_t column, int64_t width, Pass pass, Range range) {
    constexpr int SEEN = (P - 1) * S + K;
    int64_t channels = pass.channels;
    int begin = (int)std::max<int64_t>(0, -column), end = (int)std::min<int64_t>(SEEN, width - column);
    for (int64_t i = range.begin; i < range.end; i += LANES) {
        int64_t c = pass.at(i);
        Vec acc[P];
#pragma GCC unroll 8
        for (int p = 0; p < P; p++) acc[p] = pass.start(c);
        for (int l = 0; l < lines.count; l++) {
            const float *x = lines.line[l].src + column * channels + c, *w = lines.line[l].window + c;
            Vec k[K];
#pragma GCC unroll 8
            for (int t = 0; t < K; t++) k[t] = keep(load(w + t * pass.tap));
            if (l + S >= lines.count) expect_columns<P * S>(x + S * width * channels, channels);
#pragma GCC unroll 32
            for (int j = 0; j < SEEN; j++) {
                if ((j < K - 1 && j < begin) || (j > SEEN - K && j >= end)) continue;
                Vec v = keep(load(x + j * channels));
#pragma GCC unroll 8
                for (int t = 0; t < K; t++) {
                    int d = j - t;
                    if (d >= 0 && d % S == 0 && d / S < P) acc[d / S] += v * k[t];
                }
            }
        }
#pragma GCC unroll 8
        for (int p = 0; p < P; p++) pass.put(dst + p * channels + c, acc[p]);
    }
}

// Backward data of stride 2: the results 2·(column + q) − pad and the one behind each, for P of them. The first of a
// pair meets the window's even columns, the second the odd ones.
template <int K, int P>
void pairs(float *dst, const Lines<const float> &lines, int64_t column, int64_t width, Pass pass, Range range) {
    constexpr int BACK = (K - 1) / 2;
    int64_t channels = pass.channels;
    for (int64_t i = range.begin; i < range.end; i += LANES) {
        int64_t c = pass.at(i);
        Vec acc[2 * P];
#pragma GCC unroll 16
        for (int p = 0; p < 2 * P; p++) acc[p] = pass.start(c);
        for (int l = 0; l < lines.count; l++) {
            const float *x = lines.line[l].src + (column - BACK) * channels + c, *w = lines.line[l].window + c;
            Vec k[K];
#pragma GCC unroll 8
            for (int t = 0; t < K; t++) k[t] = keep(load(w + t * pass.tap));
            if (l == 0) expect_columns<P>(x + (BACK + width) * channels, channels);
#pragma GCC unroll 16
            for (int j = 0; j < P + BACK; j++) {
                Vec v = keep(load(x + j * channels));
#pragma GCC unroll 8
                for (int t = 0; t < K; t++) {
                    int q = j - BACK + t / 2;
                    if (q >= 0 && q < P) acc[2 * q + t % 2] += v * k[t];
                }
            }
        }
#pragma GCC unroll 16
        for (int p = 0; p < 2 * P; p++) pass.put(dst + p * channels + c, acc[p]);
    }
}

// One result near an edge, with the columns that exist.
void edge(float *dst, const Lines<const float> &lines, const Taps &taps, const Pass &pass, Range range) {
    for (int64_t i = range.begin; i < range.end; i += LANES) {
        int64_t c = pass.at(i);
        Vec acc = pass.start(c);
        for (int l = 0; l < lines.count; l++) {
            for (int t = 0; t < taps.count; t++) {
                acc += load(lines.line[l].src + taps.tap[t].column * pass.channels + c)
                        * load(lines.line[l].window + taps.tap[t].k * pass.tap + c);
            }
        }
        pass.put(dst + c, acc);
    }
}

// A row of results.
template <int K, int S>
void row(float *dst, const Lines<const float> &lines, int64_t count, int64_t pad, int64_t width, const Pass &pass,
        Range range) {
    blocks(count, [&](auto size, int64_t p) {
        constexpr int P = decltype(size)::value;
        columns<K, S, P>(dst + p * pass.channels, lines, p * S - pad, width, pass, range);
    });
}

// A row of the gradient of the source, for stride 2.
template <int K>
void strided_row(float *dst, const Lines<const float> &lines, const Window &w, Pass pass, Range range) {
    constexpr int BACK = (K - 1) / 2;
    auto single = [&](int64_t i) {
        Taps taps;
        for (int64_t t = (i + w.padW) % 2; t < K; t += 2) {
            int64_t column = (i + w.padW - t) / 2;
            if (i + w.padW >= t && column < w.outW) taps.add(column, t);
        }
        edge(dst + i * pass.channels, lines, taps, pass, range);
    };
    int64_t column = std::max<int64_t>((w.padW + 1) / 2, BACK);  // pairs start at even i + pad
    int64_t i = 0;
    for (; i < std::min(2 * column - w.padW, w.inW); i++) single(i);
    auto block = [&](auto size) {
        constexpr int P = decltype(size)::value;
        for (; column + P <= w.outW && i + 2 * P <= w.inW; column += P, i += 2 * P) {
            pairs<K, P>(dst + i * pass.channels, lines, column, w.outW, pass, range);
        }
    };
    block(std::integral_constant<int, PAIRS>());
    block(std::integral_constant<int, 1>());
    for (; i < w.inW; i++) single(i);
}

// Weights by tap, then channel.
struct Packed : Depthwise {
    explicit Packed(const int64_t *sizes) : Depthwise(sizes) {
        using tag = dnnl::memory::format_tag;
        constexpr auto f32 = dnnl::memory::data_type::f32;
        dnnl::memory::dims dims{w.channels, 1, 1, w.k, w.k};
        packedBytes = w.channels * w.k * w.k * 4;
        pack = reorder({dims, f32, tag::goihw}, {dims, f32, tag::hwigo}, false, scratchBytes);
    }
};

template <int K, int S>
struct Forward : Packed {
    float low = -INFINITY, high = INFINITY;
    int function = 0;  // the activation where it is more than two limits
    double numbers[4] = {};

    Forward(const int64_t *sizes, int flags, const double *given) : Packed(sizes) {
        if (flags & (TAXON_RELU | TAXON_RELU6)) low = 0;
        if (flags & TAXON_RELU6) high = 6;
        function = flags & ACTIVATIONS & ~(TAXON_RELU | TAXON_RELU6);
        if (given) std::copy(given, given + (function & TAXON_HARD_SIGMOID ? 4 : 1), numbers);
    }
    void forward(float *dst, const float *src, const float *weights, const float *bias, void *) const override {
        int64_t in = w.inW * w.channels, out = w.outW * w.channels;
        bool past = !function && streams_rows(dst, w.n * w.outH * out, w.channels);
        Pass pass{bias, low, high, w.channels, w.channels, past};
        each_band(w, w.outH, chunk(w.channels, K, w.inW), out, [&](int64_t n, Range rows, Range range) {
            for (int64_t oh = rows.begin; oh < rows.end; oh++) {
                Lines<const float> lines;
                for (int64_t kh = 0; kh < K; kh++) {
                    int64_t ih = oh * S - w.padH + kh;
                    if (ih >= 0 && ih < w.inH) lines.add(src + (n * w.inH + ih) * in, weights + kh * K * w.channels);
                }
                float *to = dst + (n * w.outH + oh) * out;
                row<K, S>(to, lines, w.outW, w.padW, w.inW, pass, range);
                if (function) activate(to, {pass.at(range.begin), range.end});
            }
        });
    }

private:
    void activate(float *row, Range range) const {
        with_activation(function, numbers, [&](auto f) {
            for (int64_t ow = 0; ow < w.outW; ow++) {
                float *y = row + ow * w.channels + range.begin;
                apply(y, y, range.end - range.begin, f);
            }
        });
    }
};

// Stride 1: the forward pass with the window turned by half a circle and a border of K − 1 − pad.
template <int K, int S>
struct BackwardData : Packed {
    explicit BackwardData(const int64_t *sizes) : Packed(sizes) {}

    void backward_data(float *diffSrc, const float *diffDst, const float *weights, void *) const override {
        int64_t in = w.inW * w.channels, out = w.outW * w.channels;
        Pass pass{nullptr, -INFINITY, INFINITY, w.channels, S == 1 ? -w.channels : w.channels,
                streams_rows(diffSrc, w.n * w.inH * in, w.channels)};
        each_band(w, w.inH, chunk(w.channels, K / S + 1, w.outW), in, [&](int64_t n, Range rows, Range range) {
            for (int64_t ih = rows.begin; ih < rows.end; ih++) {
                Lines<const float> lines;
                for (int64_t kh = 0; kh < K; kh++) {
                    int64_t reach = ih + w.padH - kh, oh = reach / S;
                    if (reach < 0 || reach % S != 0 || oh >= w.outH) continue;
                    const float *window = weights + (kh * K + (S == 1 ? K - 1 : 0)) * w.channels;
                    lines.add(diffDst + (n * w.outH + oh) * out, window);
                }
                float *dst = diffSrc + (n * w.inH + ih) * in;
                if constexpr (S == 1) row<K, 1>(dst, lines, w.inW, K - 1 - w.padW, w.outW, pass, range);
                else strided_row<K>(dst, lines, w, pass, range);
            }
        });
    }
};

}  // namespace

// Measured on MobileNetV2's windows, on a Xeon (Sapphire Rapids): a strided 3×3 is read faster by oneDNN's kernel, so that ours wins
// only where results go past the caches.
OwnConv2d *depthwise_conv2d_forward(const int64_t *s, int flags, const double *numbers) {
    bool large = LANES == 16 && s[TAXON_N] * s[TAXON_OUT_H] * s[TAXON_OUT_W] * s[TAXON_OUT_C] >= STREAM;
    if (flags & TAXON_SUM || (s[TAXON_K_H] == 3 && s[TAXON_STRIDE_H] == 2 && !large)) return nullptr;
    return make_depthwise<Forward>(s, flags, numbers);
}

OwnConv2d *depthwise_conv2d_backward_data(const int64_t *sizes) { return make_depthwise<BackwardData>(sizes); }

}  // namespace taxon
