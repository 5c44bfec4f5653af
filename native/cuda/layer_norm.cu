// Layer normalization of (rows, channels): statistics of each row, and sums over rows for weight and bias.
#include "warp.cuh"

// A warp a row; bound by memory: the row is read again from the cache.
extern "C" __global__ void layer_norm_forward(float *dst, float *mean, float *invStd, const float *src,
        const float *weight, const float *bias, Index rows, Index channels, double eps) {
    Index row = ROW;
    if (row >= rows) return;
    const float *x = src + row * channels;
    float *y = dst + row * channels;
    float sum = 0.f, squares = 0.f;
    LANES(c, channels) sum += x[c];
    float m = warp_sum(sum) / (float)channels;
    LANES(c, channels) squares = fmaf(x[c] - m, x[c] - m, squares);
    float variance = warp_sum(squares) / (float)channels;
    float inverse = (float)(1. / sqrt((double)variance + eps));
    LANES(c, channels) y[c] = fmaf((x[c] - m) * inverse, weight[c], bias[c]);
    if (threadIdx.x == 0) {
        mean[row] = m;
        invStd[row] = inverse;
    }
}

// diffSrc = invStd · (g − mean(g) − x̂ · mean(g · x̂)), g = dy · weight. A warp a row; bound by memory.
extern "C" __global__ void layer_norm_backward(float *diffSrc, const float *diffDst, const float *src,
        const float *weight, const float *mean, const float *invStd, Index rows, Index channels) {
    Index row = ROW;
    if (row >= rows) return;
    const float *x = src + row * channels, *dy = diffDst + row * channels;
    float m = mean[row], inverse = invStd[row], sum = 0.f, dot = 0.f;
    LANES(c, channels) {
        float g = dy[c] * weight[c];
        sum += g;
        dot = fmaf(g, (x[c] - m) * inverse, dot);
    }
    float shift = warp_sum(sum) / (float)channels, slope = warp_sum(dot) / (float)channels;
    LANES(c, channels) {
        float h = (x[c] - m) * inverse;
        diffSrc[row * channels + c] = inverse * (dy[c] * weight[c] - shift - h * slope);
    }
}

constexpr int ROWS = 8;  // of threads in a block

// parts (gridDim.y, 2, channels): sums of dy · x̂ and of dy over the rows that blockIdx.y shares out; column_sum_total
// adds them up. Blocks of 32 × 8 threads, blockIdx.x for 32 channels; bound by memory.
extern "C" __global__ void layer_norm_parts(double *parts, const float *diffDst, const float *src, const float *mean,
        const float *invStd, Index rows, Index channels) {
    __shared__ double weightPart[ROWS][33], biasPart[ROWS][33];
    Index c = (Index)blockIdx.x * 32 + threadIdx.x;
    Index each = (rows + gridDim.y - 1) / gridDim.y;
    Index begin = blockIdx.y * each, end = begin + each < rows ? begin + each : rows;
    float weightSum = 0.f, biasSum = 0.f;
    for (Index r = begin + threadIdx.y; c < channels && r < end; r += ROWS) {
        float g = diffDst[r * channels + c];
        weightSum = fmaf(g, (src[r * channels + c] - mean[r]) * invStd[r], weightSum);
        biasSum += g;
    }
    weightPart[threadIdx.y][threadIdx.x] = (double)weightSum;
    biasPart[threadIdx.y][threadIdx.x] = (double)biasSum;
    __syncthreads();
    if (threadIdx.y != 0 || c >= channels) return;
    double weightTotal = 0, biasTotal = 0;
    for (int k = 0; k < ROWS; k++) {
        weightTotal += weightPart[k][threadIdx.x];
        biasTotal += biasPart[k][threadIdx.x];
    }
    parts[2 * blockIdx.y * channels + c] = weightTotal;
    parts[(2 * blockIdx.y + 1) * channels + c] = biasTotal;
}
