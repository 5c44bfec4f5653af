// Optimizer steps in PyTorch's order of float32 operations (this file is compiled without contraction; where PyTorch's
// kernels use a fused multiply-add, so does this), one pass over a range each; the norm of gradients, scaling, limiting.
#include <algorithm>
#include <cmath>

#include "taxon.h"
#include "vec.h"

using namespace taxon;

namespace {

inline float fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }

// The gradient with weight decay (L2 regularization) added.
inline float decayed(float grad, float weight, float weightDecay) {
    return weightDecay != 0.f ? fma(weight, weightDecay, grad) : grad;
}

// The running mean of gradients, torch.lerp for a weight below one half and above.
inline float mean(float m, float grad, float rise) {
    float d = grad - m;
    return rise < .5f ? fma(rise, d, m) : grad - d * (1.f - rise);
}

// The running mean of squares: mul_ and addcmul_.
inline float square(float v, float grad, float keep, float rest) { return v * keep + rest * grad * grad; }

// Which buffers there are is a constant of a loop: loads and stores under a condition keep it from vectorizing.
template <bool BUFFERED>
void sgd(float *weights, float *momentumBuffer, const float *grad, int64_t count, float lr, float momentum,
        float dampening, float weightDecay, bool nesterov, bool first) {
    float damped = 1.f - dampening;
#pragma omp parallel for simd schedule(static) if (count > SERIAL)
    for (int64_t i = 0; i < count; i++) {
        float w = weights[i];
        float d = decayed(grad[i], w, weightDecay);
        if (BUFFERED) {
            float kept = momentumBuffer[i] * momentum;
            float buf = first ? d : damped == 1.f ? kept + d : fma(d, damped, kept);
            momentumBuffer[i] = buf;
            d = nesterov ? fma(buf, momentum, d) : buf;
        }
        weights[i] = fma(d, -lr, w);
    }
}

template <bool MAX>
void adam(float *weights, float *mean1, float *mean2, float *max2, const float *grad, int64_t count, float rise,
        float beta2, float rest2, float shrink, float weightDecay, float rootCorrection2, float eps, float stepSize) {
#pragma omp parallel for simd schedule(static) if (count > SERIAL)
    for (int64_t i = 0; i < count; i++) {
        float w = weights[i] * shrink;
        float g = decayed(grad[i], w, weightDecay);
        float m = mean(mean1[i], g, rise), v = square(mean2[i], g, beta2, rest2);
        mean1[i] = m;
        mean2[i] = v;
        if (MAX) {
            v = std::max(max2[i], v);
            max2[i] = v;
        }
        weights[i] = w - stepSize * m / (std::sqrt(v) / rootCorrection2 + eps);
    }
}

template <bool CENTERED, bool BUFFERED>
void rmsprop(float *weights, float *squares, float *buffer, float *means, const float *grad, int64_t count, float lr,
        float alpha, float rest, float eps, float weightDecay, float momentum) {
#pragma omp parallel for simd schedule(static) if (count > SERIAL)
    for (int64_t i = 0; i < count; i++) {
        float g = decayed(grad[i], weights[i], weightDecay);
        float s = square(squares[i], g, alpha, rest), a = s;
        squares[i] = s;
        if (CENTERED) {
            float h = mean(means[i], g, rest);
            means[i] = h;
            a = s - h * h;
        }
        float d = std::sqrt(a) + eps;
        if (BUFFERED) {
            float b = buffer[i] * momentum + g / d;
            buffer[i] = b;
            weights[i] = fma(b, -lr, weights[i]);
        } else {
            weights[i] = weights[i] - lr * g / d;
        }
    }
}

}  // namespace

extern "C" int taxon_sgd(float *weights, float *momentumBuffer, const float *grad, int64_t count, float lr,
        float momentum, float dampening, float weightDecay, int nesterov, int first) {
    (momentum != 0.f ? sgd<true> : sgd<false>)(
            weights, momentumBuffer, grad, count, lr, momentum, dampening, weightDecay, nesterov, first);
    return 0;
}

