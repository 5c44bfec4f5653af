// Dropout of elements and of whole samples. The mask is a function of seed, stream and element, so that backward draws
// it again instead of saving it: the same kernels drop gradients.
#include "kernel.cuh"
#include "philox.cuh"

// Flat grid over blocks of four elements, which share one Philox block; bound by memory.
extern "C" __global__ void dropout(float *dst, const float *src, Index count, float p, float scale, Word64 seed,
        Word64 stream) {
    FLAT(block, (count + 3) / 4) {
        unsigned word[4];
        philox(word, seed, stream, (Word64)block);
        Index first = 4 * block;
        for (int k = 0; k < 4 && first + k < count; k++) {
            dst[first + k] = unit(word[k]) >= p ? src[first + k] * scale : 0.f;
        }
    }
}

// Rows grid over n samples of size elements; bound by memory.
extern "C" __global__ void drop_path(float *dst, const float *src, Index n, Index size, float p, float scale,
        Word64 seed, Word64 stream) {
    Index row = ROW;
    if (row >= n) return;
    unsigned word[4];
    philox(word, seed, stream, (Word64)(row / 4));
    float factor = unit(word[row % 4]) >= p ? scale : 0.f;
    COLUMNS(i, size) dst[row * size + i] = src[row * size + i] * factor;
}
