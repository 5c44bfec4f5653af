// The backward pass of a batch norm that uses its running statistics in training (norm_eval): they are constants, so
// dx = dy · weight / √(var + eps), where cuDNN's would differentiate mean and variance too. A block a channel.

#define THREADS 256

// The sum of x over the threads of a block, always in the same order; to thread 0.
static __device__ double block_sum(double x, double *shared) {
    __syncthreads();
    shared[threadIdx.x] = x;
    __syncthreads();
    for (int half = THREADS / 2; half > 0; half /= 2) {
        if (threadIdx.x < half) shared[threadIdx.x] += shared[threadIdx.x + half];
        __syncthreads();
    }
    return shared[0];
}

// diffSrc, diffDst, src (n, channels, pixels); all others (channels). diffWeight and diffBias may be null.
extern "C" __global__ void batch_norm_running_backward(float *diffSrc, float *diffWeight, float *diffBias,
        const float *diffDst, const float *src, const float *weight, const float *mean, const float *var, float eps,
        int accumulate, int n, int channels, long long pixels) {
    __shared__ double shared[THREADS];
    int c = blockIdx.x;
    float invStd = 1.f / sqrtf(var[c] + eps);
    float scale = weight[c] * invStd;
    double sum = 0, product = 0;
    for (long long i = threadIdx.x; i < n * pixels; i += THREADS) {
        long long at = (i / pixels * channels + c) * pixels + i % pixels;
        float dy = diffDst[at];
        diffSrc[at] = dy * scale;
        sum += dy;
        product += (double)dy * ((src[at] - mean[c]) * invStd);
    }
    sum = block_sum(sum, shared);
    product = block_sum(product, shared);
    if (threadIdx.x == 0) {
        if (diffWeight) diffWeight[c] = (accumulate ? diffWeight[c] : 0.f) + (float)product;
        if (diffBias) diffBias[c] = (accumulate ? diffBias[c] : 0.f) + (float)sum;
    }
}

// Weights and bias of a convolution (outC, perOut) with the batch norm behind it folded in, as in evaluation: w · s and
// (b − mean) · s + bnBias with s = bnWeight / √(var + eps), in double. b may be null. A block an output channel.
extern "C" __global__ void batch_norm_fold(float *weights, float *bias, const float *w, const float *b,
        const float *bnWeight, const float *bnBias, const float *mean, const float *var, double eps, long long perOut) {
    int c = blockIdx.x;
    double scale = bnWeight[c] / sqrt(var[c] + eps);
    for (long long i = threadIdx.x; i < perOut; i += blockDim.x) weights[c * perOut + i] = (float)(w[c * perOut + i] * scale);
    if (threadIdx.x == 0) bias[c] = (float)(((b ? (double)b[c] : 0.) - mean[c]) * scale + bnBias[c]);
}
