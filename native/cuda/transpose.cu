// (n, rows, columns) → (n, columns, rows): an image to tokens and back.
#include "kernel.cuh"

constexpr int TILE = 32;

// Blocks of 32 × 8 threads move a tile of 32 × 32 through shared memory, so that both sides are read and written along
// rows: blockIdx.x counts tiles, blockIdx.y samples. Bound by memory.
extern "C" __global__ void transpose(float *dst, const float *src, Index n, Index rows, Index columns) {
    __shared__ float tile[TILE][TILE + 1];  // one more, so that a column's elements lie in different banks
    Index across = (columns + TILE - 1) / TILE;
    Index r0 = blockIdx.x / across * TILE, c0 = blockIdx.x % across * TILE;
    for (Index sample = blockIdx.y; sample < n; sample += gridDim.y) {
        const float *x = src + sample * rows * columns;
        float *y = dst + sample * rows * columns;
        for (int k = threadIdx.y; k < TILE; k += blockDim.y) {
            Index r = r0 + k, c = c0 + threadIdx.x;
            if (r < rows && c < columns) tile[k][threadIdx.x] = x[r * columns + c];
        }
        __syncthreads();
        for (int k = threadIdx.y; k < TILE; k += blockDim.y) {
            Index r = r0 + threadIdx.x, c = c0 + k;
            if (r < rows && c < columns) y[c * rows + r] = tile[threadIdx.x][k];
        }
        __syncthreads();
    }
}
