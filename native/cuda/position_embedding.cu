// Adds a learned row to each token; a grid of rows is resized by a matrix (to, from) when the image's is another.
#include "kernel.cuh"

// y (n, head + tail) = x + (first (head), grid (tail)). Rows grid over samples; bound by memory.
extern "C" __global__ void position_add(
        float *dst, const float *src, const float *first, const float *grid, Index n, Index head, Index tail) {
    Index row = ROW, size = head + tail;
    if (row >= n) return;
    COLUMNS(i, size) dst[row * size + i] = src[row * size + i] + (i < head ? first[i] : grid[i - head]);
}

// resized (to, channels) = matrix · grid (from, channels). Rows grid over to; bound by latency.
extern "C" __global__ void position_resize(
        float *resized, const float *matrix, const float *grid, Index to, Index from, Index channels) {
    Index row = ROW;
    if (row >= to) return;
    COLUMNS(c, channels) {
        float sum = 0.f;
        for (Index k = 0; k < from; k++) sum = fmaf(matrix[row * from + k], grid[k * channels + c], sum);
        resized[row * channels + c] = sum;
    }
}

// diffPositions (extra + from, channels) from the sum over samples (extra + to, channels). Rows grid; bound by latency.
extern "C" __global__ void position_backward(float *diffPositions, const float *sum, const float *matrix, Index extra,
        Index to, Index from, Index channels, int accumulate) {
    Index row = ROW;
    if (row >= extra + from) return;
    COLUMNS(c, channels) {
        float g = row < extra ? sum[row * channels + c] : 0.f;
        for (Index k = 0; row >= extra && k < to; k++) {
            g = fmaf(matrix[k * from + row - extra], sum[(extra + k) * channels + c], g);
        }
        Index at = row * channels + c;
        diffPositions[at] = (accumulate ? diffPositions[at] : 0.f) + g;
    }
}