extern "C" int taxon_adam(float *weights, float *mean1, float *mean2, float *max2, const float *grad, int64_t count,
        float rise, float beta2, float rest2, float shrink, float weightDecay, float rootCorrection2, float eps,
        float stepSize) {
    (max2 ? adam<true> : adam<false>)(weights, mean1, mean2, max2, grad, count, rise, beta2, rest2, shrink, weightDecay,
            rootCorrection2, eps, stepSize);
    return 0;
}

extern "C" int taxon_rmsprop(float *weights, float *squares, float *buffer, float *means, const float *grad,
        int64_t count, float lr, float alpha, float rest, float eps, float weightDecay, float momentum) {
    auto run = means ? buffer ? rmsprop<true, true> : rmsprop<true, false>
                     : buffer ? rmsprop<false, true> : rmsprop<false, false>;
    run(weights, squares, buffer, means, grad, count, lr, alpha, rest, eps, weightDecay, momentum);
    return 0;
}

extern "C" int taxon_adagrad(float *weights, float *sum, const float *grad, int64_t count, float lr, float eps,
        float weightDecay, int first, float initial) {
#pragma omp parallel for simd schedule(static) if (count > SERIAL)
    for (int64_t i = 0; i < count; i++) {
        float g = decayed(grad[i], weights[i], weightDecay);
        float s = (first ? initial : sum[i]) + g * g;
        sum[i] = s;
        weights[i] = weights[i] - lr * g / (std::sqrt(s) + eps);
    }
    return 0;
}

extern "C" int taxon_adadelta(float *weights, float *squares, float *deltas, const float *grad, int64_t count, float lr,
        float rho, float rest, float eps, float weightDecay) {
#pragma omp parallel for simd schedule(static) if (count > SERIAL)
    for (int64_t i = 0; i < count; i++) {
        float g = decayed(grad[i], weights[i], weightDecay);
        float s = square(squares[i], g, rho, rest);
        squares[i] = s;
        float d = std::sqrt(deltas[i] + eps) / std::sqrt(s + eps) * g;
        deltas[i] = square(deltas[i], d, rho, rest);
        weights[i] = fma(d, -lr, weights[i]);
    }
    return 0;
}

extern "C" int taxon_adamax(float *weights, float *mean1, float *largest, const float *grad, int64_t count, float rise,
        float beta2, float stepSize, float eps, float weightDecay) {
#pragma omp parallel for simd schedule(static) if (count > SERIAL)
    for (int64_t i = 0; i < count; i++) {
        float g = decayed(grad[i], weights[i], weightDecay);
        float m = mean(mean1[i], g, rise), u = std::max(largest[i] * beta2, std::fabs(g) + eps);
        mean1[i] = m;
        largest[i] = u;
        weights[i] = weights[i] - stepSize * m / u;
    }
    return 0;
}

extern "C" int taxon_nadam(float *weights, float *mean1, float *mean2, const float *grad, int64_t count, float rise,
        float beta2, float rest2, float correction2, float eps, float gradientFactor, float meanFactor,
        float weightDecay) {
#pragma omp parallel for simd schedule(static) if (count > SERIAL)
    for (int64_t i = 0; i < count; i++) {
        float g = decayed(grad[i], weights[i], weightDecay);
        float m = mean(mean1[i], g, rise), v = square(mean2[i], g, beta2, rest2);
        mean1[i] = m;
        mean2[i] = v;
        float d = std::sqrt(v / correction2) + eps;
        weights[i] = weights[i] + gradientFactor * g / d + meanFactor * m / d;
    }
    return 0;
}

extern "C" int taxon_radam(float *weights, float *mean1, float *mean2, const float *grad, int64_t count, float rise,
        float beta2, float rest2, float lr, float correction1, int rectified, float rootCorrection2, float rectifier,
        float eps, float weightDecay) {
#pragma omp parallel for simd schedule(static) if (count > SERIAL)
    for (int64_t i = 0; i < count; i++) {
        float g = decayed(grad[i], weights[i], weightDecay);
        float m = mean(mean1[i], g, rise), v = square(mean2[i], g, beta2, rest2);
        mean1[i] = m;
        mean2[i] = v;
        float d = m / correction1 * lr;
        weights[i] = weights[i] - (rectified ? d * (rootCorrection2 / (std::sqrt(v) + eps)) * rectifier : d);
    }
    return 0;
}

