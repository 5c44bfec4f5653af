// What the kernels share: how threads go over elements, and reductions over the 32 lanes of a warp. All of it is
// compiled without contraction (-fmad=false), so that float32 arithmetic rounds as on the CPU; a fused multiply-add is
// written out.
#pragma once

typedef long long Index;

// Flat: every thread of a one-dimensional grid takes each gridDim.x · blockDim.x-th element.
#define FLAT(i, count) \
    for (Index i = (Index)blockIdx.x * blockDim.x + threadIdx.x; i < (count); i += (Index)gridDim.x * blockDim.x)

// Rows: threadIdx.y and blockIdx.x pick a row, threadIdx.x and blockIdx.y its elements.
#define ROW ((Index)blockIdx.x * blockDim.y + threadIdx.y)
#define COLUMNS(i, count) \
    for (Index i = (Index)blockIdx.y * blockDim.x + threadIdx.x; i < (count); i += (Index)gridDim.y * blockDim.x)

// Warps: rows whose blockDim.x is 32, so that one warp has a row to itself and can sum over it.
#define LANES(i, count) for (Index i = threadIdx.x; i < (count); i += 32)

// The sum over the lanes of a warp, the same bits in each.
template <class T>
__device__ T warp_sum(T x) {
    for (int distance = 16; distance > 0; distance /= 2) x += __shfl_xor_sync(0xffffffffu, x, distance);
    return x;
}

template <class T>
__device__ T warp_max(T x) {
    for (int distance = 16; distance > 0; distance /= 2) {
        T other = __shfl_xor_sync(0xffffffffu, x, distance);
        x = other > x ? other : x;
    }
    return x;
}
