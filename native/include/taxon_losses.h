/* Losses: a part of taxon.h, whose rules hold here. */
#ifndef TAXON_LOSSES_H
#define TAXON_LOSSES_H

#include <stdint.h>

#pragma GCC visibility push(default)
#ifdef __cplusplus
extern "C" {
#endif

/* --- losses: value and gradient of the logits, both times factor. Targets are labels (n), one-hot then, or rows of
   targets (n, classes); the other is NULL. classWeight, posWeight: (classes), or NULL for ones. rowLoss: (n), scratch --- */
int taxon_softmax_cross_entropy(         /* targets t' = t * scale + shift */
    double *loss,            /* scalar */
    float *diffSrc,          /* (n, classes) */
    const float *src,        /* (n, classes) */
    const int32_t *labels, const float *targets, const double *classWeight, double *rowLoss,
    int64_t n, int64_t classes, double scale, double shift, double factor);
int taxon_binary_cross_entropy(          /* t' = t > 0 ? 1 - smoothing : smoothing; t itself with smoothing < 0 */
    double *loss, float *diffSrc, const float *src, const int32_t *labels, const float *targets,
    const double *classWeight, const double *posWeight, double *rowLoss,
    int64_t n, int64_t classes, double smoothing, double factor);
int taxon_focal_loss(
    double *loss, float *diffSrc, const float *src, const int32_t *labels, const float *targets, double *rowLoss,
    int64_t n, int64_t classes, double gamma, double alpha, double factor);
int taxon_asymmetric_loss(               /* of sigmoid(src), or of softmax(src) */
    double *loss, float *diffSrc, const float *src, const int32_t *labels, const float *targets, double *rowLoss,
    int64_t n, int64_t classes, double gammaPos, double gammaNeg, double clip, double eps, int sigmoid, double factor);
int taxon_seesaw_loss(
    double *loss, float *diffSrc,
    float *cumSamples,       /* (classes): samples seen, this batch is added */
    const float *src, const int32_t *labels, double *rowLoss,
    int64_t n, int64_t classes, double p, double q, double eps, double factor);

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop
#endif
