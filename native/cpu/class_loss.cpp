// Losses that take each class for itself, and the seesaw loss. All in double: logits are few, and the differences of
// nearly equal numbers in them many.
#include <algorithm>
#include <cmath>

#include "taxon.h"
#include "vec.h"

namespace {

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// log(1 + e^x) without overflow.
double softplus(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::fabs(x))); }

// The value and the derivative of one term.
struct Term {
    double value, slope;
};

// The targets of one row.
struct Row {
    const float *soft;  // NULL: one-hot
    int64_t label;

    double operator[](int64_t c) const { return soft ? (double)soft[c] : (double)(c == label); }
};

Row row(const int32_t *labels, const float *targets, int64_t r, int64_t classes) {
    return {targets ? targets + r * classes : nullptr, labels ? labels[r] : -1};
}

// Calls body(x, dx, t) for each row; it gives the row's loss, and dx before the factor.
template <typename Body>
int each_row(double *loss, float *diffSrc, const float *src, const int32_t *labels, const float *targets,
        double *rowLoss, int64_t n, int64_t classes, double factor, Body body) {
#pragma omp parallel for schedule(static) if (n * classes > taxon::SERIAL / 8)
    for (int64_t r = 0; r < n; r++) {
        rowLoss[r] = body(src + r * classes, diffSrc + r * classes, row(labels, targets, r, classes));
    }
    double total = 0;
    for (int64_t r = 0; r < n; r++) total += rowLoss[r];
    *loss = factor * total;
    return 0;
}

// A loss whose terms have nothing to do with each other.
template <typename Element>
int each_element(double *loss, float *diffSrc, const float *src, const int32_t *labels, const float *targets,
        double *rowLoss, int64_t n, int64_t classes, double factor, Element element) {
    return each_row(loss, diffSrc, src, labels, targets, rowLoss, n, classes, factor,
            [=](const float *x, float *dx, Row t) {
                double sum = 0;
                for (int64_t c = 0; c < classes; c++) {
                    Term term = element((double)x[c], t[c], c);
                    sum += term.value;
                    dx[c] = (float)(factor * term.slope);
                }
                return sum;
            });
}

// log sum e^x of a row.
double log_sum_exp(const float *x, int64_t classes) {
    double max = (double)*std::max_element(x, x + classes), sum = 0;
    for (int64_t c = 0; c < classes; c++) sum += std::exp((double)x[c] - max);
    return max + std::log(sum);
}

// The loss of a class of probability p, and its derivative by p.
Term asymmetric(double p, double t, double gammaPos, double gammaNeg, double clip, double eps) {
    double miss = 1 - p + clip;
    double q = t * p + (1 - t) * std::min(miss, 1.0);
    double dq = t - (miss <= 1 ? 1 - t : 0);
    double gamma = gammaPos * t + gammaNeg * (1 - t);
    double power = std::pow(1 - q, gamma), log = std::log(std::max(q, eps));
    if (dq == 0) return {-log * power, 0};
    double slope = q >= eps ? -power / q : 0;
    if (gamma != 0) slope += log * gamma * std::pow(1 - q, gamma - 1);
    return {-log * power, slope * dq};
}

}  // namespace

extern "C" int taxon_binary_cross_entropy(double *loss, float *diffSrc, const float *src, const int32_t *labels,
        const float *targets, const double *classWeight, const double *posWeight, double *rowLoss, int64_t n,
        int64_t classes, double smoothing, double factor) {
    return each_element(loss, diffSrc, src, labels, targets, rowLoss, n, classes, factor,
            [=](double x, double t, int64_t c) -> Term {
                if (smoothing >= 0) t = t > 0 ? 1 - smoothing : smoothing;
                double weight = classWeight ? classWeight[c] : 1;
                double positive = 1 + ((posWeight ? posWeight[c] : 1) - 1) * t;
                return {weight * ((1 - t) * x + positive * softplus(-x)), weight * (1 - t - positive * sigmoid(-x))};
            });
}

