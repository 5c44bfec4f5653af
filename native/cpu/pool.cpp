// Pooling of NHWC images. Forward walks windows; backward gathers for each input pixel from the windows that hold it,
// so that threads never write the same element.
#include <algorithm>
#include <limits>
#include <type_traits>

#include "taxon.h"
#include "vec.h"

namespace taxon {
namespace {

struct Window {
    int64_t n, c, h, w, outH, outW, kH, kW, strideH, strideW, padH, padW, dilationH, dilationW;

    explicit Window(const int64_t *s)
        : n(s[TAXON_N]), c(s[TAXON_IN_C]), h(s[TAXON_IN_H]), w(s[TAXON_IN_W]), outH(s[TAXON_OUT_H]),
          outW(s[TAXON_OUT_W]), kH(s[TAXON_K_H]), kW(s[TAXON_K_W]), strideH(s[TAXON_STRIDE_H]),
          strideW(s[TAXON_STRIDE_W]), padH(s[TAXON_PAD_H]), padW(s[TAXON_PAD_W]), dilationH(s[TAXON_DILATION_H]),
          dilationW(s[TAXON_DILATION_W]) {}

    // 1 / divisor of an average window. Source: PyTorch's avg_pool2d.
    float inverse(int64_t oh, int64_t ow, bool includePad) const {
        int64_t h0 = oh * strideH - padH, w0 = ow * strideW - padW;
        int64_t h1 = std::min(h0 + kH, h + padH), w1 = std::min(w0 + kW, w + padW);
        if (includePad) return 1.f / (float)((h1 - h0) * (w1 - w0));
        return 1.f / (float)((std::min(h1, h) - std::max<int64_t>(h0, 0)) * (std::min(w1, w) - std::max<int64_t>(w0, 0)));
    }
};

// The part of window o, as indices of its k elements, that lies in the image.
inline Range taps(int64_t o, int64_t k, int64_t stride, int64_t pad, int64_t dilation, int64_t extent) {
    int64_t at = o * stride - pad;
    int64_t begin = at < 0 ? (-at + dilation - 1) / dilation : 0;
    int64_t end = at >= extent ? 0 : std::min(k, (extent - 1 - at) / dilation + 1);
    return {begin, std::max(begin, end)};
}

// The windows that may hold input i; those that do have an element there.
inline Range owners(int64_t i, int64_t k, int64_t stride, int64_t pad, int64_t dilation, int64_t out) {
    int64_t at = i + pad, first = at - (k - 1) * dilation;
    return {first > 0 ? (first + stride - 1) / stride : 0, std::min(out, at / stride + 1)};
}

// Its number in window o, or −1.
inline int64_t element(int64_t i, int64_t o, int64_t stride, int64_t pad, int64_t dilation) {
    int64_t at = i + pad - o * stride;
    return dilation == 1 ? at : at % dilation == 0 ? at / dilation : -1;
}

// Calls body(c, vectors as a constant, width) for groups of channels, the last of less than a vector perhaps.
template <class Body>
inline void channel_groups(int64_t channels, const Body &body) {
    int64_t c = 0;
    for (; c + 4 * LANES <= channels; c += 4 * LANES) body(c, std::integral_constant<int, 4>(), 4 * LANES);
    for (; c < channels; c += LANES) body(c, std::integral_constant<int, 1>(), std::min<int64_t>(LANES, channels - c));
}

// Windows that tile the image without padding: sums of whole rows, then of neighbours, whatever the channels.
bool tiles(const Window &s) {
    return s.padH == 0 && s.padW == 0 && s.strideH == s.kH && s.strideW == s.kW && s.outH * s.kH <= s.h
            && s.outW * s.kW <= s.w;
}

constexpr int64_t CHUNK = 4096;  // floats of a row that are summed at a time, in the first-level cache

void tile_forward(float *dst, const float *src, const Window &s) {
    float inverse = 1.f / (float)(s.kH * s.kW);
    int64_t step = s.kW * s.c, windows = std::max<int64_t>(1, CHUNK / step);
#pragma omp parallel for collapse(2) schedule(static) if (s.n * s.h * s.w * s.c > SERIAL)
    for (int64_t n = 0; n < s.n; n++) {
        for (int64_t oh = 0; oh < s.outH; oh++) {
            float sum[CHUNK];
            for (int64_t o0 = 0; o0 < s.outW; o0 += windows) {
                int64_t count = std::min(windows, s.outW - o0), width = count * step;
                const float *x = src + ((n * s.h + oh * s.kH) * s.w + o0 * s.kW) * s.c;
                for (int64_t i = 0; i < width; i++) sum[i] = x[i];
                for (int64_t kh = 1; kh < s.kH; kh++) {
                    const float *row = x + kh * s.w * s.c;
                    for (int64_t i = 0; i < width; i++) sum[i] += row[i];
                }
                float *y = dst + ((n * s.outH + oh) * s.outW + o0) * s.c;
                for (int64_t o = 0; o < count; o++) {
                    for (int64_t c = 0; c < s.c; c++) {
                        float v = sum[o * step + c];
                        for (int64_t kw = 1; kw < s.kW; kw++) v += sum[o * step + kw * s.c + c];
                        y[o * s.c + c] = v * inverse;
                    }
                }
            }
        }
    }
}

void tile_backward(float *diffSrc, const float *diffDst, const Window &s) {
    float inverse = 1.f / (float)(s.kH * s.kW);
    int64_t row = s.w * s.c, used = s.outW * s.kW * s.c;
#pragma omp parallel for collapse(2) schedule(static) if (s.n * s.h * s.w * s.c > SERIAL)
    for (int64_t n = 0; n < s.n; n++) {
        for (int64_t oh = 0; oh < s.outH; oh++) {
            const float *dy = diffDst + (n * s.outH + oh) * s.outW * s.c;
            float *dx = diffSrc + (n * s.h + oh * s.kH) * row;
            for (int64_t o = 0; o < s.outW; o++) {
                for (int64_t kw = 0; kw < s.kW; kw++) {
                    for (int64_t c = 0; c < s.c; c++) dx[(o * s.kW + kw) * s.c + c] = dy[o * s.c + c] * inverse;
                }
            }
            std::memset(dx + used, 0, (row - used) * sizeof(float));
            for (int64_t kh = 1; kh < s.kH; kh++) std::memcpy(dx + kh * row, dx, row * sizeof(float));
            if (oh == s.outH - 1) std::memset(dx + s.kH * row, 0, (s.h - s.outH * s.kH) * row * sizeof(float));
        }
    }
}

// Indices of a vector of channels, of which width exist: gcc 12 converts vectors of bytes one by one.
inline Mask load_indices(const int32_t *from, int64_t width) { return (Mask)load_part(reinterpret_cast<const float *>(from), width); }

inline void store_indices(int32_t *to, Mask at, int64_t width) { store_part(reinterpret_cast<float *>(to), (Vec)at, width); }

#if defined(__AVX512F__)
inline __mmask16 first_lanes(int64_t width) { return width >= LANES ? 0xffff : (__mmask16)((1u << width) - 1); }

inline Mask load_indices(const uint8_t *from, int64_t width) {
    __mmask16 mask = first_lanes(width);
    return (Mask)_mm512_maskz_cvtepu8_epi32(mask, _mm_maskz_loadu_epi8(mask, from));
}

inline void store_indices(uint8_t *to, Mask at, int64_t width) {
    _mm512_mask_cvtepi32_storeu_epi8(to, first_lanes(width), (__m512i)at);
}
#else
inline Mask load_indices(const uint8_t *from, int64_t width) {
    uint64_t bytes = 0;
    std::memcpy(&bytes, from, width >= LANES ? LANES : width);
    return (Mask)_mm256_cvtepu8_epi32(_mm_cvtsi64_si128((int64_t)bytes));
}

inline void store_indices(uint8_t *to, Mask at, int64_t width) {
    __m128i words = _mm_packs_epi32(_mm256_castsi256_si128((__m256i)at), _mm256_extracti128_si256((__m256i)at, 1));
    // A byte each: −1, of a window without an owner, is cut to 255.
    int64_t bytes = _mm_cvtsi128_si64(_mm_shuffle_epi8(words, _mm_set1_epi64x(0x0e0c0a0806040200)));
    std::memcpy(to, &bytes, width >= LANES ? LANES : width);
}
#endif

// A window's elements that lie in the image, and where they begin.
struct View {
    const float *src;
    Range kh, kw;
    int64_t row, column;  // floats from one element to the next

