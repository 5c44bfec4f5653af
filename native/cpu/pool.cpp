// Pooling of NHWC images. Forward walks windows; backward gathers for each input pixel from the windows that hold it,
// so that threads never write the same element.
#include <algorithm>
#include <limits>

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

// Calls visit(kh, ih) for each row of a window that lies in the image.
template <class Visit>
inline void taps(int64_t o, int64_t k, int64_t stride, int64_t pad, int64_t dilation, int64_t extent, Visit visit) {
    for (int64_t i = 0; i < k; i++) {
        int64_t at = o * stride - pad + i * dilation;
        if (at >= 0 && at < extent) visit(i, at);
    }
}

// Calls visit(k, o) for each window o that holds input row i, as its k-th row.
template <class Visit>
inline void owners(int64_t i, int64_t k, int64_t stride, int64_t pad, int64_t dilation, int64_t out, Visit visit) {
    for (int64_t t = 0; t < k; t++) {
        int64_t at = i + pad - t * dilation;
        if (at >= 0 && at % stride == 0 && at / stride < out) visit(t, at / stride);
    }
}

// Windows that tile the image without padding: sums of whole rows, then of neighbours, whatever the channels.
bool tiles(const Window &s) {
    return s.padH == 0 && s.padW == 0 && s.strideH == s.kH && s.strideW == s.kW && s.outH * s.kH <= s.h
            && s.outW * s.kW <= s.w;
}

void tile_forward(float *dst, const float *src, const Window &s) {
    constexpr int64_t CHUNK = 4096;  // floats of a row that are summed at a time, in the first-level cache
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

template <class Index>
void max_forward(float *dst, Index *index, const float *src, const Window &s) {
#pragma omp parallel for collapse(2) schedule(static) if (s.n * s.h * s.w * s.c > SERIAL)
    for (int64_t n = 0; n < s.n; n++) {
        for (int64_t oh = 0; oh < s.outH; oh++) {
            for (int64_t ow = 0; ow < s.outW; ow++) {
                int64_t out = ((n * s.outH + oh) * s.outW + ow) * s.c;
                float *y = dst + out;
                Index *at = index ? index + out : nullptr;
                bool first = true;
                taps(oh, s.kH, s.strideH, s.padH, s.dilationH, s.h, [&](int64_t kh, int64_t ih) {
                    taps(ow, s.kW, s.strideW, s.padW, s.dilationW, s.w, [&](int64_t kw, int64_t iw) {
                        const float *x = src + ((n * s.h + ih) * s.w + iw) * s.c;
                        Index here = (Index)(kh * s.kW + kw);
                        if (first) {
                            std::memcpy(y, x, s.c * sizeof(float));
                            for (int64_t c = 0; at && c < s.c; c++) at[c] = here;
                        } else if (at) {
#pragma omp simd
                            for (int64_t c = 0; c < s.c; c++) {
                                bool take = x[c] > y[c] || x[c] != x[c];
                                y[c] = take ? x[c] : y[c];
                                at[c] = take ? here : at[c];
                            }
                        } else {
#pragma omp simd
                            for (int64_t c = 0; c < s.c; c++) y[c] = x[c] > y[c] || x[c] != x[c] ? x[c] : y[c];
                        }
                        first = false;
                    });
                });
                // A window of padding alone (dilation) is −∞ and has no owner.
                for (int64_t c = 0; first && c < s.c; c++) y[c] = -std::numeric_limits<float>::infinity();
                for (int64_t c = 0; first && at && c < s.c; c++) at[c] = (Index)-1;
            }
        }
    }
}

template <class Index>
void max_backward(float *diffSrc, const float *diffDst, const Index *index, const Window &s) {
#pragma omp parallel for collapse(2) schedule(static) if (s.n * s.h * s.w * s.c > SERIAL)
    for (int64_t n = 0; n < s.n; n++) {
        for (int64_t h = 0; h < s.h; h++) {
            for (int64_t w = 0; w < s.w; w++) {
                float *dx = diffSrc + ((n * s.h + h) * s.w + w) * s.c;
                std::memset(dx, 0, s.c * sizeof(float));
                owners(h, s.kH, s.strideH, s.padH, s.dilationH, s.outH, [&](int64_t kh, int64_t oh) {
                    owners(w, s.kW, s.strideW, s.padW, s.dilationW, s.outW, [&](int64_t kw, int64_t ow) {
                        int64_t out = ((n * s.outH + oh) * s.outW + ow) * s.c;
                        const float *dy = diffDst + out;
                        const Index *at = index + out;
                        Index here = (Index)(kh * s.kW + kw);
#pragma omp simd
                        for (int64_t c = 0; c < s.c; c++) dx[c] += at[c] == here ? dy[c] : 0.f;
                    });
                });
            }
        }
    }
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
    if (tiles(s) && s.kW * s.c <= 4096) {
        tile_forward(dst, src, s);
        return 0;
    }
#pragma omp parallel for collapse(2) schedule(static) if (s.n * s.h * s.w * s.c > SERIAL)
    for (int64_t n = 0; n < s.n; n++) {
        for (int64_t oh = 0; oh < s.outH; oh++) {
            for (int64_t ow = 0; ow < s.outW; ow++) {
                float *y = dst + ((n * s.outH + oh) * s.outW + ow) * s.c;
                std::memset(y, 0, s.c * sizeof(float));
                taps(oh, s.kH, s.strideH, s.padH, 1, s.h, [&](int64_t, int64_t ih) {
                    taps(ow, s.kW, s.strideW, s.padW, 1, s.w, [&](int64_t, int64_t iw) {
                        const float *x = src + ((n * s.h + ih) * s.w + iw) * s.c;
#pragma omp simd
                        for (int64_t c = 0; c < s.c; c++) y[c] += x[c];
                    });
                });
                float inverse = s.inverse(oh, ow, countIncludePad);
#pragma omp simd
                for (int64_t c = 0; c < s.c; c++) y[c] *= inverse;
            }
        }
    }
    return 0;
}

extern "C" int taxon_avg_pool2d_backward(
        float *diffSrc, const float *diffDst, int countIncludePad, const int64_t *sizes) {
    Window s(sizes);
    if (tiles(s)) {
        tile_backward(diffSrc, diffDst, s);
        return 0;
    }
#pragma omp parallel for collapse(2) schedule(static) if (s.n * s.h * s.w * s.c > SERIAL)
    for (int64_t n = 0; n < s.n; n++) {
        for (int64_t h = 0; h < s.h; h++) {
            for (int64_t w = 0; w < s.w; w++) {
                float *dx = diffSrc + ((n * s.h + h) * s.w + w) * s.c;
                std::memset(dx, 0, s.c * sizeof(float));
                owners(h, s.kH, s.strideH, s.padH, 1, s.outH, [&](int64_t, int64_t oh) {
                    owners(w, s.kW, s.strideW, s.padW, 1, s.outW, [&](int64_t, int64_t ow) {
                        const float *dy = diffDst + ((n * s.outH + oh) * s.outW + ow) * s.c;
                        float inverse = s.inverse(oh, ow, countIncludePad);
#pragma omp simd
                        for (int64_t c = 0; c < s.c; c++) dx[c] += dy[c] * inverse;
                    });
                });
            }
        }
    }
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
