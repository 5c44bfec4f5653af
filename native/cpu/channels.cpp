// Channels copied from row to row (slices and concatenations are rows of another pitch), and the channel shuffle.
#include "taxon.h"
#include "vec.h"

using namespace taxon;

namespace {

// G is a constant, so that the compiler turns the inner loops into vector permutations.
template <int64_t G>
void interleave(float *dst, const float *src, int64_t rows, int64_t channels) {
    int64_t perGroup = channels / G;
#pragma omp parallel for schedule(static) if (rows * channels > SERIAL)
    for (int64_t r = 0; r < rows; r++) {
        const float *__restrict x = src + r * channels;
        float *__restrict y = dst + r * channels;
        for (int64_t k = 0; k < perGroup; k++) {
            for (int64_t g = 0; g < G; g++) y[k * G + g] = x[g * perGroup + k];
        }
    }
}

// The inverse: groups of channels / G members.
template <int64_t G>
void separate(float *dst, const float *src, int64_t rows, int64_t channels) {
    int64_t perGroup = channels / G;
#pragma omp parallel for schedule(static) if (rows * channels > SERIAL)
    for (int64_t r = 0; r < rows; r++) {
        const float *__restrict x = src + r * channels;
        float *__restrict y = dst + r * channels;
        for (int64_t k = 0; k < perGroup; k++) {
            for (int64_t g = 0; g < G; g++) y[g * perGroup + k] = x[k * G + g];
        }
    }
}

void any_shuffle(float *dst, const float *src, int64_t rows, int64_t channels, int64_t groups) {
    int64_t perGroup = channels / groups;
#pragma omp parallel for schedule(static) if (rows * channels > SERIAL)
    for (int64_t r = 0; r < rows; r++) {
        const float *x = src + r * channels;
        float *y = dst + r * channels;
        for (int64_t g = 0; g < groups; g++) {
            for (int64_t k = 0; k < perGroup; k++) y[k * groups + g] = x[g * perGroup + k];
        }
    }
}

}  // namespace

extern "C" int taxon_channels_copy(
        float *dst, const float *src, int64_t rows, int64_t count, int64_t dstPitch, int64_t srcPitch) {
#pragma omp parallel for schedule(static) if (rows * count > SERIAL)
    for (int64_t r = 0; r < rows; r++) {
        float *y = dst + r * dstPitch;
        const float *x = src + r * srcPitch;
        int64_t c = 0;
        for (; c + LANES <= count; c += LANES) store(y + c, load(x + c));
        for (; c < count; c++) y[c] = x[c];
    }
    return 0;
}

extern "C" int taxon_channels_add(
        float *dst, const float *a, const float *b, int64_t rows, int64_t count, int64_t dstPitch, int64_t aPitch,
        int64_t bPitch) {
#pragma omp parallel for schedule(static) if (rows * count > SERIAL)
    for (int64_t r = 0; r < rows; r++) {
        float *y = dst + r * dstPitch;
        const float *p = a + r * aPitch, *q = b + r * bPitch;
        int64_t c = 0;
        for (; c + LANES <= count; c += LANES) store(y + c, load(p + c) + load(q + c));
        for (; c < count; c++) y[c] = p[c] + q[c];
    }
    return 0;
}

extern "C" int taxon_channels_zero(float *dst, int64_t rows, int64_t count, int64_t pitch) {
#pragma omp parallel for schedule(static) if (rows * count > SERIAL)
    for (int64_t r = 0; r < rows; r++) std::memset(dst + r * pitch, 0, count * sizeof(float));
    return 0;
}

extern "C" int taxon_channels_interleave(
        float *dst, const float *a, const float *b, int64_t rows, int64_t count, int64_t aPitch, int64_t bPitch) {
#pragma omp parallel for schedule(static) if (rows * count > SERIAL)
    for (int64_t r = 0; r < rows; r++) {
        const float *__restrict p = a + r * aPitch, *__restrict q = b + r * bPitch;
        float *__restrict y = dst + r * 2 * count;
        for (int64_t k = 0; k < count; k++) {
            y[2 * k] = p[k];
            y[2 * k + 1] = q[k];
        }
    }
    return 0;
}

extern "C" int taxon_channels_separate(
        float *a, float *b, const float *src, int64_t rows, int64_t count, int64_t dstPitch, int64_t srcPitch) {
#pragma omp parallel for schedule(static) if (rows * count > SERIAL)
    for (int64_t r = 0; r < rows; r++) {
        float *__restrict p = a + r * dstPitch, *__restrict q = b + r * dstPitch;
        const float *__restrict x = src + r * srcPitch;
        for (int64_t k = 0; k < count; k++) {
            p[k] = x[2 * k];
            q[k] = x[2 * k + 1];
        }
    }
    return 0;
}

extern "C" int taxon_channel_shuffle(float *dst, const float *src, int64_t rows, int64_t channels, int64_t groups) {
    switch (groups) {
        case 2: interleave<2>(dst, src, rows, channels); return 0;
        case 3: interleave<3>(dst, src, rows, channels); return 0;
        case 4: interleave<4>(dst, src, rows, channels); return 0;
        case 8: interleave<8>(dst, src, rows, channels); return 0;
    }
    switch (channels / groups) {
        case 2: separate<2>(dst, src, rows, channels); return 0;
        case 3: separate<3>(dst, src, rows, channels); return 0;
        case 4: separate<4>(dst, src, rows, channels); return 0;
        case 8: separate<8>(dst, src, rows, channels); return 0;
    }
    any_shuffle(dst, src, rows, channels, groups);
    return 0;
}