    bool empty() const { return kh.begin >= kh.end || kw.begin >= kw.end; }
    const float *at(int64_t h, int64_t w) const { return src + (h - kh.begin) * row + (w - kw.begin) * column; }
};

// Calls body(view, first channel of the result) for each window, rows of windows shared by the threads.
template <class Body>
inline void windows(const float *src, const Window &s, const Body &body) {
#pragma omp parallel for collapse(2) schedule(static) if (s.n * s.h * s.w * s.c > SERIAL)
    for (int64_t n = 0; n < s.n; n++) {
        for (int64_t oh = 0; oh < s.outH; oh++) {
            Range kh = taps(oh, s.kH, s.strideH, s.padH, s.dilationH, s.h);
            for (int64_t ow = 0; ow < s.outW; ow++) {
                Range kw = taps(ow, s.kW, s.strideW, s.padW, s.dilationW, s.w);
                int64_t ih = oh * s.strideH - s.padH + kh.begin * s.dilationH, iw = ow * s.strideW - s.padW + kw.begin * s.dilationW;
                View view{src + ((n * s.h + ih) * s.w + iw) * s.c, kh, kw, s.dilationH * s.w * s.c, s.dilationW * s.c};
                body(view, oh, ow, ((n * s.outH + oh) * s.outW + ow) * s.c);
            }
        }
    }
}

// The largest of a window and the number of its element: the first of equals, the last NaN. A window of padding alone
// (dilation) is −∞ and has no owner.
template <int VECTORS, class Index>
inline void max_window(float *y, Index *index, const View &view, int64_t c, int64_t kW, int64_t width) {
    Vec best[VECTORS];
    Mask at[VECTORS];
    bool empty = view.empty();
    auto first = (int32_t)(empty ? -1 : view.kh.begin * kW + view.kw.begin);
    for (int v = 0; v < VECTORS; v++) {
        best[v] = empty ? splat(-std::numeric_limits<float>::infinity()) : load_part(view.src + c + v * LANES, width - v * LANES);
        at[v] = Mask{} + first;
    }
    for (int64_t h = view.kh.begin; h < view.kh.end; h++) {
        for (int64_t w = view.kw.begin; w < view.kw.end; w++) {
            const float *x = view.at(h, w) + c;
            Mask here = Mask{} + (int32_t)(h * kW + w);
#pragma GCC unroll 4
            for (int v = 0; v < VECTORS; v++) {
                Vec value = VECTORS == 1 ? load_part(x, width) : load(x + v * LANES);
                Mask take = (value > best[v]) | (value != value);
                best[v] = take ? value : best[v];
                at[v] = take ? here : at[v];
            }
        }
    }
#pragma GCC unroll 4
    for (int v = 0; v < VECTORS; v++) {
        store_part(y + v * LANES, best[v], width - v * LANES);
        if (index) store_indices(index + v * LANES, at[v], width - v * LANES);
    }
}

template <class Index>
void max_forward(float *dst, Index *index, const float *src, const Window &s) {
    windows(src, s, [=, &s](const View &view, int64_t, int64_t, int64_t out) {
        channel_groups(s.c, [&](int64_t c, auto vectors, int64_t width) {
            max_window<vectors>(dst + out + c, index ? index + out + c : nullptr, view, c, s.kW, width);
        });
    });
}

// Sums for each input pixel what the windows that hold it give: add(sum, window's first channel of the result, its row
// and column, element of the window, channels) for groups of channels.
template <class Add>
inline void gather(float *diffSrc, const Window &s, const Add &add) {
#pragma omp parallel for collapse(2) schedule(static) if (s.n * s.h * s.w * s.c > SERIAL)
    for (int64_t n = 0; n < s.n; n++) {
        for (int64_t h = 0; h < s.h; h++) {
            Range oh = owners(h, s.kH, s.strideH, s.padH, s.dilationH, s.outH);
            for (int64_t w = 0; w < s.w; w++) {
                Range ow = owners(w, s.kW, s.strideW, s.padW, s.dilationW, s.outW);
                float *dx = diffSrc + ((n * s.h + h) * s.w + w) * s.c;
                channel_groups(s.c, [&](int64_t c, auto vectors, int64_t width) {
                    constexpr int V = vectors;
                    Vec sum[V] = {};
                    for (int64_t o = oh.begin; o < oh.end; o++) {
                        int64_t kh = element(h, o, s.strideH, s.padH, s.dilationH);
                        for (int64_t p = ow.begin; kh >= 0 && p < ow.end; p++) {
                            int64_t kw = element(w, p, s.strideW, s.padW, s.dilationW);
                            if (kw >= 0) add(sum, vectors, ((n * s.outH + o) * s.outW + p) * s.c + c, o, p, kh * s.kW + kw, width);
                        }
                    }
                    for (int v = 0; v < V; v++) store_part(dx + c + v * LANES, sum[v], width - v * LANES);
                });
            }
        }
    }
}

template <class Index>
void max_backward(float *diffSrc, const float *diffDst, const Index *index, const Window &s) {
    gather(diffSrc, s, [=](Vec *sum, auto vectors, int64_t out, int64_t, int64_t, int64_t k, int64_t width) __attribute__((always_inline)) {
        constexpr int V = vectors;
        Mask here = Mask{} + (int32_t)k;
#pragma GCC unroll 4
        for (int v = 0; v < V; v++) {
            Vec dy = V == 1 ? load_part(diffDst + out, width) : load(diffDst + out + v * LANES);
            sum[v] += (Vec)((Mask)dy & (load_indices(index + out + v * LANES, width - v * LANES) == here));
        }
    });
}

void average_forward(float *dst, const float *src, const Window &s, bool includePad) {
    windows(src, s, [=, &s](const View &view, int64_t oh, int64_t ow, int64_t out) {
        float inverse = s.inverse(oh, ow, includePad);
        channel_groups(s.c, [&](int64_t c, auto vectors, int64_t width) {
            constexpr int V = vectors;
            Vec sum[V] = {};
            for (int64_t h = view.kh.begin; h < view.kh.end; h++) {
                for (int64_t w = view.kw.begin; w < view.kw.end; w++) {
                    const float *x = view.at(h, w) + c;
#pragma GCC unroll 4
                    for (int v = 0; v < V; v++) sum[v] += V == 1 ? load_part(x, width) : load(x + v * LANES);
                }
            }
            for (int v = 0; v < V; v++) store_part(dst + out + c + v * LANES, sum[v] * inverse, width - v * LANES);
        });
    });
}

void average_backward(float *diffSrc, const float *diffDst, const Window &s, bool includePad) {
    gather(diffSrc, s, [=, &s](Vec *sum, auto vectors, int64_t out, int64_t oh, int64_t ow, int64_t, int64_t width) __attribute__((always_inline)) {
        constexpr int V = vectors;
        float inverse = s.inverse(oh, ow, includePad);
#pragma GCC unroll 4
        for (int v = 0; v < V; v++) {
            sum[v] += (V == 1 ? load_part(diffDst + out, width) : load(diffDst + out + v * LANES)) * inverse;
        }
    });
}

bool narrow(const int64_t *sizes) { return sizes[TAXON_K_H] * sizes[TAXON_K_W] < 256; }

}  // namespace
}  // namespace taxon

