#include "pointwise_conv2d.h"

#include "activation.h"
#include "pointwise_product.h"
#include "winograd_tiles.h"

namespace taxon {
namespace {

constexpr int64_t CHUNK = LANES == 16 ? 128 : 256;  // channels whose weights stay in the first-level cache while the rows go by
constexpr int64_t BLOCK = 128 * 1024;  // floats of the rows that stay in the second-level cache while the panels go by
constexpr int64_t RESULTS = 64 * 1024;  // the same of their results, where the sums are so short that stores are the limit
constexpr int64_t SHORT = 32;  // channels of such sums
constexpr int64_t NEAR = 128;  // terms of a tile in whose time a line comes from memory

struct PointwiseConv2d : OwnConv2d {
    Image4 src, dst;
    int64_t strideH, strideW, pixels, panels;
    int64_t blockRows;  // pixels that all panels see before the next ones
    bool sum, gathers, byChannels;
    Clip clip;

    PointwiseConv2d(const int64_t *s, int flags)
        : src{s[TAXON_IN_H], s[TAXON_IN_W], s[TAXON_IN_C]}, dst{s[TAXON_OUT_H], s[TAXON_OUT_W], s[TAXON_OUT_C]},
          strideH(s[TAXON_STRIDE_H]), strideW(s[TAXON_STRIDE_W]), pixels(s[TAXON_N] * dst.height * dst.width),
          panels((vectors(k()) + PANEL_VECTORS - 1) / PANEL_VECTORS), sum(flags & TAXON_SUM) {
        implementation = LANES == 16 ? "taxon:pointwise:avx512" : "taxon:pointwise:avx2";
        gathers = strideH > 1 || strideW > 1;
        byChannels = k() > pixels;  // threads share the larger of the two: each reads all of the other
        blockRows = std::max<int64_t>(BLOCK / c(), TILE_ROWS[1]);
        if (c() <= SHORT) blockRows = std::min(blockRows, RESULTS / k() + TILE_ROWS[1]);
        blockRows = std::min(blockRows, pixels);
        packedBytes = 4 * vectors(k()) * LANES * c();
        if (gathers) scratchBytes = 4 * omp_get_max_threads() * blockRows * gatherPitch();
        if (flags & (TAXON_RELU | TAXON_RELU6)) clip.low = 0;
        if (flags & TAXON_RELU6) clip.high = 6;
    }

    int64_t c() const { return src.channels; }
    int64_t k() const { return dst.channels; }
    int64_t gatherPitch() const { return vectors(c()) * LANES + LINE; }
    int64_t firstVector(int64_t panel) const { return vectors(k()) * panel / panels; }

    // U[panel][channel][vector][LANES], zero behind the last channel of the result.
    void pack_weights(float *packed, const float *weights, void *) override {
#pragma omp parallel for schedule(static)
        for (int64_t p = 0; p < panels; p++) {
            int64_t begin = firstVector(p) * LANES, end = firstVector(p + 1) * LANES;
            float *to = packed + begin * c();
            for (int64_t cc = 0; cc < c(); cc++) {
                for (int64_t o = begin; o < end; o++) *to++ = o < k() ? weights[o * c() + cc] : 0.f;
            }
        }
    }

    void forward(float *y, const float *x, const float *weights, const float *bias, void *scratch) const override {
#pragma omp parallel
        {
            Range rows = byChannels ? Range{0, pixels} : share(pixels);
            int64_t count = rows.end - rows.begin, blocks = (count + blockRows - 1) / blockRows;
            float *gathered = static_cast<float *>(scratch) + omp_get_thread_num() * blockRows * gatherPitch();
            for (int64_t b = 0; b < blocks; b++) {
                Range block{rows.begin + count * b / blocks, rows.begin + count * (b + 1) / blocks};
                int64_t each = block.end - block.begin;
                Range cells = byChannels ? share(panels * each) : Range{0, panels * each};  // (panel, row)
                if (gathers) gather(gathered, x, block);
                const float *from = gathers ? gathered : x + block.begin * c();
                for (int64_t cell = cells.begin; cell < cells.end;) {
                    int64_t panel = cell / each, row = cell % each, end = std::min(each, row + cells.end - cell);
                    multiply(y + block.begin * k(), from, weights, bias, panel, {row, end});
                    cell += end - row;
                }
            }
        }
    }

