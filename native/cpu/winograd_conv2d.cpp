#include "winograd_conv2d.h"

#include "finish.h"
#include "packed_product.h"
#include "winograd_tiles.h"
#include "winograd_transform.h"

namespace taxon {
namespace {

// A convolution or its transpose: from an image of c channels to one of k.
struct Filter {
    int64_t n;
    Image4 src, dst;
    int64_t padH, padW;
    bool transposed;  // src is the gradient of the result: weights turned by half a circle, their channels exchanged
};

// The kernels for 1 … PRODUCT_ROWS tiles.
using Product = void (*)(float *, int64_t, const float *, int64_t, const float *, int64_t, Ahead);
template <int VECTORS, int... R>
Product product_of(int rows, std::integer_sequence<int, R...>) {
    static constexpr Product all[] = {panel_product<R + 1, VECTORS>...};
    return all[rows - 1];
}
template <int VECTORS>
Product product_of(int rows) {
    return product_of<VECTORS>(rows, std::make_integer_sequence<int, PRODUCT_ROWS>());
}

template <int M>
struct WinogradConv2d : OwnConv2d {
    static constexpr int EDGE = Winograd<M>::EDGE, PLANES = EDGE * EDGE;
    Filter f;
    Finish finish;
    TileGrid grid;
    int64_t blockTiles;  // in a block, whose planes are in the caches at once
    bool together;       // all threads work at one block, each at some of the weights; else each has blocks of its own

    WinogradConv2d(const Filter &filter, int flags, const double *numbers, int64_t blockTiles, bool together)
        : f(filter), finish(flags, numbers), grid(f.n, f.dst.height, f.dst.width, M), blockTiles(std::min(blockTiles, grid.count)),
          together(together) {
        implementation = std::string("taxon:winograd:f") + char('0' + M) + (LANES == 16 ? ":avx512" : ":avx2");
        packedBytes = 4 * PLANES * weightPlane();
        scratchBytes = 4 * (together ? 1 : omp_get_max_threads()) * workspace();
    }

    int64_t c() const { return f.src.channels; }
    int64_t k() const { return f.dst.channels; }
    int64_t weightPlane() const { return vectors(k()) * LANES * vectors(c()) * LANES + LINE; }
    int64_t zeroFloats() const { return vectors(c()) * LANES; }
    int64_t workspace() const {
        return (zeroFloats() + PLANES * (Planes::plane(blockTiles, c()) + Planes::plane(blockTiles, k())) + LINE - 1) / LINE
                * LINE;
    }

    // U[plane][panel of PRODUCT_VECTORS][channel][vector][LANES], zero behind the last channel.
    void pack_weights(float *packed, const float *weights, void *) override {
        int64_t kBlocks = vectors(k()), cEnd = vectors(c()) * LANES;
#pragma omp parallel for collapse(2) schedule(static) if (c() * k() >= 48 * 48)
        for (int64_t kb = 0; kb < kBlocks; kb++) {
            for (int64_t cc = 0; cc < cEnd; cc++) {
                int64_t panel = kb / PRODUCT_VECTORS, width = std::min<int64_t>(PRODUCT_VECTORS, kBlocks - panel * PRODUCT_VECTORS);
                float *to = packed + panel * PRODUCT_VECTORS * LANES * cEnd + (cc * width + kb % PRODUCT_VECTORS) * LANES;
                Vec g[9];
                gather(g, weights, kb * LANES, cc);
                Vec half[EDGE][3];
                for (int j = 0; j < 3; j++) {
                    Vec d[3] = {g[j], g[3 + j], g[6 + j]}, o[EDGE];
                    Winograd<M>::weights(d, o);
                    for (int i = 0; i < EDGE; i++) half[i][j] = o[i];
                }
                for (int i = 0; i < EDGE; i++) {
                    Vec o[EDGE];
                    Winograd<M>::weights(half[i], o);
                    for (int j = 0; j < EDGE; j++) store(to + (i * EDGE + j) * weightPlane(), o[j]);
                }
            }
        }
    }

    // The window of channel cc for LANES channels of the result.
    void gather(Vec *g, const float *weights, int64_t k0, int64_t cc) const {
        float lanes[9][LANES] = {};
        int64_t width = cc < c() ? std::min<int64_t>(LANES, k() - k0) : 0;
        for (int64_t l = 0; l < width; l++) {
            const float *w = weights + (f.transposed ? cc * k() + k0 + l : (k0 + l) * c() + cc) * 9;
            for (int t = 0; t < 9; t++) lanes[f.transposed ? 8 - t : t][l] = w[t];
        }
        for (int t = 0; t < 9; t++) g[t] = load(lanes[t]);
    }

    void forward(float *dst, const float *src, const float *weights, const float *bias, void *scratch) const override {
        run(dst, src, weights, bias, scratch);
    }
    void backward_data(float *diffSrc, const float *diffDst, const float *weights, void *scratch) const override {
        run(diffSrc, diffDst, weights, nullptr, scratch);
    }

