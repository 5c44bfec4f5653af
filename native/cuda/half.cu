// Between float32 and the half formats, whose numbers are kept as their bits: FP16 (5 bits of exponent, 10 of mantissa) or,
// where bfloat is not 0, BF16 (8 and 7). Rounded to nearest even, as tensor cores and PyTorch do; what is too large becomes
// infinite. By integer arithmetic, which needs no header of CUDA's; bound by memory.
#include "kernel.cuh"

typedef unsigned short Half;

__device__ Half bfloat_of(float x) {
    unsigned bits = __float_as_uint(x);
    if ((bits & 0x7fffffffu) > 0x7f800000u) return (Half)(bits >> 16 | 0x40u);  // NaN stays NaN
    return (Half)((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
}

__device__ Half half_of(float x) {
    unsigned bits = __float_as_uint(x), sign = bits >> 16 & 0x8000u, size = bits & 0x7fffffffu;
    if (size > 0x7f800000u) return (Half)(sign | 0x7e00u);   // NaN
    if (size >= 0x477ff000u) return (Half)(sign | 0x7c00u);  // from 65520 on
    if (size < 0x38800000u) {  // below 2⁻¹⁴: multiples of 2⁻²⁴, to which the sum with 0.5 is rounded
        return (Half)(sign | (__float_as_uint(__uint_as_float(size) + .5f) - 0x3f000000u));
    }
    return (Half)(sign | (size - 0x38000000u + 0xfffu + (size >> 13 & 1u)) >> 13);
}

__device__ float float_of(Half half, int bfloat) {
    unsigned bits = half;
    if (bfloat) return __uint_as_float(bits << 16);
    unsigned sign = (bits & 0x8000u) << 16, rest = (bits & 0x7fffu) << 13;
    if ((bits & 0x7c00u) == 0x7c00u) return __uint_as_float(sign | 0x7f800000u | rest);  // infinite, or NaN
    return __uint_as_float(sign | rest) * __uint_as_float(0x77800000u);  // · 2¹¹², exact, also for subnormals
}

__device__ Half narrow(float x, int bfloat) { return bfloat ? bfloat_of(x) : half_of(x); }

// Flat grid.
extern "C" __global__ void half_narrow(Half *dst, const float *src, Index count, int bfloat) {
    FLAT(i, count) dst[i] = narrow(src[i], bfloat);
}

// Assigned or added to. Flat grid.
extern "C" __global__ void half_widen(float *dst, const Half *src, Index count, int bfloat, int accumulate) {
    FLAT(i, count) dst[i] = (accumulate ? dst[i] : 0.f) + float_of(src[i], bfloat);
}

constexpr int TILE = 32;

// The loop over a matrix of rows × columns by tiles, as transposition has it: blocks of 32 × 8 threads, blockIdx.x counts
// tiles, blockIdx.y matrices.
#define TILES(sample, n) for (Index sample = blockIdx.y; sample < (n); sample += gridDim.y)

// src (n, rows, columns) to dst (n, columns, rows): NCHW to NHWC with channels as rows.
extern "C" __global__ void half_narrow_transposed(
        Half *dst, const float *src, Index n, Index rows, Index columns, int bfloat) {
    __shared__ float tile[TILE][TILE + 1];
    Index across = (columns + TILE - 1) / TILE;
    Index r0 = blockIdx.x / across * TILE, c0 = blockIdx.x % across * TILE;
    TILES(sample, n) {
        const float *x = src + sample * rows * columns;
        Half *y = dst + sample * rows * columns;
        for (int k = threadIdx.y; k < TILE; k += blockDim.y) {
            Index r = r0 + k, c = c0 + threadIdx.x;
            if (r < rows && c < columns) tile[k][threadIdx.x] = x[r * columns + c];
        }
        __syncthreads();
        for (int k = threadIdx.y; k < TILE; k += blockDim.y) {
            Index r = r0 + threadIdx.x, c = c0 + k;
            if (r < rows && c < columns) y[c * rows + r] = narrow(tile[threadIdx.x][k], bfloat);
        }
        __syncthreads();
    }
}

// src (n, rows, columns) to dst (n, columns, rows), assigned or added to: NHWC to NCHW with pixels as rows.
extern "C" __global__ void half_widen_transposed(
        float *dst, const Half *src, Index n, Index rows, Index columns, int bfloat, int accumulate) {
    __shared__ float tile[TILE][TILE + 1];
    Index across = (columns + TILE - 1) / TILE;
    Index r0 = blockIdx.x / across * TILE, c0 = blockIdx.x % across * TILE;
    TILES(sample, n) {
        const Half *x = src + sample * rows * columns;
        float *y = dst + sample * rows * columns;
        for (int k = threadIdx.y; k < TILE; k += blockDim.y) {
            Index r = r0 + k, c = c0 + threadIdx.x;
            if (r < rows && c < columns) tile[k][threadIdx.x] = float_of(x[r * columns + c], bfloat);
        }
        __syncthreads();
        for (int k = threadIdx.y; k < TILE; k += blockDim.y) {
            Index r = r0 + threadIdx.x, c = c0 + k;
            if (r >= rows || c >= columns) continue;
            float &to = y[c * rows + r];
            to = (accumulate ? to : 0.f) + tile[threadIdx.x][k];
        }
        __syncthreads();
    }
}
