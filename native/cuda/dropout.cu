// Dropout of elements and of whole samples. The mask is a function of seed, stream and element, so that backward draws
// it again instead of saving it: the same kernels drop gradients.
#include "kernel.cuh"
#include "philox.cuh"

__device__ float dropped(float x, unsigned word, float p, float scale) { return unit(word) >= p ? x * scale : 0.f; }

// Flat grid over blocks of four elements, which share one Philox block; dst and src are aligned to 16 bytes, and may be
// the same. Bound by memory.
extern "C" __global__ void dropout(float *dst, const float *src, Index count, float p, float scale, Word64 seed,
        Word64 stream) {
    FLAT(block, (count + 3) / 4) {
        unsigned word[4];
        philox(word, seed, stream, (Word64)block);
        Index first = 4 * block;
        if (first + 4 <= count) {
            float4 x = *(const float4 *)(src + first);
            x.x = dropped(x.x, word[0], p, scale);
            x.y = dropped(x.y, word[1], p, scale);
            x.z = dropped(x.z, word[2], p, scale);
            x.w = dropped(x.w, word[3], p, scale);
            *(float4 *)(dst + first) = x;
        } else {
            for (int k = 0; first + k < count; k++) dst[first + k] = dropped(src[first + k], word[k], p, scale);
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
