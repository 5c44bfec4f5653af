// ResNeSt's split attention: a sample's channels are radix slices of as many channels, a plane of pixels each.
#include "warp.cuh"

// dst (n · channels): mean over pixels of the sum over slices. A warp an element; bound by memory.
extern "C" __global__ void radix_pool_forward(
        float *dst, const float *src, Index rows, Index pixels, int radix, int channels) {
    Index row = ROW;
    if (row >= rows) return;
    Index sample = row / channels, channel = row % channels;
    double sum = 0;
    for (int r = 0; r < radix; r++) {
        const float *x = src + ((sample * radix + r) * channels + channel) * pixels;
        LANES(i, pixels) sum += (double)x[i];
    }
    sum = warp_sum(sum);
    if (threadIdx.x == 0) dst[row] = (float)(sum / (double)pixels);
}

// Rows grid over the planes (n · radix · channels) of diffSrc; bound by memory.
extern "C" __global__ void radix_pool_backward(
        float *diffSrc, const float *diffDst, Index rows, Index pixels, int radix, int channels) {
    Index row = ROW;
    if (row >= rows) return;
    Index sample = row / channels / radix, channel = row % channels;
    float g = diffDst[sample * channels + channel] / (float)pixels;
    COLUMNS(i, pixels) diffSrc[row * pixels + i] = g;
}

// Where softmax `at` of radix elements lies: src (n, groups, radix, channels), dst (n, radix, groups, channels).
struct Column {
    Index src, dst;
    Index srcStep, dstStep;
};

__device__ Column column(Index at, int radix, int groups, int channels) {
    Index c = at % channels, g = at / channels % groups, sample = at / channels / groups * radix * groups * channels;
    Column k = {sample + g * radix * channels + c, sample + g * channels + c, channels, (Index)groups * channels};
    return k;
}

// Softmax over the slices, a sigmoid for one. Flat grid over n · groups · channels; bound by memory.
extern "C" __global__ void radix_softmax_forward(
        float *dst, const float *src, Index count, int radix, int groups, int channels) {
    FLAT(at, count) {
        if (radix == 1) {
            dst[at] = 1.f / (1.f + expf(-src[at]));
            continue;
        }
        Column k = column(at, radix, groups, channels);
        float largest = src[k.src], sum = 0.f;
        for (int r = 1; r < radix; r++) largest = fmaxf(largest, src[k.src + r * k.srcStep]);
        for (int r = 0; r < radix; r++) sum += expf(src[k.src + r * k.srcStep] - largest);
        for (int r = 0; r < radix; r++) dst[k.dst + r * k.dstStep] = expf(src[k.src + r * k.srcStep] - largest) / sum;
    }
}

// diffSrc = y · (dy − Σ dy · y), or dy · y · (1 − y). Flat grid over n · groups · channels; bound by memory.
extern "C" __global__ void radix_softmax_backward(float *diffSrc, const float *diffDst, const float *dst, Index count,
        int radix, int groups, int channels) {
    FLAT(at, count) {
        if (radix == 1) {
            diffSrc[at] = diffDst[at] * dst[at] * (1.f - dst[at]);
            continue;
        }
        Column k = column(at, radix, groups, channels);
        double sum = 0;  // dy − sum cancels
        for (int r = 0; r < radix; r++) {
            sum += (double)diffDst[k.dst + r * k.dstStep] * (double)dst[k.dst + r * k.dstStep];
        }
        for (int r = 0; r < radix; r++) {
            Index from = k.dst + r * k.dstStep;
            diffSrc[k.src + r * k.srcStep] = dst[from] * (float)((double)diffDst[from] - sum);
        }
    }
}

// dst (n · channels, pixels) = Σ attention (n, radix, channels) · src (n, radix, channels, pixels). Rows grid; bound by
// memory.
extern "C" __global__ void radix_sum_forward(float *dst, const float *src, const float *attention, Index rows,
        Index pixels, int radix, int channels) {
    Index row = ROW;
    if (row >= rows) return;
    Index first = row / channels * radix * channels + row % channels;  // plane of slice 0
    COLUMNS(i, pixels) {
        float sum = attention[first] * src[first * pixels + i];
        for (int r = 1; r < radix; r++) {
            Index plane = first + (Index)r * channels;
            sum = fmaf(attention[plane], src[plane * pixels + i], sum);
        }
        dst[row * pixels + i] = sum;
    }
}

// One pass over both gradients; either may be NULL. A warp a plane (n · radix · channels) of src; bound by memory.
extern "C" __global__ void radix_sum_backward(float *diffSrc, float *diffAttention, const float *diffDst,
        const float *src, const float *attention, Index rows, Index pixels, int radix, int channels) {
    Index row = ROW;
    if (row >= rows) return;
    const float *dy = diffDst + (row / channels / radix * channels + row % channels) * pixels;
    float a = attention[row], sum = 0.f;
    LANES(i, pixels) {
        if (diffSrc) diffSrc[row * pixels + i] = dy[i] * a;
        if (diffAttention) sum = fmaf(dy[i], src[row * pixels + i], sum);
    }
    if (!diffAttention) return;
    sum = warp_sum(sum);
    if (threadIdx.x == 0) diffAttention[row] = sum;
}
