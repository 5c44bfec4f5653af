// Transposition (NCHW ↔ NHWC per sample) and the option-A shortcut.
#include <algorithm>

#include "taxon.h"
#include "vec.h"

using namespace taxon;

extern "C" int taxon_transpose(float *dst, const float *src, int64_t n, int64_t rows, int64_t columns) {
    constexpr int64_t TILE = 16;  // a tile of both sides stays in the first-level cache
#pragma omp parallel for collapse(2) schedule(static) if (n * rows * columns > SERIAL)
    for (int64_t b = 0; b < n; b++) {
        for (int64_t r0 = 0; r0 < rows; r0 += TILE) {
            const float *from = src + b * rows * columns;
            float *to = dst + b * rows * columns;
            int64_t r1 = std::min(r0 + TILE, rows);
            for (int64_t c0 = 0; c0 < columns; c0 += TILE) {
                int64_t c1 = std::min(c0 + TILE, columns);
                for (int64_t c = c0; c < c1; c++) {
                    for (int64_t r = r0; r < r1; r++) to[c * rows + r] = from[r * columns + c];
                }
            }
        }
    }
    return 0;
}

extern "C" int taxon_shortcut_a_forward(float *dst, const float *src, const int64_t *s) {
    int64_t inC = s[TAXON_IN_C], outC = s[TAXON_OUT_C], before = (outC - inC) / 2, stride = s[TAXON_STRIDE_H];
    int64_t outH = s[TAXON_OUT_H], outW = s[TAXON_OUT_W], inH = s[TAXON_IN_H], inW = s[TAXON_IN_W];
#pragma omp parallel for collapse(2) schedule(static) if (s[TAXON_N] * outH * outW * outC > SERIAL)
    for (int64_t n = 0; n < s[TAXON_N]; n++) {
        for (int64_t h = 0; h < outH; h++) {
            for (int64_t w = 0; w < outW; w++) {
                float *y = dst + ((n * outH + h) * outW + w) * outC;
                const float *x = src + ((n * inH + h * stride) * inW + w * stride) * inC;
                std::memset(y, 0, before * sizeof(float));
                std::memcpy(y + before, x, inC * sizeof(float));
                std::memset(y + before + inC, 0, (outC - before - inC) * sizeof(float));
            }
        }
    }
    return 0;
}

extern "C" int taxon_shortcut_a_backward(float *diffSrc, const float *diffDst, const int64_t *s) {
    int64_t inC = s[TAXON_IN_C], outC = s[TAXON_OUT_C], before = (outC - inC) / 2, stride = s[TAXON_STRIDE_H];
    int64_t outH = s[TAXON_OUT_H], outW = s[TAXON_OUT_W], inH = s[TAXON_IN_H], inW = s[TAXON_IN_W];
#pragma omp parallel for collapse(2) schedule(static) if (s[TAXON_N] * inH * inW * inC > SERIAL)
    for (int64_t n = 0; n < s[TAXON_N]; n++) {
        for (int64_t h = 0; h < inH; h++) {
            for (int64_t w = 0; w < inW; w++) {
                float *dx = diffSrc + ((n * inH + h) * inW + w) * inC;
                if (h % stride || w % stride) {
                    std::memset(dx, 0, inC * sizeof(float));
                } else {
                    int64_t out = (n * outH + h / stride) * outW + w / stride;
                    std::memcpy(dx, diffDst + out * outC + before, inC * sizeof(float));
                }
            }
        }
    }
    return 0;
}
