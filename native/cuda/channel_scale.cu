// Squeeze-and-excitation's product: each channel of a sample, a plane of pixels, times a factor of its own.
#include "warp.cuh"

// Rows grid over planes; bound by memory.
extern "C" __global__ void channel_scale_forward(
        float *dst, const float *src, const float *scale, Index planes, Index pixels) {
    Index row = ROW;
    if (row >= planes) return;
    float s = scale[row];
    COLUMNS(i, pixels) dst[row * pixels + i] = src[row * pixels + i] * s;
}

// One pass over both gradients; either may be NULL. A warp a plane; bound by memory.
extern "C" __global__ void channel_scale_backward(float *diffSrc, float *diffScale, const float *diffDst,
        const float *src, const float *scale, Index planes, Index pixels) {
    Index row = ROW;
    if (row >= planes) return;
    float s = scale[row], sum = 0.f;
    LANES(i, pixels) {
        float g = diffDst[row * pixels + i];
        if (diffSrc) diffSrc[row * pixels + i] = g * s;
        if (diffScale) sum = fmaf(g, src[row * pixels + i], sum);
    }
    if (!diffScale) return;
    sum = warp_sum(sum);
    if (threadIdx.x == 0) diffScale[row] = sum;
}
