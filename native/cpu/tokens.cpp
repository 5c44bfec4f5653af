// Moving tokens (L, C), and adding learned ones.
#include <algorithm>
#include <cstring>

#include "op.h"
#include "philox.h"
#include "vec.h"

using namespace taxon;

extern "C" int taxon_slice_forward(
        float *dst, const float *src, int64_t n, int64_t whole, int64_t from, int64_t count) {
#pragma omp parallel for schedule(static) if (n * count > SERIAL)
    for (int64_t i = 0; i < n; i++) std::memcpy(dst + i * count, src + i * whole + from, count * sizeof(float));
    return 0;
}

extern "C" int taxon_slice_backward(
        float *diffSrc, const float *diffDst, int64_t n, int64_t whole, int64_t from, int64_t count) {
#pragma omp parallel for schedule(static) if (n * whole > SERIAL)
    for (int64_t i = 0; i < n; i++) {
        float *dx = diffSrc + i * whole;
        std::memset(dx, 0, from * sizeof(float));
        std::memcpy(dx + from, diffDst + i * count, count * sizeof(float));
        std::memset(dx + from + count, 0, (whole - from - count) * sizeof(float));
    }
    return 0;
}

extern "C" int taxon_class_token_forward(
        float *dst, const float *src, const float *token, int64_t n, int64_t size, int64_t channels) {
#pragma omp parallel for schedule(static) if (n * size > SERIAL)
    for (int64_t i = 0; i < n; i++) {
        float *y = dst + i * (channels + size);
        std::memcpy(y, token, channels * sizeof(float));
        std::memcpy(y + channels, src + i * size, size * sizeof(float));
    }
    return 0;
}

extern "C" int taxon_class_token_backward(float *diffSrc, float *diffToken, const float *diffDst, int accumulate,
        int64_t n, int64_t size, int64_t channels) {
    for (int64_t c = 0; diffToken && c < channels; c++) {
        double sum = 0;
        for (int64_t i = 0; i < n; i++) sum += diffDst[i * (channels + size) + c];
        diffToken[c] = (accumulate ? diffToken[c] : 0.f) + (float)sum;
    }
    return diffSrc ? taxon_slice_forward(diffSrc, diffDst, n, channels + size, channels, size) : 0;
}

extern "C" int taxon_position_embedding_forward(float *dst, const float *src, const float *positions,
        const float *matrix, float *resized, int64_t n, int64_t extra, int64_t to, int64_t from, int64_t channels) {
    return guard([=] {
        const float *grid = positions + extra * channels;
        if (matrix) {
            dnnl::sgemm('N', 'N', to, channels, from, 1.f, matrix, from, grid, channels, 0.f, resized, channels);
            grid = resized;
        }
        int64_t head = extra * channels, tail = to * channels;
#pragma omp parallel for schedule(static) if (n * tail > SERIAL)
        for (int64_t i = 0; i < n; i++) {
            const float *x = src + i * (head + tail);
            float *y = dst + i * (head + tail);
            for (int64_t e = 0; e < head; e++) y[e] = x[e] + positions[e];
            for (int64_t e = 0; e < tail; e++) y[head + e] = x[head + e] + grid[e];
        }
    });
}

extern "C" int taxon_position_embedding_backward(float *diffPositions, const float *diffDst, const float *matrix,
        float *sum, int accumulate, int64_t n, int64_t extra, int64_t to, int64_t from, int64_t channels) {
    return guard([=] {
        int64_t head = extra * channels, size = head + to * channels;
        float *total = matrix ? sum : diffPositions;
        bool add = accumulate && !matrix;
#pragma omp parallel for schedule(static) if (n * size > SERIAL)
        for (int64_t e = 0; e < size; e++) {
            double s = 0;
            for (int64_t i = 0; i < n; i++) s += diffDst[i * size + e];
            total[e] = (add ? total[e] : 0.f) + (float)s;
        }
        if (!matrix) return;
        for (int64_t e = 0; e < head; e++) diffPositions[e] = (accumulate ? diffPositions[e] : 0.f) + sum[e];
        dnnl::sgemm('T', 'N', from, channels, to, 1.f, matrix, from, sum + head, channels, accumulate ? 1.f : 0.f,
                diffPositions + head, channels);
    });
}

extern "C" int taxon_drop_path(
        float *dst, const float *src, int64_t n, int64_t size, double p, int64_t seed, int64_t stream) {
    float scale = (float)(1 / (1 - p));
#pragma omp parallel for schedule(static) if (n * size > SERIAL)
    for (int64_t i = 0; i < n; i++) {
        uint32_t word[4];
        philox(word, (uint64_t)seed, (uint64_t)stream, (uint64_t)(i / 4));
        float factor = (double)unit(word[i % 4]) >= p ? scale : 0.f;
        for (int64_t e = i * size; e < (i + 1) * size; e++) dst[e] = src[e] * factor;
    }
    return 0;
}