    void run(float *dst, const float *src, const float *u, const float *bias, void *scratch) const {
        int64_t blocks = (grid.count + blockTiles - 1) / blockTiles;
#pragma omp parallel
        {
            int64_t team = omp_get_num_threads(), me = omp_get_thread_num();
            float *zeros = static_cast<float *>(scratch) + (together ? 0 : me * workspace());
            Planes v{zeros + zeroFloats(), blockTiles, c()}, m{v.data + PLANES * Planes::plane(blockTiles, c()), blockTiles, k()};
            int64_t panels = (vectors(k()) + PRODUCT_VECTORS - 1) / PRODUCT_VECTORS;
            if (together) {
                if (me == 0) std::memset(zeros, 0, zeroFloats() * sizeof(float));
#pragma omp barrier
                for (int64_t b = 0; b < blocks; b++) {
                    int64_t from = grid.count * b / blocks, count = grid.count * (b + 1) / blocks - from;
                    Range mine = share(count);
                    for (int64_t t = mine.begin; t < mine.end; t++) input(v, t, src, from + t, zeros);
#pragma omp barrier
                    multiply(m, v, u, count, share(PLANES * panels));
#pragma omp barrier
                    for (int64_t t = mine.begin; t < mine.end; t++) output(dst, from + t, m, t, bias);
                }
            } else {
                std::memset(zeros, 0, zeroFloats() * sizeof(float));
                blocks = (blocks + team - 1) / team * team;
                for (int64_t b = blocks * me / team; b < blocks * (me + 1) / team; b++) {
                    int64_t from = grid.count * b / blocks, count = grid.count * (b + 1) / blocks - from;
                    for (int64_t t = 0; t < count; t++) input(v, t, src, from + t, zeros);
                    multiply(m, v, u, count, {0, PLANES * panels});
                    for (int64_t t = 0; t < count; t++) output(dst, from + t, m, t, bias);
                }
            }
        }
    }

    void input(const Planes &v, int64_t slot, const float *src, int64_t tile, const float *zeros) const {
        TileWindow<EDGE> window(src, f.src, grid.image(tile), grid.row(tile) * M - f.padH, grid.column(tile) * M - f.padW, zeros);
        int64_t plane = Planes::plane(v.tiles, v.channels), whole = c() / LANES;
        float *to = v.at(0, slot, 0);
        auto put = [&](int i, int j, Vec x) { store(to + (i * EDGE + j) * plane, x); };
        int64_t b = 0;
        for (; b < whole; b++, to += v.pitch()) {
            transform_tile<EDGE, EDGE>([&](int i, int j) { return load(window.pixel[i * EDGE + j] + b * LANES); }, put,
                    Winograd<M>::input);
        }
        int64_t rest = c() - b * LANES;
        if (rest == 0) return;
        transform_tile<EDGE, EDGE>([&](int i, int j) { return load_part(window.pixel[i * EDGE + j] + b * LANES, rest); },
                put, Winograd<M>::input);
    }

    // Some of the (plane, panel) pairs, for all tiles of a block.
    void multiply(const Planes &m, const Planes &v, const float *u, int64_t tiles, Range part) const {
        int64_t kBlocks = vectors(k()), cBlocks = vectors(c()), panels = (kBlocks + PRODUCT_VECTORS - 1) / PRODUCT_VECTORS;
        int64_t groups = (tiles + PRODUCT_ROWS - 1) / PRODUCT_ROWS;  // of rows, spread evenly
        int64_t panelFloats = cBlocks * LANES * PRODUCT_VECTORS * LANES;
        int64_t panelLines = PRODUCT_VECTORS * LANES * LANES / LINE;  // of the next panel, for each block of channels
        int lines = (int)((panelLines + groups - 1) / groups);
        for (int64_t p = part.begin; p < part.end; p++) {
            int64_t xi = p / panels, panel = p % panels;
            bool single = kBlocks - panel * PRODUCT_VECTORS == 1;
            const float *w = u + xi * weightPlane() + panel * panelFloats;
            float *to = m.at(xi, 0, panel * PRODUCT_VECTORS);
            int64_t t = 0;
            for (int64_t g = 0; g < groups; g++) {
                int rows = (int)((tiles - t + groups - g - 1) / (groups - g));
                Product product = single ? product_of<1>(rows) : product_of<2>(rows);
                Ahead ahead{w + panelFloats + g * cBlocks * lines * LINE, g * lines < panelLines ? lines : 0};
                product(to + t * LANES, m.pitch(), v.at(xi, t, 0), v.pitch(), w, cBlocks, ahead);
                t += rows;
            }
        }
    }

