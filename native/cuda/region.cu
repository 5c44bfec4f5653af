// What is done to whole regions of gradients and values. Every kernel: flat grid, bound by memory.
#include "kernel.cuh"

extern "C" __global__ void scale(float *dst, Index count, float factor) {
    FLAT(i, count) dst[i] *= factor;
}

extern "C" __global__ void limit(float *dst, Index count, float bound) {
    FLAT(i, count) {
        float x = dst[i];
        dst[i] = x > bound ? bound : x < -bound ? -bound : x;  // NaN stays
    }
}

// The product is rounded, the sum is not before the second product: as PyTorch's mul_ and add_ with a factor.
extern "C" __global__ void average(float *dst, const float *src, Index count, float keep, float momentum) {
    FLAT(i, count) dst[i] = fmaf(momentum, src[i], dst[i] * keep);
}

extern "C" __global__ void exchange(float *a, float *b, Index count) {
    FLAT(i, count) {
        float x = a[i];
        a[i] = b[i];
        b[i] = x;
    }
}