extern "C" int taxon_asgd(float *weights, float *average, const float *grad, int64_t count, float shrink, float eta,
        float mu, float weightDecay) {
#pragma omp parallel for simd schedule(static) if (count > SERIAL)
    for (int64_t i = 0; i < count; i++) {
        float g = decayed(grad[i], weights[i], weightDecay);
        float w = fma(g, -eta, weights[i] * shrink);
        weights[i] = w;
        average[i] = mu == 1.f ? w : average[i] + (w - average[i]) * mu;
    }
    return 0;
}

extern "C" int taxon_lamb(float *weights, float *mean1, float *mean2, float *grad, int64_t count, float lr, float clip,
        float beta1, float rise, float beta2, float rest2, float correction1, float rootCorrection2, float eps,
        float weightDecay, int adapt, int trustClip) {
#pragma omp parallel for simd schedule(static) if (count > SERIAL)
    for (int64_t i = 0; i < count; i++) {
        float g = grad[i] / clip;
        float m = fma(g, rise, mean1[i] * beta1), v = square(mean2[i], g, beta2, rest2);
        mean1[i] = m;
        mean2[i] = v;
        float d = m / correction1 / (std::sqrt(v) / rootCorrection2 + eps);
        grad[i] = decayed(d, weights[i], weightDecay);
    }
    float ratio = 1.f;
    if (adapt) {
        double w, d;
        taxon_norm(&w, weights, count, 2.);
        taxon_norm(&d, grad, count, 2.);
        if (w > 0. && d > 0.) ratio = (float)std::sqrt(w) / (float)std::sqrt(d);
        if (trustClip) ratio = std::min(ratio, 1.f);
    }
#pragma omp parallel for simd schedule(static) if (count > SERIAL)
    for (int64_t i = 0; i < count; i++) weights[i] = fma(grad[i] * ratio, -lr, weights[i]);
    return 0;
}

extern "C" int taxon_norm(double *result, const float *src, int64_t count, double p) {
    constexpr int PARTS = 64;  // fixed, so that the sum does not depend on the number of threads
    double part[PARTS];
#pragma omp parallel for schedule(static) if (count > SERIAL)
    for (int k = 0; k < PARTS; k++) {
        int64_t begin = count * k / PARTS, end = count * (k + 1) / PARTS;
        double sum = 0;
        if (p == 2.) {
            for (int64_t i = begin; i < end; i++) sum += (double)src[i] * (double)src[i];
        } else if (std::isinf(p)) {
            for (int64_t i = begin; i < end; i++) {
                double a = std::fabs((double)src[i]);
                sum = a > sum || a != a ? a : sum;
            }
        } else {
            for (int64_t i = begin; i < end; i++) {
                if (src[i] != 0.f) sum += std::pow(std::fabs((double)src[i]), p);
            }
        }
        part[k] = sum;
    }
    double total = 0;
    for (double x : part) total = std::isinf(p) ? (x > total || x != x ? x : total) : total + x;
    *result = total;
    return 0;
}

extern "C" int taxon_scale(float *dst, int64_t count, float factor) {
#pragma omp parallel for simd schedule(static) if (count > SERIAL)
    for (int64_t i = 0; i < count; i++) dst[i] *= factor;
    return 0;
}

extern "C" int taxon_limit(float *dst, int64_t count, float limit) {
#pragma omp parallel for simd schedule(static) if (count > SERIAL)
    for (int64_t i = 0; i < count; i++) {
        float x = dst[i];
        dst[i] = x > limit ? limit : x < -limit ? -limit : x;  // NaN stays
    }
    return 0;
}

// The product is rounded, the sum is not before the second product: as PyTorch's mul_ and add_ with a factor.
extern "C" int taxon_average(float *average, const float *src, int64_t count, float keep, float momentum) {
#pragma omp parallel for simd schedule(static) if (count > SERIAL)
    for (int64_t i = 0; i < count; i++) average[i] = std::fma(momentum, src[i], average[i] * keep);
    return 0;
}

extern "C" int taxon_exchange(float *a, float *b, int64_t count) {
#pragma omp parallel for simd schedule(static) if (count > SERIAL)
    for (int64_t i = 0; i < count; i++) {
        float x = a[i];
        a[i] = b[i];
        b[i] = x;
    }
    return 0;
}
