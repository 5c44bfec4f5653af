// Sums over the rows of a matrix, for gradients that all samples or tokens share: biases, class tokens, positions. Two
// steps in a fixed order: some rows a block, then the blocks.
#include "kernel.cuh"

constexpr int ROWS = 8;  // of threads in a block

// parts (gridDim.y, columns): sums over the rows that blockIdx.y shares out. Blocks of 32 × 8 threads, blockIdx.x for
// 32 columns; bound by memory.
extern "C" __global__ void column_sum_parts(double *parts, const float *src, Index rows, Index columns, Index pitch) {
    __shared__ double part[ROWS][33];
    Index c = (Index)blockIdx.x * 32 + threadIdx.x;
    Index each = (rows + gridDim.y - 1) / gridDim.y;
    Index begin = blockIdx.y * each, end = begin + each < rows ? begin + each : rows;
    float sum = 0.f;
    for (Index r = begin + threadIdx.y; c < columns && r < end; r += ROWS) sum += src[r * pitch + c];
    part[threadIdx.y][threadIdx.x] = (double)sum;
    __syncthreads();
    if (threadIdx.y != 0 || c >= columns) return;
    double total = 0;
    for (int k = 0; k < ROWS; k++) total += part[k][threadIdx.x];
    parts[blockIdx.y * columns + c] = total;
}

// dst (columns), assigned or added to. Flat grid; bound by latency.
extern "C" __global__ void column_sum_total(
        float *dst, const double *parts, int partCount, Index columns, Index pitch, int accumulate) {
    FLAT(c, columns) {
        double total = 0;
        for (int k = 0; k < partCount; k++) total += parts[k * pitch + c];
        dst[c] = (accumulate ? dst[c] : 0.f) + (float)total;
    }
}
