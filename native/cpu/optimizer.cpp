// SGD in PyTorch's order of float32 operations (this file is compiled without contraction; where PyTorch's kernels use
// a fused multiply-add, so does this), the norm of gradients, and scaling.
#include <algorithm>
#include <cmath>

#include "taxon.h"
#include "vec.h"

using namespace taxon;

extern "C" int taxon_sgd(float *weights, float *momentumBuffer, const float *grad, int64_t count, float lr,
        float momentum, float dampening, float weightDecay, int nesterov, int first) {
    float damped = 1.f - dampening;
    bool buffered = momentum != 0.f;
#pragma omp parallel for simd schedule(static) if (count > SERIAL)
    for (int64_t i = 0; i < count; i++) {
        float w = weights[i];
        float d = weightDecay != 0.f ? __builtin_fmaf(w, weightDecay, grad[i]) : grad[i];
        if (buffered) {
            float kept = momentumBuffer[i] * momentum;
            float buf = first ? d : damped == 1.f ? kept + d : __builtin_fmaf(d, damped, kept);
            momentumBuffer[i] = buf;
            d = nesterov ? __builtin_fmaf(buf, momentum, d) : buf;
        }
        weights[i] = __builtin_fmaf(d, -lr, w);
    }
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
