/* Transformers: a part of taxon.h, whose rules hold here. */
#ifndef TAXON_TOKENS_H
#define TAXON_TOKENS_H

#include <stdint.h>

#pragma GCC visibility push(default)
#ifdef __cplusplus
extern "C" {
#endif

/* --- tokens (L, C) of each sample --- */
/* Elements from .. from + count of each sample of whole elements; backward puts them among zeros. */
int taxon_slice_forward(
    float *dst,              /* (n, count) */
    const float *src,        /* (n, whole) */
    int64_t n, int64_t whole, int64_t from, int64_t count);
int taxon_slice_backward(
    float *diffSrc,          /* (n, whole) */
    const float *diffDst,    /* (n, count) */
    int64_t n, int64_t whole, int64_t from, int64_t count);
int taxon_class_token_forward(
    float *dst,              /* (n, channels + size) */
    const float *src,        /* (n, size) */
    const float *token,      /* (channels) */
    int64_t n, int64_t size, int64_t channels);
int taxon_class_token_backward(
    float *diffSrc,          /* (n, size) or NULL */
    float *diffToken,        /* (channels) or NULL */
    const float *diffDst,    /* (n, channels + size) */
    int accumulate, int64_t n, int64_t size, int64_t channels);
int taxon_position_embedding_forward(
    float *dst,              /* (n, extra + to, channels) */
    const float *src,        /* (n, extra + to, channels) */
    const float *positions,  /* (extra + from, channels) */
    const float *matrix,     /* (to, from), resizes; or NULL when to is from */
    float *resized,          /* (to, channels), scratch; or NULL */
    int64_t n, int64_t extra, int64_t to, int64_t from, int64_t channels);
int taxon_position_embedding_backward(
    float *diffPositions,    /* (extra + from, channels) */
    const float *diffDst,    /* (n, extra + to, channels) */
    const float *matrix,     /* (to, from) or NULL */
    float *sum,              /* (extra + to, channels), scratch */
    int accumulate, int64_t n, int64_t extra, int64_t to, int64_t from, int64_t channels);
int64_t taxon_layer_norm_scratch_bytes(int64_t channels);
int taxon_layer_norm_forward(
    float *dst,              /* (rows, channels) */
    float *mean,             /* (rows), saved */
    float *invStd,           /* (rows), saved */
    const float *src,        /* (rows, channels) */
    const float *weight,     /* (channels) */
    const float *bias,       /* (channels) */
    int64_t rows, int64_t channels, double eps);
int taxon_layer_norm_backward(
    float *diffSrc,          /* (rows, channels) or NULL */
    float *diffWeight,       /* (channels) or NULL */
    float *diffBias,         /* (channels) or NULL */
    const float *diffDst,    /* (rows, channels) */
    const float *src,        /* (rows, channels) */
    const float *weight,     /* (channels) */
    const float *mean,       /* (rows) */
    const float *invStd,     /* (rows) */
    void *scratch, int accumulate, int64_t rows, int64_t channels);
/* Sample i is kept when unit(word i % 4 of Philox block i / 4) >= p. Its own backward. */
int taxon_drop_path(
    float *dst,              /* (n, size) */
    const float *src,        /* (n, size) */
    int64_t n, int64_t size, double p, int64_t seed, int64_t stream);
/* Self-attention: softmax(q k' / sqrt(headSize)) v in each head; a probability is dropped as taxon_dropout drops. */
int64_t taxon_attention_scratch_bytes(int64_t tokens);
int taxon_attention_forward(
    float *dst,              /* (n, tokens, heads * headSize) */
    float *probabilities,    /* (n, heads, tokens, tokens), saved; or NULL */
    const float *src,        /* (n, tokens, 3, heads, headSize): q, k, v */
    void *scratch, int64_t n, int64_t tokens, int64_t heads, int64_t headSize,
    double p, int64_t seed, int64_t stream);
int taxon_attention_backward(
    float *diffSrc,          /* (n, tokens, 3, heads, headSize) */
    const float *diffDst,    /* (n, tokens, heads * headSize) */
    const float *src,        /* (n, tokens, 3, heads, headSize) */
    const float *probabilities, /* (n, heads, tokens, tokens), before dropping */
    void *scratch, int64_t n, int64_t tokens, int64_t heads, int64_t headSize,
    double p, int64_t seed, int64_t stream);

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop
#endif