    // The pixels that the window sees, gatherPitch() apart: no power of two, so that they are not all in one set of a cache.
    void gather(float *to, const float *x, Range block) const {
        for (int64_t p = block.begin; p < block.end; p++, to += gatherPitch()) {
            int64_t column = p % dst.width * strideW, row = p / dst.width % dst.height * strideH, image = p / dst.width / dst.height;
            std::memcpy(to, x + ((image * src.height + row) * src.width + column) * c(), c() * sizeof(float));
        }
    }

    // One panel's channels of the results of some rows of a block.
    void multiply(float *y, const float *x, const float *weights, const float *bias, int64_t panel, Range rows) const {
        int64_t first = firstVector(panel), wide = firstVector(panel + 1) - first, chunks = (c() + CHUNK - 1) / CHUNK;
        int64_t count = rows.end - rows.begin, groups = (count + TILE_ROWS[wide] - 1) / TILE_ROWS[wide];
        Terms t;
        t.xPitch = gathers ? gatherPitch() : c();
        t.yPitch = k();
        t.width = std::min(wide * LANES, k() - first * LANES);
        for (int64_t q = 0; q < chunks; q++) {
            int64_t begin = c() * q / chunks, end = c() * (q + 1) / chunks, row = rows.begin;
            t.u = weights + (first * c() + begin * wide) * LANES;
            t.channels = end - begin;
            t.bias = bias && q == 0 ? bias + first * LANES : nullptr;
            t.far = t.channels >= NEAR ? 0 : TILE_ROWS[wide];
            t.add = sum || q > 0;
            t.last = q + 1 == chunks;
            int64_t lines = t.channels * wide * LANES / LINE, share = std::min((lines + groups - 1) / groups, t.channels / 2);
            const float *next = t.u + t.channels * wide * LANES;
            for (int64_t g = 0; g < groups; g++) {
                int64_t here = (rows.end - row + groups - g - 1) / (groups - g);
                t.x = x + row * t.xPitch + begin;
                t.y = y + row * k() + first * LANES;
                t.ahead = next + g * share * LINE;
                t.lines = std::min(share, lines - g * share);
                tile_product_of(here, wide)(t, clip);
                row += here;
            }
        }
    }
};

// Measured on a Xeon (Sapphire Rapids). With AVX2 it wins only where there are few pixels, weights are small, and rows do not
// lie a large power of two apart.
bool wins(const int64_t *s) {
    int64_t pixels = s[TAXON_N] * s[TAXON_OUT_H] * s[TAXON_OUT_W], c = s[TAXON_IN_C], k = s[TAXON_OUT_C];
    if (s[TAXON_OUT_H] * s[TAXON_OUT_W] == 1 || c < 16 || k < 16) return false;
    return LANES == 16 || (pixels <= 1024 && c % 256 != 0 && c * k <= 512 * 1024);
}

}  // namespace

OwnConv2d *pointwise_conv2d_forward(const int64_t *s, int flags) {
    constexpr int functions = ACTIVATIONS & ~(TAXON_RELU | TAXON_RELU6);
    bool pointwise = s[TAXON_K_H] == 1 && s[TAXON_K_W] == 1 && s[TAXON_PAD_H] == 0 && s[TAXON_PAD_W] == 0;
    return pointwise && s[TAXON_GROUPS] == 1 && !(flags & functions) && wins(s) ? new PointwiseConv2d(s, flags) : nullptr;
}

}  // namespace taxon
