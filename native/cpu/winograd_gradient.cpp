// Backward weights in Winograd's domain: dW = Gᵀ [Σ over tiles (Bᵀ x B) ⊗ (A y' Aᵀ)] G, the transpose of F(4×4, 3×3).
#include "winograd_conv2d.h"
#include "packed_product.h"
#include "winograd_tiles.h"
#include "winograd_transform.h"

namespace taxon {
namespace {

struct WinogradGradient : OwnConv2d {
    static constexpr int M = 4, EDGE = Winograd<M>::EDGE, PLANES = EDGE * EDGE;
    int64_t n, padH, padW;
    Image4 src, dst;
    TileGrid grid;
    int64_t blockTiles;
    bool together;  // all threads work at one block, each at some of the sums; else each has blocks and sums of its own

    WinogradGradient(const int64_t *s, int64_t tiles)
        : n(s[TAXON_N]), padH(s[TAXON_PAD_H]), padW(s[TAXON_PAD_W]), src{s[TAXON_IN_H], s[TAXON_IN_W], s[TAXON_IN_C]},
          dst{s[TAXON_OUT_H], s[TAXON_OUT_W], s[TAXON_OUT_C]}, grid(n, dst.height, dst.width, M) {
        int64_t blocks = (grid.count + tiles - 1) / tiles;
        blockTiles = (grid.count + blocks - 1) / blocks;
        implementation = LANES == 16 ? "taxon:winograd:f4:avx512" : "taxon:winograd:f4:avx2";
        together = c() * k() > 128 * 128;
        scratchBytes = 4 * (together ? 1 : omp_get_max_threads()) * workspace();
    }

    int64_t c() const { return src.channels; }
    int64_t k() const { return dst.channels; }
    int64_t kPitch() const { return vectors(k()) * LANES; }
    int64_t sumPlane() const { return vectors(c()) * LANES * kPitch() + LINE; }
    int64_t zeroFloats() const { return vectors(std::max(c(), k())) * LANES; }

    int64_t workspace() const {
        return zeroFloats() + PLANES * (Planes::plane(blockTiles, c()) + Planes::plane(blockTiles, k()) + sumPlane());
    }

    // A workspace: a row of zeros, the planes of x, those of the gradient, then the sums (plane, channel, result's channel).
    struct Workspace {
        float *zeros;
        Planes v, d;
        float *sums;
    };
    Workspace workspace(void *scratch, int64_t i) const {
        float *zeros = static_cast<float *>(scratch) + i * workspace(), *v = zeros + zeroFloats();
        float *d = v + PLANES * Planes::plane(blockTiles, c());
        return {zeros, {v, blockTiles, c()}, {d, blockTiles, k()}, d + PLANES * Planes::plane(blockTiles, k())};
    }

    void backward_weights(float *diffWeights, float *diffBias, const float *diffDst, const float *x, int accumulate,
            void *scratch) const override {
        int64_t blocks = (grid.count + blockTiles - 1) / blockTiles, parts = 1;
#pragma omp parallel
        {
            int64_t team = omp_get_num_threads(), me = omp_get_thread_num();
            if (!together) blocks = std::max(blocks, team);
            Workspace own = workspace(scratch, together ? 0 : me);
            if (!together || me == 0) std::memset(own.zeros, 0, zeroFloats() * sizeof(float));
#pragma omp barrier
            if (together) {
                for (int64_t b = 0; b < blocks; b++) {
                    Range block{grid.count * b / blocks, grid.count * (b + 1) / blocks};
                    transform(own, x, diffDst, block.begin, share(block.end - block.begin));
#pragma omp barrier
                    multiply(own, block.end - block.begin, b == 0, share(PLANES * vectors(c())));
#pragma omp barrier
                }
            } else {
#pragma omp single nowait
                parts = team;
                Range mine = share(blocks);
                for (int64_t b = mine.begin; b < mine.end; b++) {
                    Range block{grid.count * b / blocks, grid.count * (b + 1) / blocks};
                    transform(own, x, diffDst, block.begin, {0, block.end - block.begin});
                    multiply(own, block.end - block.begin, b == mine.begin, {0, PLANES * vectors(c())});
                }
#pragma omp barrier
            }
#pragma omp for collapse(2) schedule(static)
            for (int64_t b = 0; b < vectors(k()); b++) {
                for (int64_t cc = 0; cc < c(); cc++) {
                    finish(diffWeights, workspace(scratch, 0).sums, parts, b, cc, accumulate);
                }
            }
        }
        if (diffBias) taxon_column_sum(diffBias, diffDst, accumulate, n * dst.height * dst.width, k());
    }

