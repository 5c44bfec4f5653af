// Class-specific residual attention (CSRA) on scores (n, pixels, classes) that a matrix product made.
#include <algorithm>
#include <cmath>

#include "taxon.h"
#include "vec.h"

using namespace taxon;

namespace {

// One class of one sample: its scores lie `step` apart.
struct Row {
    float *scores;
    int64_t pixels, step;
    double temperature;

    float &score(int64_t i) const { return scores[i * step]; }

    int64_t largest() const {
        int64_t at = 0;
        for (int64_t i = 1; i < pixels; i++) at = score(i) > score(at) ? i : at;
        return at;
    }

    double share(int64_t i, double most) const { return std::exp(temperature * ((double)score(i) - most)); }

    // Sum of shares, and of shares times scores.
    void sums(double most, double &total, double &weighted) const {
        total = weighted = 0;
        for (int64_t i = 0; i < pixels; i++) {
            double e = share(i, most);
            total += e;
            weighted += e * (double)score(i);
        }
    }
};

}  // namespace

extern "C" int taxon_residual_attention_forward(
        float *dst, float *scores, float *norms, const float *weights, int64_t n, int64_t pixels, int64_t classes,
        int64_t channels, double temperature, double lam) {
#pragma omp parallel for schedule(static) if (classes * channels > SERIAL)
    for (int64_t k = 0; k < classes; k++) {
        double squares = 0;
        for (int64_t c = 0; c < channels; c++) squares += (double)weights[k * channels + c] * weights[k * channels + c];
        norms[k] = (float)std::sqrt(squares);
    }
#pragma omp parallel for collapse(2) schedule(static) if (n * pixels * classes > SERIAL)
    for (int64_t b = 0; b < n; b++) {
        for (int64_t k = 0; k < classes; k++) {
            Row row = {scores + b * pixels * classes + k, pixels, classes, temperature};
            double sum = 0, total, weighted;
            for (int64_t i = 0; i < pixels; i++) {
                row.score(i) /= norms[k];
                sum += (double)row.score(i);
            }
            double most = (double)row.score(row.largest()), attended = most;
            if (std::isfinite(temperature)) {
                row.sums(most, total, weighted);
                attended = weighted / total;
            }
            dst[b * classes + k] = (float)(sum / (double)pixels + lam * attended);
        }
    }
    return 0;
}

extern "C" int taxon_residual_attention_backward(
        float *diffScores, double *dots, const float *diffDst, const float *scores, const float *norms, int64_t n,
        int64_t pixels, int64_t classes, double temperature, double lam) {
#pragma omp parallel for schedule(static) if (n * pixels * classes > SERIAL)
    for (int64_t k = 0; k < classes; k++) {
        double dot = 0;
        for (int64_t b = 0; b < n; b++) {
            int64_t at = b * pixels * classes + k;
            Row row = {const_cast<float *>(scores) + at, pixels, classes, temperature};
            int64_t largest = row.largest();
            double most = (double)row.score(largest), total = 1, weighted = most;
            bool soft = std::isfinite(temperature);
            if (soft) row.sums(most, total, weighted);
            double attended = weighted / total, dy = (double)diffDst[b * classes + k];
            for (int64_t i = 0; i < pixels; i++) {
                double s = (double)row.score(i);
                double slope = soft ? row.share(i, most) / total * (1 + temperature * (s - attended))
                        : i == largest ? 1. : 0.;
                double ds = dy * (1. / (double)pixels + lam * slope);
                dot += ds * s;
                diffScores[at + i * classes] = (float)(ds / (double)norms[k]);
            }
        }
        dots[k] = dot;
    }
    return 0;
}

extern "C" int taxon_residual_attention_weights(
        float *diffWeights, const float *weights, const float *norms, const double *dots, int64_t classes,
        int64_t channels) {
#pragma omp parallel for schedule(static) if (classes * channels > SERIAL)
    for (int64_t k = 0; k < classes; k++) {
        float factor = (float)(dots[k] / ((double)norms[k] * (double)norms[k]));
        for (int64_t c = 0; c < channels; c++) diffWeights[k * channels + c] -= factor * weights[k * channels + c];
    }
    return 0;
}
