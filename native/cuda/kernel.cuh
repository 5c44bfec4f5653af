// How the threads of our kernels go over elements. All are compiled without contraction (-fmad=false), so that float32
// arithmetic rounds as on the CPU; a fused multiply-add is written out.
#pragma once

typedef long long Index;

// Flat: every thread of a one-dimensional grid takes each gridDim.x · blockDim.x-th element.
#define FLAT(i, count) \
    for (Index i = (Index)blockIdx.x * blockDim.x + threadIdx.x; i < (count); i += (Index)gridDim.x * blockDim.x)

// Rows: threadIdx.y and blockIdx.x pick a row, threadIdx.x and blockIdx.y its elements.
#define ROW ((Index)blockIdx.x * blockDim.y + threadIdx.y)
#define COLUMNS(i, count) \
    for (Index i = (Index)blockIdx.y * blockDim.x + threadIdx.x; i < (count); i += (Index)gridDim.y * blockDim.x)

// Whether an optimizer's step is skipped: gradients overflowed in half precision. NULL where losses are not scaled.
__device__ inline bool skipped(const float *overflow) { return overflow && *overflow != 0.f; }
