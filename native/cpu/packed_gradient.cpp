// Backward weights as one product of packed matrices for each tap of the window: pixels by channels of x, pixels by channels
// of the gradient.
#include "packed_gradient.h"

#include "packed_product.h"
#include "winograd_tiles.h"

namespace taxon {
namespace {

struct PackedGradient : OwnConv2d {
    static constexpr int64_t BLOCK = 128;  // pixels whose packed rows are in the caches at once
    int64_t n, kH, kW, strideH, strideW, padH, padW;
    Image4 src, dst;
    bool together;  // threads share the sums, each has some of the channels; else each has pixels and sums of its own

    explicit PackedGradient(const int64_t *s)
        : n(s[TAXON_N]), kH(s[TAXON_K_H]), kW(s[TAXON_K_W]), strideH(s[TAXON_STRIDE_H]), strideW(s[TAXON_STRIDE_W]),
          padH(s[TAXON_PAD_H]), padW(s[TAXON_PAD_W]), src{s[TAXON_IN_H], s[TAXON_IN_W], s[TAXON_IN_C]},
          dst{s[TAXON_OUT_H], s[TAXON_OUT_W], s[TAXON_OUT_C]} {
        together = sumFloats() > 128 * 1024;
        implementation = LANES == 16 ? "taxon:packed_gradient:avx512" : "taxon:packed_gradient:avx2";
        scratchBytes = 4 * (omp_get_max_threads() * packedFloats() + (together ? 1 : omp_get_max_threads()) * sumFloats());
    }

    int64_t taps() const { return kH * kW; }
    int64_t c() const { return src.channels; }
    int64_t k() const { return dst.channels; }
    int64_t kPitch() const { return vectors(k()) * LANES; }
    int64_t tapFloats() const { return vectors(c()) * LANES * kPitch(); }
    int64_t sumFloats() const { return taps() * tapFloats(); }
    int64_t packedFloats() const { return BLOCK * (vectors(c()) * LANES + kPitch()); }

    void backward_weights(float *diffWeights, float *diffBias, const float *diffDst, const float *x, int accumulate,
            void *scratch) const override {
        int64_t pixels = n * dst.height * dst.width, parts = 1;
        auto *base = static_cast<float *>(scratch);
        float *sums = base + omp_get_max_threads() * packedFloats();  // (tap, channel of x, channel of the gradient)
#pragma omp parallel
        {
            int64_t me = omp_get_thread_num();
            float *v = base + me * packedFloats(), *d = v + BLOCK * vectors(c()) * LANES;
            Range mine{0, pixels}, cPart{0, vectors(c())}, kPart{0, vectors(k())};
            float *own = sums;
            if (!together) {
#pragma omp single nowait
                parts = omp_get_num_threads();
                mine = share(pixels);
                own += me * sumFloats();
                if (mine.begin == mine.end) std::memset(own, 0, sumFloats() * sizeof(float));
            } else if (c() >= k()) {
                cPart = share(cPart.end);
            } else {
                kPart = share(kPart.end);
            }
            for (int64_t from = mine.begin; from < mine.end; from += BLOCK) {
                int64_t count = std::min(BLOCK, mine.end - from);
                for (int64_t t = 0; t < count; t++) copy(d + t * LANES, diffDst + (from + t) * k(), kPart, k());
                for (int64_t tap = 0; tap < taps(); tap++) {
                    pack(v, x, from, count, tap, cPart);
                    gradient_matrix(own + tap * tapFloats(), kPitch(), {v, BLOCK * LANES}, cPart, {d, BLOCK * LANES}, kPart, count,
                            from == mine.begin);
                }
            }
#pragma omp barrier
#pragma omp for schedule(static)
            for (int64_t b = 0; b < vectors(k()); b++) finish(diffWeights, sums, parts, b, accumulate);
        }
        if (diffBias) taxon_column_sum(diffBias, diffDst, accumulate, pixels, k());
    }

    // Some vectors of a pixel's channels, BLOCK · LANES apart.
    static void copy(float *to, const float *from, Range part, int64_t channels) {
        for (int64_t b = part.begin; b < part.end; b++) {
            store(to + b * BLOCK * LANES, load_part(from + b * LANES, channels - b * LANES));
        }
    }

    // What tap sees of x from `count` pixels on.
    void pack(float *v, const float *x, int64_t from, int64_t count, int64_t tap, Range part) const {
        int64_t ox = from % dst.width, oy = from / dst.width % dst.height, image = from / dst.width / dst.height;
        for (int64_t t = 0; t < count; t++) {
            int64_t row = oy * strideH - padH + tap / kW, column = ox * strideW - padW + tap % kW;
            float *to = v + t * LANES;
            if (row >= 0 && row < src.height && column >= 0 && column < src.width) {
                copy(to, x + ((image * src.height + row) * src.width + column) * c(), part, c());
            } else {
                for (int64_t b = part.begin; b < part.end; b++) store(to + b * BLOCK * LANES, Vec{});
            }
            if (++ox < dst.width) continue;
            ox = 0;
            if (++oy < dst.height) continue;
            oy = 0;
            image++;
        }
    }

    // LANES channels of the result: from (tap, channel, LANES) to (LANES, channel, row, column).
    void finish(float *diffWeights, const float *sums, int64_t parts, int64_t b, int accumulate) const {
        int64_t width = std::min<int64_t>(LANES, k() - b * LANES);
        for (int64_t i = 0; i < c() * taps(); i++) {
            const float *from = sums + i % taps() * tapFloats() + i / taps() * kPitch() + b * LANES;
            Vec y = load(from);
            for (int64_t p = 1; p < parts; p++) y += load(from + p * sumFloats());
            for (int64_t l = 0; l < width; l++) {
                float *to = diffWeights + (b * LANES + l) * c() * taps() + i;
                *to = (accumulate ? *to : 0.f) + y[l];
            }
        }
    }
};

}  // namespace

OwnConv2d *packed_conv2d_backward_weights(const int64_t *s) {
    bool strided = s[TAXON_STRIDE_H] > 1 || s[TAXON_STRIDE_W] > 1;
    bool dense = s[TAXON_GROUPS] == 1 && s[TAXON_DILATION_H] == 1 && s[TAXON_DILATION_W] == 1;
    if (!strided || !dense || s[TAXON_K_H] * s[TAXON_K_W] == 1 || s[TAXON_IN_C] < 16 || s[TAXON_OUT_C] < 16) return nullptr;
    return new PackedGradient(s);
}

}  // namespace taxon