using namespace taxon;

extern "C" int64_t taxon_max_pool2d_index_bytes(const int64_t *s) {
    return s[TAXON_N] * s[TAXON_OUT_H] * s[TAXON_OUT_W] * s[TAXON_IN_C] * (narrow(s) ? 1 : 4);
}

extern "C" int taxon_max_pool2d_forward(float *dst, void *index, const float *src, const int64_t *sizes) {
    if (narrow(sizes)) max_forward(dst, static_cast<uint8_t *>(index), src, Window(sizes));
    else max_forward(dst, static_cast<int32_t *>(index), src, Window(sizes));
    return 0;
}

extern "C" int taxon_max_pool2d_backward(
        float *diffSrc, const float *diffDst, const void *index, const int64_t *sizes) {
    if (narrow(sizes)) max_backward(diffSrc, diffDst, static_cast<const uint8_t *>(index), Window(sizes));
    else max_backward(diffSrc, diffDst, static_cast<const int32_t *>(index), Window(sizes));
    return 0;
}

extern "C" int taxon_avg_pool2d_forward(float *dst, const float *src, int countIncludePad, const int64_t *sizes) {
    Window s(sizes);
    if (tiles(s) && s.c < LANES && s.kW * s.c <= CHUNK) tile_forward(dst, src, s);
    else average_forward(dst, src, s, countIncludePad);
    return 0;
}

