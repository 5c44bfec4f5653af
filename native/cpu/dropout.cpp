// Dropout whose mask is a function of seed, stream and element, so that backward draws it again instead of saving it.
#include <algorithm>

#include "drop.h"
#include "taxon.h"

namespace taxon {
namespace {

// Elements are numbered in NCHW order and lie in NHWC order.
void drop_images(float *dst, const float *src, int64_t count, int64_t channels, int64_t pixels, double p, int64_t seed,
        int64_t stream) {
    float scale = (float)(1 / (1 - p));
#pragma omp parallel for schedule(static) if (count > SERIAL)
    for (int64_t block = 0; block < (count + 3) / 4; block++) {
        uint32_t word[4];
        philox(word, (uint64_t)seed, (uint64_t)stream, (uint64_t)block);
        for (int64_t i = 4 * block; i < std::min(4 * block + 4, count); i++) {
            int64_t pixel = i % pixels, channel = i / pixels % channels, sample = i / (pixels * channels);
            int64_t at = (sample * pixels + pixel) * channels + channel;
            dst[at] = (double)unit(word[i % 4]) >= p ? src[at] * scale : 0.f;
        }
    }
}

}  // namespace
}  // namespace taxon

using namespace taxon;

extern "C" int taxon_dropout(float *dst, const float *src, int64_t n, int64_t channels, int64_t pixels, double p,
        int64_t seed, int64_t stream) {
    int64_t count = n * channels * pixels;
    if (channels > 1 && pixels > 1) {
        drop_images(dst, src, count, channels, pixels, p, seed, stream);
        return 0;
    }
#pragma omp parallel if (count > SERIAL)
    {
        Range mine = share(count);
        drop(dst + mine.begin, src + mine.begin, mine.end - mine.begin, mine.begin, p, seed, stream);
    }
    return 0;
}
