// Multi-head attention: heads side by side in a token's row become matrices of their own for batched products.
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
