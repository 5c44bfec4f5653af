// Sums in rank order, and the half formats that gradients may travel in. One thread: it runs beside the compute threads.
#include <immintrin.h>

#include <cstdint>
#include <cstring>

#include "taxon_comm.h"

namespace {

struct Fp16 {
    static float decode(uint16_t h) { return _cvtsh_ss(h); }
    static uint16_t encode(float x) { return _cvtss_sh(x, _MM_FROUND_TO_NEAREST_INT); }
};

struct Bf16 {
    static float decode(uint16_t h) {
        uint32_t bits = (uint32_t)h << 16;
        float x;
        std::memcpy(&x, &bits, sizeof x);
        return x;
    }
    static uint16_t encode(float x) {
        uint32_t bits;
        std::memcpy(&bits, &x, sizeof bits);
        uint32_t rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
        return (bits & 0x7fffffff) > 0x7f800000 ? 0x7fc0 : (uint16_t)rounded;  // NaN stays NaN
    }
};

constexpr int64_t BLOCK = 1024;  // floats that stay in the first cache while rows are added

template <class Format>
void sum_half(uint16_t *dst, const uint16_t *src, int64_t rows, int64_t count, float scale) {
    float sum[BLOCK];
    for (int64_t i = 0; i < count; i += BLOCK) {
        int64_t n = count - i < BLOCK ? count - i : BLOCK;
        for (int64_t j = 0; j < n; j++) sum[j] = Format::decode(src[i + j]);
        for (int64_t r = 1; r < rows; r++) {
            for (int64_t j = 0; j < n; j++) sum[j] += Format::decode(src[r * count + i + j]);
        }
        for (int64_t j = 0; j < n; j++) dst[i + j] = Format::encode(sum[j] * scale);
    }
}

}  // namespace

extern "C" void taxon_sum_rows(float *dst, const float *src, int64_t rows, int64_t count, float scale) {
    for (int64_t i = 0; i < count; i += BLOCK) {
        int64_t n = count - i < BLOCK ? count - i : BLOCK;
        float sum[BLOCK];
        std::memcpy(sum, src + i, n * sizeof(float));
        for (int64_t r = 1; r < rows; r++) {
            for (int64_t j = 0; j < n; j++) sum[j] += src[r * count + i + j];
        }
        for (int64_t j = 0; j < n; j++) dst[i + j] = sum[j] * scale;
    }
}

extern "C" void taxon_sum_half_rows(uint16_t *dst, const uint16_t *src, int64_t rows, int64_t count, float scale, int format) {
    if (format == TAXON_FP16) sum_half<Fp16>(dst, src, rows, count, scale);
    else sum_half<Bf16>(dst, src, rows, count, scale);
}

extern "C" void taxon_to_half(uint16_t *dst, const float *src, int64_t count, int format) {
    if (format == TAXON_FP16) {
        for (int64_t i = 0; i < count; i++) dst[i] = Fp16::encode(src[i]);
    } else {
        for (int64_t i = 0; i < count; i++) dst[i] = Bf16::encode(src[i]);
    }
}

extern "C" void taxon_from_half(float *dst, const uint16_t *src, int64_t count, int format) {
    if (format == TAXON_FP16) {
        for (int64_t i = 0; i < count; i++) dst[i] = Fp16::decode(src[i]);
    } else {
        for (int64_t i = 0; i < count; i++) dst[i] = Bf16::decode(src[i]);
    }
}
