// Class-specific residual attention (CSRA) on scores (n, pixels, classes) that a matrix product made.
#include "warp.cuh"

// norms (classes): of each row of weights. A warp a row; bound by memory.
extern "C" __global__ void residual_attention_norms(float *norms, const float *weights, Index classes, Index channels) {
    Index row = ROW;
    if (row >= classes) return;
    double squares = 0;
    LANES(c, channels) squares += (double)weights[row * channels + c] * (double)weights[row * channels + c];
    squares = warp_sum(squares);
    if (threadIdx.x == 0) norms[row] = (float)sqrt(squares);
}

__device__ float largest_score(const float *scores, Index pixels, Index classes) {
    float most = scores[0];
    LANES(i, pixels) most = fmaxf(most, scores[i * classes]);
    return warp_max(most);
}

// Sum of exp(temperature · (s − most)), and of that times s.
__device__ void shares(const float *scores, Index pixels, Index classes, double temperature, double most, double *total,
        double *weighted) {
    double sum = 0, product = 0;
    LANES(i, pixels) {
        double s = (double)scores[i * classes], e = exp(temperature * (s - most));
        sum += e;
        product += e * s;
    }
    *total = warp_sum(sum);
    *weighted = warp_sum(product);
}

// dst (n, classes); scores become those of filters of length 1. A warp a sample and class; bound by latency.
extern "C" __global__ void residual_attention_forward(float *dst, float *scores, const float *norms, Index rows,
        Index pixels, Index classes, double temperature, double lam, int hard) {
    Index row = ROW;
    if (row >= rows) return;
    float *s = scores + row / classes * pixels * classes + row % classes;
    float norm = norms[row % classes];
    double sum = 0;
    LANES(i, pixels) {
        s[i * classes] /= norm;
        sum += (double)s[i * classes];
    }
    sum = warp_sum(sum);
    __syncwarp();
    double most = (double)largest_score(s, pixels, classes), attended = most, total, weighted;
    if (!hard) {
        shares(s, pixels, classes, temperature, most, &total, &weighted);
        attended = weighted / total;
    }
    if (threadIdx.x == 0) dst[row] = (float)(sum / (double)pixels + lam * attended);
}

// diffScores of the products, and dots (n, classes) = Σ scores · their gradients. A warp a sample and class; bound by
// latency.
extern "C" __global__ void residual_attention_backward(float *diffScores, float *dots, const float *diffDst,
        const float *scores, const float *norms, Index rows, Index pixels, Index classes, double temperature, double lam,
        int hard) {
    Index row = ROW;
    if (row >= rows) return;
    Index at = row / classes * pixels * classes + row % classes;
    const float *s = scores + at;
    double dy = (double)diffDst[row], norm = (double)norms[row % classes];
    double most = (double)largest_score(s, pixels, classes), total = 1, weighted = most, dot = 0;
    Index first = pixels;
    if (hard) {
        LANES(i, pixels) if ((double)s[i * classes] == most && i < first) first = i;
        first = -warp_max(-first);
    } else {
        shares(s, pixels, classes, temperature, most, &total, &weighted);
    }
    double attended = weighted / total;
    LANES(i, pixels) {
        double score = (double)s[i * classes], slope = i == first ? 1. : 0.;
        if (!hard) slope = exp(temperature * (score - most)) / total * (1 + temperature * (score - attended));
        double ds = dy * (1. / (double)pixels + lam * slope);
        dot += ds * score;
        diffScores[at + i * classes] = (float)(ds / norm);
    }
    dot = warp_sum(dot);
    if (threadIdx.x == 0) dots[row] = (float)dot;
}

// diffWeights (classes, channels) −= what the norms take: weights · dots/norms². Rows grid; bound by memory.
extern "C" __global__ void residual_attention_weights(float *diffWeights, const float *weights, const float *norms,
        const float *dots, Index classes, Index channels) {
    Index row = ROW;
    if (row >= classes) return;
    float factor = (float)((double)dots[row] / ((double)norms[row] * (double)norms[row]));
    COLUMNS(c, channels) diffWeights[row * channels + c] -= factor * weights[row * channels + c];
}
