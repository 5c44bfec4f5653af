// The p-norm of gradients without its root: sums in double, in an order that depends on the number of elements alone.
#include "warp.cuh"

constexpr int WARPS = 8;  // of a block

__device__ double joined(double a, double b, int largest) {
    return largest ? (b > a || b != b ? b : a) : a + b;  // NaN wins
}

__device__ double warp_join(double x, int largest) {
    for (int distance = 16; distance > 0; distance /= 2) {
        x = joined(x, __shfl_xor_sync(0xffffffffu, x, distance), largest);
    }
    return x;
}

// parts (gridDim.x): each block's sum of |x|^p, or its largest |x|. Flat grid of 256 threads; bound by memory for p =
// 2.
extern "C" __global__ void norm_parts(double *parts, const float *src, Index count, double p, int largest) {
    __shared__ double part[WARPS];
    double sum = 0;
    FLAT(i, count) {
        double x = fabs((double)src[i]);
        double power = largest ? x : p == 2. ? x * x : x != 0. ? pow(x, p) : 0.;
        sum = joined(sum, power, largest);
    }
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    sum = warp_join(sum, largest);
    if (lane == 0) part[warp] = sum;
    __syncthreads();
    sum = warp_join(lane < WARPS ? part[lane] : 0., largest);
    if (threadIdx.x == 0) parts[blockIdx.x] = sum;
}

// One warp; bound by latency.
extern "C" __global__ void norm_total(double *total, const double *parts, Index count, int largest) {
    double sum = 0;
    LANES(k, count) sum = joined(sum, parts[k], largest);
    sum = warp_join(sum, largest);
    if (threadIdx.x == 0) *total = sum;
}
