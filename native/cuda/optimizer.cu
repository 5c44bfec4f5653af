// Optimizer steps over a range of the regions, element by element, in the order of float32 operations that the CPU has
// (native/cpu/optimizer.cpp) and PyTorch before it; fused multiply-adds stand where PyTorch's kernels have them.
// Every kernel: flat grid, bound by memory.
#include "kernel.cuh"

// The gradient with weight decay (L2 regularization) added.
__device__ float decayed(float grad, float weight, float weightDecay) {
    return weightDecay != 0.f ? fmaf(weight, weightDecay, grad) : grad;
}

// The running mean of gradients, torch.lerp for a weight below one half and above.
__device__ float mean(float m, float grad, float rise) {
    float d = grad - m;
    return rise < .5f ? fmaf(rise, d, m) : grad - d * (1.f - rise);
}

// The running mean of squares: mul_ and addcmul_.
__device__ float square(float v, float grad, float keep, float rest) { return v * keep + rest * grad * grad; }

// The larger one; NaN in a stays.
__device__ float larger(float a, float b) { return a < b ? b : a; }

extern "C" __global__ void sgd(float *weights, float *momentumBuffer, const float *grad, Index count, float lr,
        float momentum, float dampening, float weightDecay, int nesterov, int first, const float *overflow) {
    if (skipped(overflow)) return;
    float damped = 1.f - dampening;
    FLAT(i, count) {
        float w = weights[i];
        float d = decayed(grad[i], w, weightDecay);
        if (momentum != 0.f) {
            float kept = momentumBuffer[i] * momentum;
            float buf = first ? d : damped == 1.f ? kept + d : fmaf(d, damped, kept);
            momentumBuffer[i] = buf;
            d = nesterov ? fmaf(buf, momentum, d) : buf;
        }
        weights[i] = fmaf(d, -lr, w);
    }
}

extern "C" __global__ void adam(float *weights, float *mean1, float *mean2, float *max2, const float *grad, Index count,
        float rise, float beta2, float rest2, float shrink, float weightDecay, float rootCorrection2, float eps,
        float stepSize, const float *overflow) {
    if (skipped(overflow)) return;
    FLAT(i, count) {
        float w = weights[i] * shrink;
        float g = decayed(grad[i], w, weightDecay);
        float m = mean(mean1[i], g, rise), v = square(mean2[i], g, beta2, rest2);
        mean1[i] = m;
        mean2[i] = v;
        if (max2) {
            v = larger(max2[i], v);
            max2[i] = v;
        }
        weights[i] = w - stepSize * m / (sqrtf(v) / rootCorrection2 + eps);
    }
}

extern "C" __global__ void rmsprop(float *weights, float *squares, float *buffer, float *means, const float *grad,
        Index count, float lr, float alpha, float rest, float eps, float weightDecay, float momentum,
        const float *overflow) {
    if (skipped(overflow)) return;
    FLAT(i, count) {
        float w = weights[i];
        float g = decayed(grad[i], w, weightDecay);
        float s = square(squares[i], g, alpha, rest), a = s;
        squares[i] = s;
        if (means) {
            float h = mean(means[i], g, rest);
            means[i] = h;
            a = s - h * h;
        }
        float d = sqrtf(a) + eps;
        if (buffer) {
            float b = buffer[i] * momentum + g / d;
            buffer[i] = b;
            weights[i] = fmaf(b, -lr, w);
        } else {
            weights[i] = w - lr * g / d;
        }
    }
}

extern "C" __global__ void adagrad(float *weights, float *sum, const float *grad, Index count, float lr, float eps,
        float weightDecay, int first, float initial, const float *overflow) {
    if (skipped(overflow)) return;
    FLAT(i, count) {
        float w = weights[i];
        float g = decayed(grad[i], w, weightDecay);
        float s = (first ? initial : sum[i]) + g * g;
        sum[i] = s;
        weights[i] = w - lr * g / (sqrtf(s) + eps);
    }
}

extern "C" __global__ void adadelta(float *weights, float *squares, float *deltas, const float *grad, Index count,
        float lr, float rho, float rest, float eps, float weightDecay, const float *overflow) {
    if (skipped(overflow)) return;
    FLAT(i, count) {
        float w = weights[i];
        float g = decayed(grad[i], w, weightDecay);
        float s = square(squares[i], g, rho, rest);
        squares[i] = s;
        float d = sqrtf(deltas[i] + eps) / sqrtf(s + eps) * g;
        deltas[i] = square(deltas[i], d, rho, rest);
        weights[i] = fmaf(d, -lr, w);
    }
}

extern "C" __global__ void adamax(float *weights, float *mean1, float *largest, const float *grad, Index count,
        float rise, float beta2, float stepSize, float eps, float weightDecay, const float *overflow) {
    if (skipped(overflow)) return;
    FLAT(i, count) {
        float w = weights[i];
        float g = decayed(grad[i], w, weightDecay);
        float m = mean(mean1[i], g, rise), u = larger(largest[i] * beta2, fabsf(g) + eps);
        mean1[i] = m;
        largest[i] = u;
        weights[i] = w - stepSize * m / u;
    }
}

extern "C" __global__ void nadam(float *weights, float *mean1, float *mean2, const float *grad, Index count, float rise,
        float beta2, float rest2, float correction2, float eps, float gradientFactor, float meanFactor,
        float weightDecay, const float *overflow) {
    if (skipped(overflow)) return;
    FLAT(i, count) {
        float w = weights[i];
        float g = decayed(grad[i], w, weightDecay);
        float m = mean(mean1[i], g, rise), v = square(mean2[i], g, beta2, rest2);
        mean1[i] = m;
        mean2[i] = v;
        float d = sqrtf(v / correction2) + eps;
        weights[i] = w + gradientFactor * g / d + meanFactor * m / d;
    }
}

extern "C" __global__ void radam(float *weights, float *mean1, float *mean2, const float *grad, Index count, float rise,
        float beta2, float rest2, float lr, float correction1, int rectified, float rootCorrection2, float rectifier,
        float eps, float weightDecay, const float *overflow) {
    if (skipped(overflow)) return;
    FLAT(i, count) {
        float w = weights[i];
        float g = decayed(grad[i], w, weightDecay);
        float m = mean(mean1[i], g, rise), v = square(mean2[i], g, beta2, rest2);
        mean1[i] = m;
        mean2[i] = v;
        float d = m / correction1 * lr;
        weights[i] = w - (rectified ? d * (rootCorrection2 / (sqrtf(v) + eps)) * rectifier : d);
    }
}

extern "C" __global__ void asgd(float *weights, float *average, const float *grad, Index count, float shrink, float eta,
        float mu, float weightDecay, const float *overflow) {
    if (skipped(overflow)) return;
    FLAT(i, count) {
        float g = decayed(grad[i], weights[i], weightDecay);
        float w = fmaf(g, -eta, weights[i] * shrink);
        weights[i] = w;
        average[i] = mu == 1.f ? w : average[i] + (w - average[i]) * mu;
    }
}
