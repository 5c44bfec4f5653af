// Reductions over the 32 lanes of a warp.
#pragma once

#include "kernel.cuh"

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
