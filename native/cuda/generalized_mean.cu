// Generalized mean over a plane of pixels with a learned exponent: y = m^(1/p), m = mean of z^p, z = max(x, eps).
#include "warp.cuh"

__device__ float clamped(float x, float eps, int clamp) { return clamp ? fmaxf(x, eps) : x; }

// A warp a plane (n · channels); bound by arithmetic.
extern "C" __global__ void generalized_mean_forward(float *dst, float *mean, const float *src, const float *p,
        Index rows, Index pixels, float eps, int clamp) {
    Index row = ROW;
    if (row >= rows) return;
    float exponent = *p;
    double sum = 0;
    LANES(i, pixels) sum += (double)powf(clamped(src[row * pixels + i], eps, clamp), exponent);
    double m = warp_sum(sum) / (double)pixels;
    if (threadIdx.x != 0) return;
    mean[row] = (float)m;
    dst[row] = (float)pow(m, 1. / (double)exponent);
}

// parts (rows): terms of the gradient of p; diffSrc may be NULL. A warp a plane; bound by arithmetic.
extern "C" __global__ void generalized_mean_backward(float *diffSrc, float *parts, const float *diffDst,
        const float *dst, const float *mean, const float *src, const float *p, Index rows, Index pixels, float eps,
        int clamp) {
    Index row = ROW;
    if (row >= rows) return;
    float exponent = *p;
    double q = (double)exponent, m = (double)mean[row], dy = (double)diffDst[row] * (double)dst[row];
    float slope = (float)(dy / (m * (double)pixels));
    double logs = 0;
    LANES(i, pixels) {
        float x = src[row * pixels + i], z = clamped(x, eps, clamp);
        if (z != 0.f) logs += (double)powf(z, exponent) * (double)logf(z);
        if (diffSrc) diffSrc[row * pixels + i] = clamp && x < eps ? 0.f : slope * powf(z, exponent - 1.f);
    }
    logs = warp_sum(logs);
    if (threadIdx.x == 0) parts[row] = (float)(dy * (logs / (double)pixels / m / q - log(m) / (q * q)));
}