extern "C" int taxon_avg_pool2d_backward(
        float *diffSrc, const float *diffDst, int countIncludePad, const int64_t *sizes) {
    Window s(sizes);
    if (tiles(s)) tile_backward(diffSrc, diffDst, s);
    else average_backward(diffSrc, diffDst, s, countIncludePad);
    return 0;
}

extern "C" int taxon_global_avg_pool_forward(
        float *dst, const float *src, int64_t n, int64_t pixels, int64_t channels) {
    constexpr int64_t WIDTH = 64;  // channels summed at a time
#pragma omp parallel for collapse(2) schedule(static) if (n * pixels * channels > SERIAL)
    for (int64_t b = 0; b < n; b++) {
        for (int64_t c0 = 0; c0 < channels; c0 += WIDTH) {
            double sum[WIDTH] = {};
            int64_t width = std::min(WIDTH, channels - c0);
            for (int64_t p = 0; p < pixels; p++) {
                const float *x = src + (b * pixels + p) * channels + c0;
#pragma omp simd
                for (int64_t c = 0; c < width; c++) sum[c] += (double)x[c];
            }
            for (int64_t c = 0; c < width; c++) dst[b * channels + c0 + c] = (float)(sum[c] / (double)pixels);
        }
    }
    return 0;
}

extern "C" int taxon_global_avg_pool_backward(
        float *diffSrc, const float *diffDst, int64_t n, int64_t pixels, int64_t channels) {
    float inverse = 1.f / (float)pixels;
#pragma omp parallel for collapse(2) schedule(static) if (n * pixels * channels > SERIAL)
    for (int64_t b = 0; b < n; b++) {
        for (int64_t p = 0; p < pixels; p++) {
            float *dx = diffSrc + (b * pixels + p) * channels;
            const float *dy = diffDst + b * channels;
#pragma omp simd
            for (int64_t c = 0; c < channels; c++) dx[c] = dy[c] * inverse;
        }
    }
    return 0;
}
