/* Movement between channels, pools of heads and split attention: a part of taxon.h, whose rules hold here. */
#ifndef TAXON_CHANNELS_H
#define TAXON_CHANNELS_H

#include <stdint.h>

#pragma GCC visibility push(default)
#ifdef __cplusplus
extern "C" {
#endif

/* --- channels: rows of pixels, a pitch from row to row --- */
int taxon_channels_copy(
    float *dst,              /* (rows, count) of rows of dstPitch */
    const float *src,        /* (rows, count) of rows of srcPitch */
    int64_t rows, int64_t count, int64_t dstPitch, int64_t srcPitch);
int taxon_channels_add(
    float *dst,              /* (rows, count) of rows of dstPitch; may be a or b */
    const float *a,          /* (rows, count) of rows of aPitch */
    const float *b,          /* (rows, count) of rows of bPitch */
    int64_t rows, int64_t count, int64_t dstPitch, int64_t aPitch, int64_t bPitch);
int taxon_channels_zero(float *dst, int64_t rows, int64_t count, int64_t pitch);
int taxon_channels_interleave(
    float *dst,              /* (rows, count, 2) */
    const float *a,          /* (rows, count) of rows of aPitch */
    const float *b,          /* (rows, count) of rows of bPitch */
    int64_t rows, int64_t count, int64_t aPitch, int64_t bPitch);
int taxon_channels_separate(
    float *a,                /* (rows, count) of rows of dstPitch */
    float *b,                /* (rows, count) of rows of dstPitch */
    const float *src,        /* (rows, count, 2) of rows of srcPitch */
    int64_t rows, int64_t count, int64_t dstPitch, int64_t srcPitch);
int taxon_channel_shuffle(
    float *dst,              /* (rows, channels / groups, groups) */
    const float *src,        /* (rows, groups, channels / groups) */
    int64_t rows, int64_t channels, int64_t groups);

/* --- generalized mean with a learned exponent: y = m^(1/p), m = mean over pixels of max(x, eps)^p; no maximum unless clamp --- */
int taxon_generalized_mean_forward(
    float *dst,              /* (n, channels) */
    float *mean,             /* (n, channels): m */
    const float *src,        /* (n, pixels, channels) */
    const float *p,          /* (1) */
    int64_t n, int64_t pixels, int64_t channels, double eps, int clamp);
int taxon_generalized_mean_backward(
    float *diffSrc,          /* NULL for none */
    float *diffP,            /* (1), NULL for none */
    const float *diffDst, const float *dst, const float *mean, const float *src, const float *p,
    double *parts,           /* (n, channels), scratch */
    int accumulate,          /* diffP is added to */
    int64_t n, int64_t pixels, int64_t channels, double eps, int clamp);

/* --- class-specific residual attention over pixels; weights (classes, channels), temperature may be infinite --- */
int taxon_residual_attention_forward(
    float *dst,              /* (n, classes) */
    float *scores,           /* (n, pixels, classes): products with the weights, which are divided by norms */
    float *norms,            /* (classes): of each row of weights */
    const float *weights,
    int64_t n, int64_t pixels, int64_t classes, int64_t channels, double temperature, double lam);
int taxon_residual_attention_backward(
    float *diffScores,       /* (n, pixels, classes), of the products */
    double *dots,            /* (classes): sum of scores and their gradients */
    const float *diffDst, const float *scores, const float *norms,
    int64_t n, int64_t pixels, int64_t classes, double temperature, double lam);
/* What the norms add to the gradient that the products gave. */
int taxon_residual_attention_weights(
    float *diffWeights, const float *weights, const float *norms, const double *dots, int64_t classes, int64_t channels);

/* --- split attention; channels are those of one slice --- */
int taxon_radix_pool_forward(
    float *dst,              /* (n, channels) */
    const float *src,        /* (n, pixels, radix, channels) */
    int64_t n, int64_t pixels, int64_t radix, int64_t channels);
int taxon_radix_pool_backward(
    float *diffSrc, const float *diffDst, int64_t n, int64_t pixels, int64_t radix, int64_t channels);
int taxon_radix_softmax_forward(
    float *dst,              /* (n, radix, groups, channels) */
    const float *src,        /* (n, groups, radix, channels) */
    int64_t n, int64_t radix, int64_t groups, int64_t channels);
int taxon_radix_softmax_backward(
    float *diffSrc, const float *diffDst, const float *dst,
    int64_t n, int64_t radix, int64_t groups, int64_t channels);
int taxon_radix_sum_forward(
    float *dst,              /* (n, pixels, channels) */
    const float *src,        /* (n, pixels, radix, channels) */
    const float *attention,  /* (n, radix, channels) */
    int64_t n, int64_t pixels, int64_t radix, int64_t channels);
int taxon_radix_sum_backward(
    float *diffSrc,          /* (n, pixels, radix, channels) or NULL */
    float *diffAttention,    /* (n, radix, channels) or NULL */
    const float *diffDst,    /* (n, pixels, channels) */
    const float *src,        /* (n, pixels, radix, channels) */
    const float *attention,  /* (n, radix, channels) */
    int64_t n, int64_t pixels, int64_t radix, int64_t channels);

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop
#endif
