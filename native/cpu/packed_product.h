// Products of packed matrices: tiles, or pixels, by channels, as [channels / LANES][tiles][LANES]. Both keep a tile of results
// in registers and read each operand along its vectors.
#pragma once

#include <algorithm>

#include "vec.h"

namespace taxon {

#if defined(__AVX512F__)
constexpr int PRODUCT_ROWS = 12, GRADIENT_ROWS = 8;
#else
constexpr int PRODUCT_ROWS = 6, GRADIENT_ROWS = 4;
#endif
constexpr int PRODUCT_VECTORS = 2, GRADIENT_VECTORS = 3;

// Lines of the next panel of weights to fetch, some for each vector of channels.
struct Ahead {
    const float *from;
    int lines;
};

// m[s][r] = Σ_c v[c][r] · u[c][s] over `blocks` vectors of channels. v: [block][row][LANES], `vPitch` between blocks;
// u: [channel][VECTORS][LANES]; m: [vector][row][LANES], `mPitch` between vectors.
template <int ROWS, int VECTORS>
void panel_product(float *m, int64_t mPitch, const float *v, int64_t vPitch, const float *u, int64_t blocks, Ahead ahead) {
    Vec sum[ROWS][VECTORS] = {};
    for (int64_t b = 0; b < blocks; b++, v += vPitch) {
        for (int i = 0; i < ahead.lines; i++, ahead.from += 16) expect(ahead.from);
#pragma GCC unroll 8
        for (int c = 0; c < LANES; c++, u += VECTORS * LANES) {
            Vec w[VECTORS];
#pragma GCC unroll 2
            for (int s = 0; s < VECTORS; s++) w[s] = keep(load(u + s * LANES));
#pragma GCC unroll 16
            for (int r = 0; r < ROWS; r++) {
                Vec x = splat(v[r * LANES + c]);
#pragma GCC unroll 2
                for (int s = 0; s < VECTORS; s++) sum[r][s] += x * w[s];
            }
        }
    }
#pragma GCC unroll 16
    for (int r = 0; r < ROWS; r++) {
#pragma GCC unroll 2
        for (int s = 0; s < VECTORS; s++) store(m + s * mPitch + r * LANES, sum[r][s]);
    }
}

// w[r][s] (+)= Σ_t v[t][r] · d[s][t] over `tiles` tiles. v: [tile][LANES], of which ROWS channels; d: [vector][tile][LANES],
// `dPitch` between vectors; w: rows of `wPitch`.
template <int VECTORS>
void gradient_product(float *w, int64_t wPitch, const float *v, const float *d, int64_t dPitch, int64_t tiles, bool first) {
    Vec sum[GRADIENT_ROWS][VECTORS] = {};
#pragma GCC unroll 8
    for (int r = 0; r < GRADIENT_ROWS; r++) __builtin_prefetch(w + r * wPitch, 1, 3);
#pragma GCC unroll 4
    for (int64_t t = 0; t < tiles; t++) {
        Vec x[VECTORS];
#pragma GCC unroll 4
        for (int s = 0; s < VECTORS; s++) x[s] = keep(load(d + s * dPitch + t * LANES));
#pragma GCC unroll 8
        for (int r = 0; r < GRADIENT_ROWS; r++) {
            Vec y = splat(v[t * LANES + r]);
#pragma GCC unroll 4
            for (int s = 0; s < VECTORS; s++) sum[r][s] += y * x[s];
        }
    }
#pragma GCC unroll 8
    for (int r = 0; r < GRADIENT_ROWS; r++) {
#pragma GCC unroll 4
        for (int s = 0; s < VECTORS; s++) {
            float *to = w + r * wPitch + s * LANES;
            store(to, first ? sum[r][s] : load(to) + sum[r][s]);
        }
    }
}

// A packed matrix, `pitch` floats between its vectors of channels.
struct Packed {
    const float *data;
    int64_t pitch;
};

// w(c, k) (+)= Σ_t v(t, c) · d(t, k) for whole vectors of channels c and k: a panel of d stays in the first-level cache while v
// goes by.
inline void gradient_matrix(float *w, int64_t wPitch, Packed v, Range c, Packed d, Range k, int64_t tiles, bool first) {
    for (int64_t kb = k.begin, wide; kb < k.end; kb += wide) {
        int64_t left = k.end - kb;
        wide = left == 4 ? 2 : std::min<int64_t>(left, GRADIENT_VECTORS);
        auto product = wide == 3 ? gradient_product<3> : wide == 2 ? gradient_product<2> : gradient_product<1>;
        for (int64_t cb = c.begin; cb < c.end; cb++) {
            for (int row = 0; row < LANES; row += GRADIENT_ROWS) {
                product(w + (cb * LANES + row) * wPitch + kb * LANES, wPitch, v.data + cb * v.pitch + row,
                        d.data + kb * d.pitch, d.pitch, tiles, first);
            }
        }
    }
}

}  // namespace taxon
