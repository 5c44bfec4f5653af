// The losses: each kernel gives every row's loss and the gradient of its logits in one pass; loss_total adds the rows
// up. All in double: logits are few, and the differences of nearly equal numbers in them many. Kernels over rows: a
// warp a row (n rows of classes logits), bound by double arithmetic.
#include "warp.cuh"

__device__ double sigmoid(double x) { return 1. / (1. + exp(-x)); }

// log(1 + e^x) without overflow.
__device__ double softplus(double x) { return fmax(x, 0.) + log1p(exp(-fabs(x))); }

// The targets of a row: soft (classes), or NULL for a label's one-hot.
struct Row {
    const float *soft;
    int label;
};

__device__ Row row_of(const int *labels, const float *targets, Index row, Index classes) {
    Row r;
    r.soft = targets ? targets + row * classes : 0;
    r.label = labels ? labels[row] : -1;
    return r;
}

__device__ double target(Row r, Index c) { return r.soft ? (double)r.soft[c] : (double)(c == r.label); }

__device__ double largest(const float *x, Index classes) {
    float max = x[0];
    LANES(c, classes) max = x[c] > max ? x[c] : max;
    return (double)warp_max(max);
}

// log Σ e^x of a row.
__device__ double log_sum_exp(const float *x, Index classes) {
    double max = largest(x, classes), sum = 0;
    LANES(c, classes) sum += exp((double)x[c] - max);
    return max + log(warp_sum(sum));
}

__device__ void finish(double *rowLoss, Index row, double sum) {
    sum = warp_sum(sum);
    if (threadIdx.x == 0) rowLoss[row] = sum;
}

// With t' the smoothed targets of a row and T their sum: loss = T · log Σ exp(x) − Σ t' · x, diffSrc = softmax(x) · T −
// t'.
extern "C" __global__ void softmax_cross_entropy(double *rowLoss, float *diffSrc, const float *src, const int *labels,
        const float *targets, const double *classWeight, Index n, Index classes, double scale, double shift,
        double factor) {
    Index row = ROW;
    if (row >= n) return;
    const float *x = src + row * classes;
    Row r = row_of(labels, targets, row, classes);
    double max = largest(x, classes), sum = 0, mass = 0, dot = 0;
    LANES(c, classes) {
        double t = (target(r, c) * scale + shift) * (classWeight ? classWeight[c] : 1.);
        double d = (double)x[c] - max;
        sum += exp(d);
        mass += t;
        dot += t * d;
    }
    sum = warp_sum(sum);
    mass = warp_sum(mass);
    LANES(c, classes) {
        double t = (target(r, c) * scale + shift) * (classWeight ? classWeight[c] : 1.);
        diffSrc[row * classes + c] = (float)(factor * (exp((double)x[c] - max) / sum * mass - t));
    }
    finish(rowLoss, row, (threadIdx.x == 0 ? mass * log(sum) : 0.) - dot);
}

extern "C" __global__ void binary_cross_entropy(double *rowLoss, float *diffSrc, const float *src, const int *labels,
        const float *targets, const double *classWeight, const double *posWeight, Index n, Index classes,
        double smoothing, double factor) {
    Index row = ROW;
    if (row >= n) return;
    Row r = row_of(labels, targets, row, classes);
    double sum = 0;
    LANES(c, classes) {
        double x = (double)src[row * classes + c], t = target(r, c);
        if (smoothing >= 0.) t = t > 0. ? 1. - smoothing : smoothing;
        double weight = classWeight ? classWeight[c] : 1.;
        double positive = 1. + ((posWeight ? posWeight[c] : 1.) - 1.) * t;
        sum += weight * ((1. - t) * x + positive * softplus(-x));
        diffSrc[row * classes + c] = (float)(factor * weight * (1. - t - positive * sigmoid(-x)));
    }
    finish(rowLoss, row, sum);
}

extern "C" __global__ void focal_loss(double *rowLoss, float *diffSrc, const float *src, const int *labels,
        const float *targets, Index n, Index classes, double gamma, double alpha, double factor) {
    Index row = ROW;
    if (row >= n) return;
    Row r = row_of(labels, targets, row, classes);
    double sum = 0;
    LANES(c, classes) {
        double x = (double)src[row * classes + c], t = target(r, c);
        double p = sigmoid(x), notP = sigmoid(-x);
        double weight = alpha * t + (1. - alpha) * (1. - t);
        double miss = notP * t + p * (1. - t);
        double entropy = (1. - t) * x + softplus(-x);
        double power = pow(miss, gamma);
        double slope = power * (p - t);
        if (gamma > 0. && miss > 0.) slope += gamma * pow(miss, gamma - 1.) * p * notP * (1. - 2. * t) * entropy;
        sum += weight * power * entropy;
        diffSrc[row * classes + c] = (float)(factor * weight * slope);
    }
    finish(rowLoss, row, sum);
}