    void output(float *dst, int64_t tile, const Planes &m, int64_t slot, const float *bias) const {
        int64_t top = grid.row(tile) * M, left = grid.column(tile) * M;
        int64_t rows = std::min<int64_t>(M, f.dst.height - top), columns = std::min<int64_t>(M, f.dst.width - left);
        int64_t plane = Planes::plane(m.tiles, m.channels);
        float *corner = dst + ((grid.image(tile) * f.dst.height + top) * f.dst.width + left) * k();
        for (int64_t b = 0; b < vectors(k()); b++) {
            const float *from = m.at(0, slot, b);
            int64_t width = k() - b * LANES;
            Vec add = bias ? load_part(bias + b * LANES, width) : Vec{};
            Vec half[M][EDGE];
#pragma GCC unroll 8
            for (int j = 0; j < EDGE; j++) {
                Vec d[EDGE], o[M];
#pragma GCC unroll 8
                for (int i = 0; i < EDGE; i++) d[i] = load(from + (i * EDGE + j) * plane);
                Winograd<M>::output(d, o);
#pragma GCC unroll 8
                for (int i = 0; i < M; i++) half[i][j] = o[i];
            }
            for (int64_t i = 0; i < rows; i++) {
                Vec o[M];
                Winograd<M>::output(half[i], o);
                float *to = corner + i * f.dst.width * k() + b * LANES;
                for (int64_t j = 0; j < columns; j++, to += k()) {
                    Vec y = o[j] + add;
                    if (finish.sum) y += load_part(to, width);
                    store_part(to, finish(y), width);
                }
            }
        }
    }
};

// Nanoseconds for each pair of channels: products at some 90 GFLOP/s a core, the weights read once, and the transforms of
// each tile's channels. Measured on Zen 5 with AVX2; the ratios between the terms matter, not the speed of the core.
constexpr double FLOPS = 90, WEIGHT = 0.1, TRANSFORM = 0.4;

template <int M>
double cost(const Filter &f) {
    double planes = (M + 2) * (M + 2), tiles = (double)TileGrid(f.n, f.dst.height, f.dst.width, M).count;
    double each = 2 / FLOPS + TRANSFORM * (1.0 / f.src.channels + 1.0 / f.dst.channels);
    return planes * (tiles * each / omp_get_max_threads() + WEIGHT);
}

double direct_cost(const Filter &f) {
    double pixels = (double)f.n * f.dst.height * f.dst.width;
    return 9 * (pixels * 2 / FLOPS / omp_get_max_threads() + WEIGHT);
}

template <int M>
OwnConv2d *make(const Filter &f, int flags, const double *numbers) {
    int64_t tiles = TileGrid(f.n, f.dst.height, f.dst.width, M).count, team = omp_get_max_threads();
    bool together = tiles < 24 * team || tiles * 1024 < f.src.channels * f.dst.channels;
    int64_t block = together ? 96 : 48;
    return new WinogradConv2d<M>(f, flags, numbers, block, together);
}

OwnConv2d *choose(const Filter &f, int flags, const double *numbers) {
    double two = cost<2>(f), four = cost<4>(f);
    if (std::min(two, four) * 1.1 > direct_cost(f)) return nullptr;
    return two < four ? make<2>(f, flags, numbers) : make<4>(f, flags, numbers);
}

}  // namespace

bool winograd_applies(const int64_t *s) {
    return s[TAXON_GROUPS] == 1 && s[TAXON_K_H] == 3 && s[TAXON_K_W] == 3 && s[TAXON_STRIDE_H] == 1
            && s[TAXON_STRIDE_W] == 1 && s[TAXON_DILATION_H] == 1 && s[TAXON_DILATION_W] == 1 && s[TAXON_PAD_H] <= 2
            && s[TAXON_PAD_W] <= 2 && s[TAXON_IN_C] >= 16 && s[TAXON_OUT_C] >= 16;
}

OwnConv2d *winograd_conv2d_forward(const int64_t *s, int flags, const double *numbers) {
    if (flags & TAXON_DIRECT || !Finish::covers(flags) || !winograd_applies(s)) return nullptr;
    Image4 src{s[TAXON_IN_H], s[TAXON_IN_W], s[TAXON_IN_C]}, dst{s[TAXON_OUT_H], s[TAXON_OUT_W], s[TAXON_OUT_C]};
    return choose({s[TAXON_N], src, dst, s[TAXON_PAD_H], s[TAXON_PAD_W], false}, flags, numbers);
}

OwnConv2d *winograd_conv2d_backward_data(const int64_t *s, int flags) {
    if (flags & TAXON_DIRECT || !winograd_applies(s)) return nullptr;
    Image4 src{s[TAXON_OUT_H], s[TAXON_OUT_W], s[TAXON_OUT_C]}, dst{s[TAXON_IN_H], s[TAXON_IN_W], s[TAXON_IN_C]};
    return choose({s[TAXON_N], src, dst, 2 - s[TAXON_PAD_H], 2 - s[TAXON_PAD_W], true}, 0, nullptr);
}

}  // namespace taxon
