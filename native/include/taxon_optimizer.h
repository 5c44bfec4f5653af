/* Optimizers, and what else runs over whole regions of parameters: a part of taxon.h, whose rules hold here. */
#ifndef TAXON_OPTIMIZER_H
#define TAXON_OPTIMIZER_H

#include <stdint.h>

#pragma GCC visibility push(default)
#ifdef __cplusplus
extern "C" {
#endif

/* --- optimizer, over ranges of the parameter regions --- */
int taxon_sgd(
    float *weights, float *momentumBuffer, const float *grad, int64_t count,
    float lr, float momentum, float dampening, float weightDecay, int nesterov, int first);
int taxon_adam(float *weights, float *mean1, float *mean2, float *max2 /* or NULL */, const float *grad, int64_t count,
    float rise, float beta2, float rest2, float shrink, float weightDecay, float rootCorrection2, float eps,
    float stepSize);
int taxon_rmsprop(float *weights, float *squares, float *buffer /* or NULL */, float *means /* or NULL */,
    const float *grad, int64_t count,
    float lr, float alpha, float rest, float eps, float weightDecay, float momentum);
int taxon_adagrad(float *weights, float *sum, const float *grad, int64_t count,
    float lr, float eps, float weightDecay, int first, float initial);
int taxon_adadelta(float *weights, float *squares, float *deltas, const float *grad, int64_t count,
    float lr, float rho, float rest, float eps, float weightDecay);
int taxon_adamax(float *weights, float *mean1, float *largest, const float *grad, int64_t count,
    float rise, float beta2, float stepSize, float eps, float weightDecay);
int taxon_nadam(float *weights, float *mean1, float *mean2, const float *grad, int64_t count,
    float rise, float beta2, float rest2, float correction2, float eps, float gradientFactor, float meanFactor,
    float weightDecay);
int taxon_radam(float *weights, float *mean1, float *mean2, const float *grad, int64_t count,
    float rise, float beta2, float rest2, float lr, float correction1, int rectified, float rootCorrection2,
    float rectifier, float eps, float weightDecay);
int taxon_asgd(float *weights, float *average, const float *grad, int64_t count,
    float shrink, float eta, float mu, float weightDecay);
/* One whole parameter; grad holds the step afterwards. */
int taxon_lamb(float *weights, float *mean1, float *mean2, float *grad, int64_t count,
    float lr, float clip, float beta1, float rise, float beta2, float rest2, float correction1, float rootCorrection2,
    float eps, float weightDecay, int adapt, int trustClip);
int taxon_norm(double *result, const float *src, int64_t count, double p);   /* sum of |x|^p, or max |x| for p = inf */
int taxon_scale(float *dst, int64_t count, float factor);
int taxon_limit(float *dst, int64_t count, float limit);   /* to [-limit, limit] */
int taxon_average(float *average, const float *src, int64_t count, float keep, float momentum);
int taxon_exchange(float *a, float *b, int64_t count);

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop
#endif
