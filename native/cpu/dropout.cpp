// Dropout whose mask is a function of seed, stream and element, so that backward draws it again instead of saving it.
// Philox4x32-10. Source: Salmon et al., Parallel random numbers: as easy as 1, 2, 3 (SC 2011).
#include <algorithm>

#include "taxon.h"
#include "vec.h"

static void philox(uint32_t *out, uint64_t seed, uint64_t stream, uint64_t index) {
    uint32_t c0 = (uint32_t)index, c1 = (uint32_t)(index >> 32), c2 = (uint32_t)stream, c3 = (uint32_t)(stream >> 32);
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    for (int round = 0; round < 10; round++) {
        uint64_t p0 = (uint64_t)0xD2511F53 * c0, p1 = (uint64_t)0xCD9E8D57 * c2;
        c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)p1;
        c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)p0;
        k0 += 0x9E3779B9;
        k1 += 0xBB67AE85;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

extern "C" int taxon_dropout(float *dst, const float *src, int64_t n, int64_t channels, int64_t pixels, double p,
        int64_t seed, int64_t stream) {
    int64_t count = n * channels * pixels;
    float scale = (float)(1 / (1 - p));
    bool plain = channels == 1 || pixels == 1;  // NCHW and NHWC orders are the same
#pragma omp parallel for schedule(static) if (count > taxon::SERIAL)
    for (int64_t block = 0; block < (count + 3) / 4; block++) {
        uint32_t word[4];
        philox(word, (uint64_t)seed, (uint64_t)stream, (uint64_t)block);
        for (int64_t i = 4 * block; i < std::min(4 * block + 4, count); i++) {
            int64_t at = i;
            if (!plain) {
                int64_t pixel = i % pixels, channel = i / pixels % channels, sample = i / (pixels * channels);
                at = (sample * pixels + pixel) * channels + channel;
            }
            float unit = (float)(word[i % 4] >> 8) * 0x1p-24f;
            dst[at] = (double)unit >= p ? src[at] * scale : 0.f;
        }
    }
    return 0;
}
