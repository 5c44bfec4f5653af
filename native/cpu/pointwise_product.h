// A tile of a product of matrices, rows of pixels by panels of packed weights, that stays in registers until it is a result.
#pragma once

#include <algorithm>
#include <limits>
#include <utility>

#include "numeric.h"

namespace taxon {

// Vectors of channels in the widest panel, and rows of a tile that fit the registers beside the weights, by vectors.
#if defined(__AVX512F__)
constexpr int64_t PANEL_VECTORS = 4;
constexpr int TILE_ROWS[] = {0, 14, 14, 9, 6};
#else
constexpr int64_t PANEL_VECTORS = 2;
constexpr int TILE_ROWS[] = {0, 6, 6};
#endif

// What is done to a result on its way out.
struct Clip {
    float low = -std::numeric_limits<float>::infinity(), high = std::numeric_limits<float>::infinity();

    Vec operator()(Vec y) const { return cut(y, low, high); }
};

// Some terms of the sums of a tile.
struct Terms {
    const float *x;  // rows, xPitch apart
    int64_t xPitch;
    const float *u;  // [channel][vector][LANES]
    int64_t channels;
    float *y;  // rows, yPitch apart
    int64_t yPitch, width;  // the channels of the result that exist
    const float *bias;  // where the sums begin, or NULL
    bool add, last;  // to what lies in y; then clip
    int64_t far;  // rows from y to those that will be written soon
    const float *ahead;  // weights that will be read soon, in so many lines
    int64_t lines;
};

template <int ROWS, int VECTORS>
void tile_product(const Terms &t, const Clip &clip) {
    constexpr int64_t LINE_FLOATS = 16;
    Vec sum[ROWS][VECTORS];
#pragma GCC unroll 4
    for (int s = 0; s < VECTORS; s++) {
        Vec first = t.bias ? load_part(t.bias + s * LANES, std::max<int64_t>(t.width - s * LANES, 0)) : Vec{};
#pragma GCC unroll 16
        for (int r = 0; r < ROWS; r++) sum[r][s] = first;
    }
    // Every third row has a pointer, and an addressing mode reaches the two behind it: a pointer each is more than there are.
    constexpr int BASES = (ROWS + 2) / 3;
    const float *base[BASES], *u = t.u, *ahead = t.ahead, *rowAhead = t.y + t.far * t.yPitch;
    int64_t pitch = t.xPitch, lines = t.lines, rowsAhead = t.last ? ROWS : 0, c = 0;
    for (int i = 0; i < BASES; i++) base[i] = t.x + 3 * i * pitch;
    auto step = [&](int i) {
        Vec w[VECTORS];
#pragma GCC unroll 4
        for (int s = 0; s < VECTORS; s++) w[s] = keep(load(u + s * LANES));
#pragma GCC unroll 16
        for (int r = 0; r < ROWS; r++) {
            Vec x = splat(base[r / 3][r % 3 * pitch + i]);
#pragma GCC unroll 4
            for (int s = 0; s < VECTORS; s++) sum[r][s] += x * w[s];
        }
        u += VECTORS * LANES;
    };
    for (; c + 4 <= t.channels; c += 4) {
        // A few lines at a time: the next weights, the same channels of the next rows, and where results go.
        if (lines > 0) {
            expect(ahead);
            expect(ahead + LINE_FLOATS);
            ahead += 2 * LINE_FLOATS;
            lines -= 2;
        }
        for (int r = c / 4 % 4; r < ROWS; r += 4) __builtin_prefetch(t.x + (ROWS + r) * pitch + c, 0, 3);
        if (rowsAhead-- > 0) {
#pragma GCC unroll 4
            for (int s = 0; s < VECTORS; s++) __builtin_prefetch(rowAhead + s * LANES, 1, 3);
            rowAhead += t.yPitch;
        }
#pragma GCC unroll 4
        for (int i = 0; i < 4; i++) step(i);
#pragma GCC unroll 8
        for (int i = 0; i < BASES; i++) base[i] += 4;
    }
    for (; c < t.channels; c++) {
        step(0);
#pragma GCC unroll 8
        for (int i = 0; i < BASES; i++) base[i]++;
    }
#pragma GCC unroll 4
    for (int s = 0; s < VECTORS; s++) {
        int64_t width = t.width - s * LANES;
        float *y = t.y + s * LANES;
#pragma GCC unroll 16
        for (int r = 0; r < ROWS; r++, y += t.yPitch) {
            Vec v = sum[r][s];
            if (t.add) v += load_part(y, width);
            if (t.last) v = clip(v);
            store_part(y, v, width);
        }
    }
}

using TileProduct = void (*)(const Terms &, const Clip &);

template <int VECTORS, int... R>
TileProduct tile_product_of(int64_t rows, std::integer_sequence<int, R...>) {
    static constexpr TileProduct all[] = {tile_product<R + 1, VECTORS>...};
    return all[rows - 1];
}

// The kernel for a tile of 1 … TILE_ROWS[wide] rows and 1 … PANEL_VECTORS vectors.
inline TileProduct tile_product_of(int64_t rows, int64_t wide) {
#if defined(__AVX512F__)
    if (wide == 4) return tile_product_of<4>(rows, std::make_integer_sequence<int, TILE_ROWS[4]>());
    if (wide == 3) return tile_product_of<3>(rows, std::make_integer_sequence<int, TILE_ROWS[3]>());
#endif
    if (wide == 2) return tile_product_of<2>(rows, std::make_integer_sequence<int, TILE_ROWS[2]>());
    return tile_product_of<1>(rows, std::make_integer_sequence<int, TILE_ROWS[1]>());
}

}  // namespace taxon
