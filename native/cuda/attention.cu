// What multi-head attention needs beside its matrix products: heads side by side in a token's row become matrices of
// their own for batched products, and the softmax of scores.
#include "kernel.cuh"

// dst (parts, n, heads, tokens, size) ← src (n, tokens, parts, heads, size). Rows grid over n · tokens; bound by
// memory.
extern "C" __global__ void heads_split(
        float *dst, const float *src, Index rows, int n, int tokens, int parts, int heads, int size) {
    Index row = ROW;
    if (row >= rows) return;
    Index sample = row / tokens, token = row % tokens;
    int width = parts * heads * size;
    COLUMNS(i, width) {
        int k = (int)i % size, head = (int)i / size % heads, part = (int)i / size / heads;
        dst[(((part * (Index)n + sample) * heads + head) * tokens + token) * size + k] = src[row * width + i];
    }
}

// The reverse.
extern "C" __global__ void heads_merge(
        float *dst, const float *src, Index rows, int n, int tokens, int parts, int heads, int size) {
    Index row = ROW;
    if (row >= rows) return;
    Index sample = row / tokens, token = row % tokens;
    int width = parts * heads * size;
    COLUMNS(i, width) {
        int k = (int)i % size, head = (int)i / size % heads, part = (int)i / size / heads;
        dst[row * width + i] = src[(((part * (Index)n + sample) * heads + head) * tokens + token) * size + k];
    }
}

// In place. A warp a row; bound by memory.
extern "C" __global__ void softmax_rows(float *x, Index rows, Index columns) {
    Index row = ROW;
    if (row >= rows) return;
    float *y = x + row * columns;
    float max = y[0], sum = 0.f;
    LANES(c, columns) max = y[c] > max ? y[c] : max;
    max = warp_max(max);
    LANES(c, columns) {
        y[c] = expf(y[c] - max);
        sum += y[c];
    }
    sum = warp_sum(sum);
    LANES(c, columns) y[c] = y[c] / sum;
}

// diff ← y · (diff − Σ diff · y), in place. A warp a row; bound by memory.
extern "C" __global__ void softmax_rows_backward(float *diff, const float *dst, Index rows, Index columns) {
    Index row = ROW;
    if (row >= rows) return;
    const float *y = dst + row * columns;
    float *d = diff + row * columns, dot = 0.f;
    LANES(c, columns) dot = fmaf(d[c], y[c], dot);
    dot = warp_sum(dot);
    LANES(c, columns) d[c] = y[c] * (d[c] - dot);
}
