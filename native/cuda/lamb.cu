// LAMB, whose step length depends on two norms over the whole parameter: one kernel finds the direction and sums
// squares by block, the other adds those sums up and steps. Nothing is read back in between.
#include "warp.cuh"

constexpr int WARPS = 8;  // of a block

// Sum over the block's threads, valid in its first warp.
__device__ double block_sum(double x) {
    __shared__ double part[WARPS];
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    x = warp_sum(x);
    __syncthreads();
    if (lane == 0) part[warp] = x;
    __syncthreads();
    return warp_sum(lane < WARPS ? part[lane] : 0.);
}

// Leaves the direction in the gradient's place, and each block's sums of squares in parts (2, gridDim.x): of the
// weights, and of the direction. Flat grid of 256 threads whose size depends on count alone; bound by memory.
extern "C" __global__ void lamb_direction(double *parts, const float *weights, float *mean1, float *mean2, float *grad,
        Index count, float clip, float beta1, float rise, float beta2, float rest2, float correction1,
        float rootCorrection2, float eps, float weightDecay, const float *overflow) {
    if (skipped(overflow)) return;
    double weightSquares = 0, stepSquares = 0;
    FLAT(i, count) {
        float w = weights[i];
        float g = grad[i] / clip;
        float m = fmaf(g, rise, mean1[i] * beta1), v = mean2[i] * beta2 + rest2 * g * g;
        mean1[i] = m;
        mean2[i] = v;
        float d = m / correction1 / (sqrtf(v) / rootCorrection2 + eps);
        d = weightDecay != 0.f ? fmaf(w, weightDecay, d) : d;
        grad[i] = d;
        weightSquares += (double)w * (double)w;
        stepSquares += (double)d * (double)d;
    }
    weightSquares = block_sum(weightSquares);
    stepSquares = block_sum(stepSquares);
    if (threadIdx.x == 0) {
        parts[blockIdx.x] = weightSquares;
        parts[gridDim.x + blockIdx.x] = stepSquares;
    }
}

// Flat grid of 256 threads; bound by memory.
extern "C" __global__ void lamb_step(float *weights, const float *direction, const double *parts, int partCount,
        Index count, float lr, int adapt, int trustClip, const float *overflow) {
    if (skipped(overflow)) return;
    __shared__ float shared;
    if (threadIdx.x < 32) {
        double w = 0, d = 0;
        for (int k = threadIdx.x; adapt && k < partCount; k += 32) {
            w += parts[k];
            d += parts[partCount + k];
        }
        w = warp_sum(w);
        d = warp_sum(d);
        float ratio = w > 0. && d > 0. ? (float)sqrt(w) / (float)sqrt(d) : 1.f;
        if (threadIdx.x == 0) shared = trustClip && ratio > 1.f ? 1.f : ratio;
    }
    __syncthreads();
    float ratio = shared;
    FLAT(i, count) weights[i] = fmaf(direction[i] * ratio, -lr, weights[i]);
}