extern "C" int taxon_focal_loss(double *loss, float *diffSrc, const float *src, const int32_t *labels,
        const float *targets, double *rowLoss, int64_t n, int64_t classes, double gamma, double alpha, double factor) {
    return each_element(loss, diffSrc, src, labels, targets, rowLoss, n, classes, factor,
            [=](double x, double t, int64_t) -> Term {
                double p = sigmoid(x), notP = sigmoid(-x);
                double weight = alpha * t + (1 - alpha) * (1 - t);
                double miss = notP * t + p * (1 - t);
                double entropy = (1 - t) * x + softplus(-x);
                double power = std::pow(miss, gamma);
                double slope = power * (p - t);
                if (gamma > 0 && miss > 0) {
                    slope += gamma * std::pow(miss, gamma - 1) * p * notP * (1 - 2 * t) * entropy;
                }
                return {weight * power * entropy, weight * slope};
            });
}

extern "C" int taxon_asymmetric_loss(double *loss, float *diffSrc, const float *src, const int32_t *labels,
        const float *targets, double *rowLoss, int64_t n, int64_t classes, double gammaPos, double gammaNeg,
        double clip, double eps, int sigmoidal, double factor) {
    if (sigmoidal) {
        return each_element(loss, diffSrc, src, labels, targets, rowLoss, n, classes, factor,
                [=](double x, double t, int64_t) -> Term {
                    double p = sigmoid(x);
                    Term term = asymmetric(p, t, gammaPos, gammaNeg, clip, eps);
                    return {term.value, term.slope * p * (1 - p)};
                });
    }
    return each_row(loss, diffSrc, src, labels, targets, rowLoss, n, classes, factor,
            [=](const float *x, float *dx, Row t) {
                double log = log_sum_exp(x, classes), sum = 0, shared = 0;
                for (int64_t c = 0; c < classes; c++) {
                    double p = std::exp((double)x[c] - log);
                    Term term = asymmetric(p, t[c], gammaPos, gammaNeg, clip, eps);
                    sum += term.value;
                    shared += term.slope * p;
                }
                for (int64_t c = 0; c < classes; c++) {
                    double p = std::exp((double)x[c] - log);
                    double slope = asymmetric(p, t[c], gammaPos, gammaNeg, clip, eps).slope;
                    dx[c] = (float)(factor * p * (slope - shared));
                }
                return sum;
            });
}

extern "C" int taxon_seesaw_loss(double *loss, float *diffSrc, float *cumSamples, const float *src,
        const int32_t *labels, double *rowLoss, int64_t n, int64_t classes, double p, double q, double eps,
        double factor) {
    for (int64_t r = 0; r < n; r++) cumSamples[labels[r]] += 1;
    return each_row(loss, diffSrc, src, labels, nullptr, rowLoss, n, classes, factor,
            [=](const float *x, float *dx, Row t) {
                double log = log_sum_exp(x, classes);
                double own = std::max(std::exp((double)x[t.label] - log), eps);
                double samples = std::max(1.0, (double)cumSamples[t.label]);
                auto shifted = [=](int64_t c) {  // x + log s
                    if (c == t.label) return (double)x[c];
                    double seen = std::log(std::max(1.0, (double)cumSamples[c]) / samples);
                    double score = (double)x[c] - log - std::log(own);
                    return (double)x[c] + p * std::min(0.0, seen) + q * std::max(0.0, score);
                };
                double max = (double)x[t.label], sum = 0;
                for (int64_t c = 0; c < classes; c++) max = std::max(max, shifted(c));
                for (int64_t c = 0; c < classes; c++) sum += std::exp(shifted(c) - max);
                for (int64_t c = 0; c < classes; c++) {
                    dx[c] = (float)(factor * (std::exp(shifted(c) - max) / sum - t[c]));
                }
                return max + std::log(sum) - (double)x[t.label];
            });
}
