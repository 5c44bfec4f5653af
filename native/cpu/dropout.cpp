// Dropout whose mask is a function of seed, stream and element, so that backward draws it again instead of saving it.
#include <algorithm>

#include "philox.h"
#include "taxon.h"
#include "vec.h"

extern "C" int taxon_dropout(float *dst, const float *src, int64_t n, int64_t channels, int64_t pixels, double p,
        int64_t seed, int64_t stream) {
    int64_t count = n * channels * pixels;
    float scale = (float)(1 / (1 - p));
    bool plain = channels == 1 || pixels == 1;  // NCHW and NHWC orders are the same
#pragma omp parallel for schedule(static) if (count > taxon::SERIAL)
    for (int64_t block = 0; block < (count + 3) / 4; block++) {
        uint32_t word[4];
        taxon::philox(word, (uint64_t)seed, (uint64_t)stream, (uint64_t)block);
        for (int64_t i = 4 * block; i < std::min(4 * block + 4, count); i++) {
            int64_t at = i;
            if (!plain) {
                int64_t pixel = i % pixels, channel = i / pixels % channels, sample = i / (pixels * channels);
                at = (sample * pixels + pixel) * channels + channel;
            }
            dst[at] = (double)taxon::unit(word[i % 4]) >= p ? src[at] * scale : 0.f;
        }
    }
    return 0;
}
