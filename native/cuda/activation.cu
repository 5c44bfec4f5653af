// Element-wise functions and their gradients. Both kernels: flat grid, bound by memory.
#include "kernel.cuh"

// The order of ActivationOps.Kind.
enum Kind { RELU, RELU6, LEAKY_RELU, TANH, SIGMOID, HARD_SIGMOID, HARD_SWISH, SWISH, GELU };

// LEAKY_RELU: the slope alone. HARD_SIGMOID: (x + bias) · factor between low and high.
struct Numbers {
    float slope, bias, factor, low, high;
};

__device__ float logistic(float x) { return 1.f / (1.f + expf(-x)); }

// The standard normal distribution to a few ulp on both sides of 0: Φ(−|x|) = exp(−x²/2) · P(t), t = 1 / (1 + 0.3 |x|),
// by scripts/fit_normal_tail.py; x² to twice the precision of float.
__device__ float normal(float x, float *density) {
    float a = fabsf(x), square = a * a, rest = fmaf(a, a, -square);
    float power = expf(-0.5f * square);
    if (square < 170.f) power -= power * 0.5f * rest;  // beyond, rest may be ∞ − ∞
    float t = 1.f / (1.f + 0.3f * a);
    float p = -2.0612945718e-02f;
    p = fmaf(p, t, 1.1237641309e-01f);
    p = fmaf(p, t, -2.2806901230e-01f);
    p = fmaf(p, t, 1.9158369944e-01f);
    p = fmaf(p, t, -7.9249010916e-02f);
    p = fmaf(p, t, 9.6058727228e-02f);
    p = fmaf(p, t, 7.8425269445e-02f);
    p = fmaf(p, t, 1.1022739024e-01f);
    p = fmaf(p, t, 1.1957283327e-01f);
    p = fmaf(p, t, 1.1968663450e-01f);
    float tail = power * (p * t);
    *density = 0.3989422804f * power;
    return x > 0.f ? 1.f - tail : tail;
}

template <int KIND>
__device__ float value(float x, Numbers k) {
    float v, density;
    switch (KIND) {
        case RELU: return x < 0.f ? 0.f : x;  // NaN stays
        case RELU6: return x < 0.f ? 0.f : x > 6.f ? 6.f : x;
        case LEAKY_RELU: return x > 0.f ? x : x * k.slope;
        case TANH: return tanhf(x);
        case SIGMOID: return logistic(x);
        case HARD_SIGMOID: v = (x + k.bias) * k.factor; return v < k.low ? k.low : v > k.high ? k.high : v;
        case HARD_SWISH: v = x + 3.f; return x * (v < 0.f ? 0.f : v > 6.f ? 6.f : v) * (1.f / 6.f);
        case SWISH: return x * logistic(x);
        default: return x * normal(x, &density);
    }
}

// kept is the output where that tells the slope (RELU, RELU6, TANH, SIGMOID), else the input.
template <int KIND>
__device__ float gradient(float g, float kept, Numbers k) {
    float v, density;
    switch (KIND) {
        case RELU: return kept > 0.f ? g : 0.f;
        case RELU6: return kept > 0.f && kept < 6.f ? g : 0.f;
        case LEAKY_RELU: return kept > 0.f ? g : g * k.slope;
        case TANH: return g * (1.f - kept * kept);
        case SIGMOID: return g * (kept * (1.f - kept));
        case HARD_SIGMOID: v = (kept + k.bias) * k.factor; return v >= k.low && v <= k.high ? g * k.factor : 0.f;
        case HARD_SWISH: return kept <= -3.f ? 0.f : kept < 3.f ? g * (kept * (1.f / 3.f) + 0.5f) : g;
        case SWISH: v = logistic(kept); return g * (v + kept * v * (1.f - v));
        default: v = normal(kept, &density); return g * (v + kept * density);
    }
}

template <int KIND>
__device__ void forward(float *dst, const float *src, Index count, Numbers k) {
    FLAT(i, count) dst[i] = value<KIND>(src[i], k);
}

template <int KIND>
__device__ void backward(float *diffSrc, const float *diffDst, const float *kept, Index count, Numbers k) {
    FLAT(i, count) diffSrc[i] = gradient<KIND>(diffDst[i], kept[i], k);
}

extern "C" __global__ void activation_forward(float *dst, const float *src, Index count, int kind, float slope,
        float bias, float factor, float low, float high) {
    Numbers k = {slope, bias, factor, low, high};
    switch (kind) {
        case RELU: forward<RELU>(dst, src, count, k); break;
        case RELU6: forward<RELU6>(dst, src, count, k); break;
        case LEAKY_RELU: forward<LEAKY_RELU>(dst, src, count, k); break;
        case TANH: forward<TANH>(dst, src, count, k); break;
        case SIGMOID: forward<SIGMOID>(dst, src, count, k); break;
        case HARD_SIGMOID: forward<HARD_SIGMOID>(dst, src, count, k); break;
        case HARD_SWISH: forward<HARD_SWISH>(dst, src, count, k); break;
        case SWISH: forward<SWISH>(dst, src, count, k); break;
        case GELU: forward<GELU>(dst, src, count, k); break;
    }
}

extern "C" __global__ void activation_backward(float *diffSrc, const float *diffDst, const float *kept, Index count,
        int kind, float slope, float bias, float factor, float low, float high) {
    Numbers k = {slope, bias, factor, low, high};
    switch (kind) {
        case RELU: backward<RELU>(diffSrc, diffDst, kept, count, k); break;
        case RELU6: backward<RELU6>(diffSrc, diffDst, kept, count, k); break;
        case LEAKY_RELU: backward<LEAKY_RELU>(diffSrc, diffDst, kept, count, k); break;
        case TANH: backward<TANH>(diffSrc, diffDst, kept, count, k); break;
        case SIGMOID: backward<SIGMOID>(diffSrc, diffDst, kept, count, k); break;
        case HARD_SIGMOID: backward<HARD_SIGMOID>(diffSrc, diffDst, kept, count, k); break;
        case HARD_SWISH: backward<HARD_SWISH>(diffSrc, diffDst, kept, count, k); break;
        case SWISH: backward<SWISH>(diffSrc, diffDst, kept, count, k); break;
        case GELU: backward<GELU>(diffSrc, diffDst, kept, count, k); break;
    }
}
