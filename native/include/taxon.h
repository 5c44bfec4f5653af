/*
 * The C ABI of Taxon's CPU library. Activations are float32 NHWC; weights are in PyTorch's layout (OIHW) unless packed.
 * Arguments come as outputs, inputs, saved, sizes. Every function that can fail returns 0 or a status that
 * taxon_last_error explains on the same thread. Buffers are the caller's; nothing is allocated after create.
 * All compute calls come from one thread, which owns the OpenMP pool.
 */
#ifndef TAXON_H
#define TAXON_H

#include <stdint.h>

#pragma GCC visibility push(default)
#ifdef __cplusplus
extern "C" {
#endif

/* A prepared oneDNN primitive with its reorders. */
typedef struct taxon_op taxon_op;

enum taxon_flag {
    TAXON_BIAS = 1,
    TAXON_RELU = 2,
    TAXON_TANH = 4,
    TAXON_SUM = 8,       /* dst holds a summand before the call */
    TAXON_TRANS_A = 16,  /* matmul: a is stored (k, m) */
    TAXON_TRANS_B = 32,  /* matmul: b is stored (n, k) */
    TAXON_RUNNING = 64,  /* batch norm: running statistics instead of the batch's */
    /* further element-wise functions; at most one is set, and "numbers" are what it needs, or NULL */
    TAXON_RELU6 = 128,
    TAXON_LEAKY_RELU = 256,     /* numbers: negative slope */
    TAXON_SIGMOID = 512,
    TAXON_HARD_SIGMOID = 1024,  /* numbers: bias, divisor, low, high */
    TAXON_HARD_SWISH = 2048,
    TAXON_SWISH = 4096,
    TAXON_GELU = 8192,          /* exact, by the error function */
    TAXON_DIRECT = 16384,       /* convolution: no fast algorithm whose rounding differs from a sum of products */
    TAXON_LIBRARY = 32768       /* convolution: oneDNN's kernel even where ours is faster, to measure one beside the other */
};

/* Places in the sizes of a window operation (convolution, pooling). */
enum taxon_size {
    TAXON_N, TAXON_IN_C, TAXON_IN_H, TAXON_IN_W, TAXON_OUT_C, TAXON_OUT_H, TAXON_OUT_W,
    TAXON_K_H, TAXON_K_W, TAXON_STRIDE_H, TAXON_STRIDE_W, TAXON_PAD_H, TAXON_PAD_W,
    TAXON_DILATION_H, TAXON_DILATION_W, TAXON_GROUPS, TAXON_SIZES
};

/* --- library --- */
const char *taxon_last_error(void);
const char *taxon_version(void);      /* oneDNN's version and the instruction set it uses */
int taxon_set_threads(int threads);   /* size of the calling thread's OpenMP pool */
int64_t taxon_live_bytes(void);       /* bytes of handles that are not destroyed */
int64_t taxon_malloc_bytes(void);     /* bytes in use in malloc's arenas and maps (mallinfo2) */

/* --- the machine's limits: work that a caller measures --- */
int64_t taxon_multiply_adds(int64_t iterations);  /* in registers, on every thread; returns their multiplications and additions */
int taxon_stream_add(float *dst, const float *a, const float *b, int64_t count, int64_t repetitions);  /* each thread its own part */

/* --- prepared operations --- */
void taxon_op_destroy(taxon_op *op);
const char *taxon_op_implementation(const taxon_op *op);
int64_t taxon_op_scratch_bytes(const taxon_op *op);
int64_t taxon_op_packed_bytes(const taxon_op *op);   /* 0: takes weights as they are */
int taxon_op_pack(taxon_op *op, float *packed, const float *weights /* OIHW */, void *scratch);

/* --- convolution --- */
int taxon_conv2d_forward_create(taxon_op **op, const int64_t *sizes, int flags, const double *numbers);
int taxon_conv2d_forward(taxon_op *op,
    float *dst,              /* (N, outH, outW, outC) */
    const float *src,        /* (N, inH, inW, inC) */
    const float *weights,    /* packed */
    const float *bias,       /* (outC) or NULL */
    void *scratch);
int taxon_conv2d_backward_data_create(taxon_op **op, const int64_t *sizes, int flags);
int taxon_conv2d_backward_data(taxon_op *op,
    float *diffSrc,          /* (N, inH, inW, inC) */
    const float *diffDst,    /* (N, outH, outW, outC) */
    const float *weights,    /* packed */
    void *scratch);
int taxon_conv2d_backward_weights_create(taxon_op **op, const int64_t *sizes, int flags);
int taxon_conv2d_backward_weights(taxon_op *op,
    float *diffWeights,      /* (outC, inC/groups, kH, kW) */
    float *diffBias,         /* (outC) or NULL */
    const float *diffDst,    /* (N, outH, outW, outC) */
    const float *src,        /* (N, inH, inW, inC) */
    int accumulate,
    void *scratch);

/* --- linear --- */
int taxon_matmul_create(taxon_op **op, int64_t m, int64_t n, int64_t k, int flags, const double *numbers);
int taxon_matmul(taxon_op *op,
    float *dst,              /* (m, n) */
    const float *a,          /* (m, k) */
    const float *b,          /* (k, n) */
    const float *bias,       /* (n) or NULL */
    void *scratch);
int taxon_column_sum(
    float *dst,              /* (columns) */
    const float *src,        /* (rows, columns) */
    int accumulate, int64_t rows, int64_t columns);

/* --- batch norm, with an optional residual sum and ReLU or ReLU6 behind it --- */
int64_t taxon_batch_norm_scratch_bytes(int64_t channels);
int taxon_batch_norm_forward(
    float *dst,              /* (rows, channels) */
    float *mean,             /* (channels), saved */
    float *invStd,           /* (channels), saved */
    float *runningMean,      /* (channels), updated unless TAXON_RUNNING */
    float *runningVar,       /* (channels), updated unless TAXON_RUNNING */
    const float *src,        /* (rows, channels) */
    const float *residual,   /* (rows, channels) or NULL */
    const float *weight,     /* (channels) */
    const float *bias,       /* (channels) */
    void *scratch, int64_t rows, int64_t channels, double eps, double momentum, int flags);
int taxon_batch_norm_backward(
    float *diffSrc,          /* (rows, channels) or NULL */
    float *diffResidual,     /* (rows, channels) or NULL */
    float *diffWeight,       /* (channels) or NULL */
    float *diffBias,         /* (channels) or NULL */
    const float *diffDst,    /* (rows, channels) */
    const float *diffDst2,   /* (rows, channels), added to diffDst, or NULL */
    const float *src,        /* (rows, channels) */
    const float *dst,        /* (rows, channels), read behind a ReLU or ReLU6 where bias is NULL */
    const float *weight,     /* (channels) */
    const float *bias,       /* (channels); NULL where forward had a residual */
    const float *mean,       /* (channels) */
    const float *invStd,     /* (channels) */
    void *scratch, int accumulate, int64_t rows, int64_t channels, int flags);
int taxon_batch_norm_fold(
    float *foldedWeights,    /* (outC, perOut) */
    float *foldedBias,       /* (outC) */
    const float *weights,    /* (outC, perOut) */
    const float *bias,       /* (outC) or NULL */
    const float *bnWeight, const float *bnBias, const float *runningMean, const float *runningVar, /* (outC) */
    int64_t outC, int64_t perOut, double eps);

/* --- element-wise --- */
int taxon_add(float *dst, const float *a, const float *b, int64_t count);
int taxon_activation_forward(float *dst, const float *src, int64_t count, int flags, const double *numbers);
int taxon_activation_backward(
    float *diffSrc,          /* (count) */
    const float *diffDst,    /* (count) */
    const float *kept,       /* (count): the output of ReLU, ReLU6, tanh and sigmoid, the input of the others */
    int64_t count, int flags, const double *numbers);

/* Each channel of a sample times a factor of its own. */
int taxon_channel_scale_forward(
    float *dst,              /* (N, pixels, C) */
    const float *src,        /* (N, pixels, C) */
    const float *scale,      /* (N, C) */
    int64_t n, int64_t pixels, int64_t channels);
int taxon_channel_scale_backward(
    float *diffSrc,          /* (N, pixels, C) or NULL */
    float *diffScale,        /* (N, C) or NULL */
    const float *diffDst,    /* (N, pixels, C) */
    const float *src,        /* (N, pixels, C) */
    const float *scale,      /* (N, C) */
    int64_t n, int64_t pixels, int64_t channels);

/* Element i of the NCHW order is kept when unit(word i % 4 of Philox block i / 4) >= p. Its own backward. */
int taxon_dropout(
    float *dst,              /* (N, H*W, C) */
    const float *src,        /* (N, H*W, C) */
    int64_t n, int64_t channels, int64_t pixels, double p, int64_t seed, int64_t stream);

/* --- pooling; sizes as for a convolution --- */
int64_t taxon_max_pool2d_index_bytes(const int64_t *sizes);
int taxon_max_pool2d_forward(
    float *dst,              /* (N, outH, outW, C) */
    void *index,             /* (N, outH, outW, C), saved, or NULL */
    const float *src,        /* (N, inH, inW, C) */
    const int64_t *sizes);
int taxon_max_pool2d_backward(float *diffSrc, const float *diffDst, const void *index, const int64_t *sizes);
int taxon_avg_pool2d_forward(float *dst, const float *src, int countIncludePad, const int64_t *sizes);
int taxon_avg_pool2d_backward(float *diffSrc, const float *diffDst, int countIncludePad, const int64_t *sizes);
int taxon_global_avg_pool_forward(
    float *dst,              /* (N, C) */
    const float *src,        /* (N, pixels, C) */
    int64_t n, int64_t pixels, int64_t channels);
int taxon_global_avg_pool_backward(float *diffSrc, const float *diffDst, int64_t n, int64_t pixels, int64_t channels);

/* --- data movement --- */
int taxon_transpose(
    float *dst,              /* (n, columns, rows) */
    const float *src,        /* (n, rows, columns) */
    int64_t n, int64_t rows, int64_t columns);
int taxon_shortcut_a_forward(
    float *dst,              /* (N, outH, outW, outC) */
    const float *src,        /* (N, inH, inW, inC) */
    const int64_t *sizes);
int taxon_shortcut_a_backward(float *diffSrc, const float *diffDst, const int64_t *sizes);

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop

#include "taxon_channels.h"
#include "taxon_tokens.h"
#include "taxon_losses.h"
#include "taxon_optimizer.h"

#endif
