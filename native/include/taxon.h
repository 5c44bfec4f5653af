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
    const float *dst,        /* (rows, channels), read behind a ReLU or ReLU6 */
    const float *weight,     /* (channels) */
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