    // Some of the tiles of the block that begins at tile `from`.
    void transform(const Workspace &to, const float *x, const float *diffDst, int64_t from, Range part) const {
        for (int64_t t = part.begin; t < part.end; t++) {
            int64_t tile = from + t, image = grid.image(tile), row = grid.row(tile) * M, column = grid.column(tile) * M;
            transform<EDGE>(to.v, t, TileWindow<EDGE>(x, src, image, row - padH, column - padW, to.zeros), Winograd<M>::input);
            transform<M>(to.d, t, TileWindow<M>(diffDst, dst, image, row, column, to.zeros), Winograd<M>::spread);
        }
    }

    template <int IN, class Transform>
    static void transform(const Planes &to, int64_t slot, const TileWindow<IN> &window, const Transform &transform) {
        int64_t plane = Planes::plane(to.tiles, to.channels);
        for (int64_t b = 0; b < vectors(to.channels); b++) {
            float *p = to.at(0, slot, b);
            auto put = [&](int i, int j, Vec y) { store(p + (i * EDGE + j) * plane, y); };
            int64_t width = to.channels - b * LANES;
            if (width >= LANES) {
                transform_tile<IN, EDGE>([&](int i, int j) { return load(window.pixel[i * IN + j] + b * LANES); }, put, transform);
            } else {
                transform_tile<IN, EDGE>([&](int i, int j) { return load_part(window.pixel[i * IN + j] + b * LANES, width); },
                        put, transform);
            }
        }
    }

    // Some of the (plane, vector of channels) pairs.
    void multiply(const Workspace &w, int64_t tiles, bool first, Range part) const {
        for (int64_t xi = part.begin / vectors(c()); xi * vectors(c()) < part.end; xi++) {
            int64_t begin = std::max<int64_t>(part.begin - xi * vectors(c()), 0);
            int64_t end = std::min(part.end - xi * vectors(c()), vectors(c()));
            gradient_matrix(w.sums + xi * sumPlane(), kPitch(), {w.v.at(xi, 0, 0), w.v.pitch()}, {begin, end},
                    {w.d.at(xi, 0, 0), w.d.pitch()}, {0, vectors(k())}, tiles, first);
        }
    }

    // The gradient of the windows from channel cc to LANES channels of the result.
    void finish(float *diffWeights, const float *sums, int64_t parts, int64_t b, int64_t cc, int accumulate) const {
        float window[9][LANES];
        const float *from = sums + cc * kPitch() + b * LANES;
        auto sum = [&](int i, int j) {
            const float *p = from + (i * EDGE + j) * sumPlane();
            Vec y = load(p);
            for (int64_t t = 1; t < parts; t++) y += load(p + t * workspace());
            return y;
        };
        transform_tile<EDGE, 3>(sum, [&](int i, int j, Vec y) { store(window[i * 3 + j], y); }, Winograd<M>::gradient);
        int64_t width = std::min<int64_t>(LANES, k() - b * LANES);
        for (int64_t l = 0; l < width; l++) {
            float *to = diffWeights + ((b * LANES + l) * c() + cc) * 9;
            for (int t = 0; t < 9; t++) to[t] = (accumulate ? to[t] : 0.f) + window[t][l];
        }
    }
};

}  // namespace

OwnConv2d *winograd_conv2d_backward_weights(const int64_t *s, int flags) {
    if (flags & TAXON_DIRECT || !winograd_applies(s)) return nullptr;
    // Nanoseconds for each pair of channels: the products, and the sums written, read and transformed, which few tiles do
    // not repay; against oneDNN at two thirds of the peak.
    constexpr double SUMS = 0.7;
    double flops = 90.0 * omp_get_max_threads(), pixels = (double)s[TAXON_N] * s[TAXON_OUT_H] * s[TAXON_OUT_W];
    double tiles = (double)TileGrid(s[TAXON_N], s[TAXON_OUT_H], s[TAXON_OUT_W], WinogradGradient::M).count;
    double transforms = tiles * (1.0 / s[TAXON_IN_C] + 1.0 / s[TAXON_OUT_C]) / omp_get_max_threads();
    if (WinogradGradient::PLANES * (tiles * 2 / flops + SUMS + transforms * 0.4) > 9 * pixels * 3 / flops) return nullptr;
    return new WinogradGradient(s, 128);
}

}  // namespace taxon