// The numbers of an asymmetric loss.
struct Asymmetry {
    double gammaPos, gammaNeg, clip, eps;
};

// The loss of a class of probability p; writes its derivative by p.
__device__ double asymmetric(double *slope, double p, double t, Asymmetry a) {
    double miss = 1. - p + a.clip;
    double q = t * p + (1. - t) * fmin(miss, 1.);
    double dq = t - (miss <= 1. ? 1. - t : 0.);
    double gamma = a.gammaPos * t + a.gammaNeg * (1. - t);
    double power = pow(1. - q, gamma), logQ = log(fmax(q, a.eps));
    double d = q >= a.eps ? -power / q : 0.;
    if (gamma != 0.) d += logQ * gamma * pow(1. - q, gamma - 1.);
    *slope = dq == 0. ? 0. : d * dq;
    return -logQ * power;
}

extern "C" __global__ void asymmetric_loss(double *rowLoss, float *diffSrc, const float *src, const int *labels,
        const float *targets, Index n, Index classes, double gammaPos, double gammaNeg, double clip, double eps,
        int sigmoidal, double factor) {
    Index row = ROW;
    if (row >= n) return;
    const float *x = src + row * classes;
    float *dx = diffSrc + row * classes;
    Row r = row_of(labels, targets, row, classes);
    Asymmetry a = {gammaPos, gammaNeg, clip, eps};
    double logSum = sigmoidal ? 0. : log_sum_exp(x, classes), sum = 0, shared = 0, slope;
    LANES(c, classes) {
        double p = sigmoidal ? sigmoid((double)x[c]) : exp((double)x[c] - logSum);
        sum += asymmetric(&slope, p, target(r, c), a);
        shared += slope * p;
        if (sigmoidal) dx[c] = (float)(factor * slope * p * (1. - p));
    }
    if (!sigmoidal) {
        shared = warp_sum(shared);
        LANES(c, classes) {
            double p = exp((double)x[c] - logSum);
            asymmetric(&slope, p, target(r, c), a);
            dx[c] = (float)(factor * p * (slope - shared));
        }
    }
    finish(rowLoss, row, sum);
}

// Counts the batch's labels. Flat grid over classes; bound by latency.
extern "C" __global__ void seesaw_count(float *cumSamples, const int *labels, Index n, Index classes) {
    FLAT(c, classes) {
        float count = cumSamples[c];
        for (Index row = 0; row < n; row++) count += labels[row] == c ? 1.f : 0.f;
        cumSamples[c] = count;
    }
}

// What a sample's own class says about all others.
struct Seesaw {
    double p, q, logSum, logOwn, samples;
};

// x + log s
__device__ double shifted(const float *x, const float *cumSamples, Index c, int label, Seesaw s) {
    if (c == label) return (double)x[c];
    double seen = log(fmax(1., (double)cumSamples[c]) / s.samples);
    double score = (double)x[c] - s.logSum - s.logOwn;
    return (double)x[c] + s.p * fmin(0., seen) + s.q * fmax(0., score);
}

extern "C" __global__ void seesaw_loss(double *rowLoss, float *diffSrc, const float *cumSamples, const float *src,
        const int *labels, Index n, Index classes, double p, double q, double eps, double factor) {
    Index row = ROW;
    if (row >= n) return;
    const float *x = src + row * classes;
    int label = labels[row];
    double logSum = log_sum_exp(x, classes);
    double logOwn = log(fmax(exp((double)x[label] - logSum), eps));
    Seesaw s = {p, q, logSum, logOwn, fmax(1., (double)cumSamples[label])};
    double max = (double)x[label], sum = 0;
    LANES(c, classes) max = fmax(max, shifted(x, cumSamples, c, label, s));
    max = warp_max(max);
    LANES(c, classes) sum += exp(shifted(x, cumSamples, c, label, s) - max);
    sum = warp_sum(sum);
    LANES(c, classes) {
        double soft = exp(shifted(x, cumSamples, c, label, s) - max) / sum;
        diffSrc[row * classes + c] = (float)(factor * (soft - (double)(c == label)));
    }
    if (threadIdx.x == 0) rowLoss[row] = max + log(sum) - (double)x[label];
}

// loss = factor · Σ rows. One warp; bound by latency.
extern "C" __global__ void loss_total(double *loss, const double *rowLoss, Index n, double factor) {
    double sum = 0;
    LANES(row, n) sum += rowLoss[row];
    sum = warp_sum(sum);
    if (threadIdx.x == 0) *loss = factor * sum;
}
