// Loss and its gradient in one pass over the logits: with t' the smoothed targets of a row and T their sum,
// loss = T · log Σ exp(x) − Σ t' · x and diffSrc = softmax(x) · T − t'.
#include <cmath>

#include "taxon.h"
#include "vec.h"

extern "C" int taxon_softmax_cross_entropy(double *loss, float *diffSrc, const float *src, const int32_t *labels,
        const float *targets, const double *classWeight, double *rowLoss, int64_t n, int64_t classes, double scale,
        double shift, double factor) {
#pragma omp parallel for schedule(static) if (n * classes > taxon::SERIAL)
    for (int64_t r = 0; r < n; r++) {
        const float *x = src + r * classes;
        float *dx = diffSrc + r * classes;
        float max = x[0];
        for (int64_t c = 1; c < classes; c++) max = x[c] > max ? x[c] : max;
        double sum = 0, mass = 0, dot = 0;
        for (int64_t c = 0; c < classes; c++) {
            double t = (labels ? (double)(labels[r] == c) : (double)targets[r * classes + c]) * scale + shift;
            if (classWeight) t *= classWeight[c];
            float e = std::exp(x[c] - max);
            dx[c] = e;
            sum += (double)e;
            mass += t;
            dot += t * ((double)x[c] - (double)max);
        }
        rowLoss[r] = mass * std::log(sum) - dot;
        for (int64_t c = 0; c < classes; c++) {
            double t = (labels ? (double)(labels[r] == c) : (double)targets[r * classes + c]) * scale + shift;
            if (classWeight) t *= classWeight[c];
            dx[c] = (float)(factor * ((double)dx[c] / sum * mass - t));
        }
    }
    double total = 0;
    for (int64_t r = 0; r < n; r++) total += rowLoss[r];
    *loss = factor * total;
    return 0;
}
