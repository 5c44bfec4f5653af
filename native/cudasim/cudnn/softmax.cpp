// Softmax over channels, or over all of an image.
#include <cmath>

#include "tensor.h"

using namespace cudasim;
using namespace cudasim::cudnn;

namespace {

constexpr int LOG = 2;      // cudnnSoftmaxAlgorithm_t: FAST, ACCURATE, LOG
constexpr int CHANNEL = 1;  // cudnnSoftmaxMode_t: INSTANCE, CHANNEL

// Elements of one distribution: count of them, step apart.
struct Rows {
    int64_t count, step, outer;
    int64_t first(int64_t row) const { return row / step * count * step + row % step; }
    int64_t rows() const { return outer * step; }
};

Rows rowsOf(const Tensor &x, int mode) {
    int64_t points = int64_t{x.h()} * x.w();
    return mode == CHANNEL ? Rows{x.c(), points, x.n()} : Rows{x.c() * points, 1, x.n()};
}

void softmax(const Rows &rows, bool logarithm, Dense &values) {
    for (int64_t row = 0; row < rows.rows(); row++) {
        float *at = values.data() + rows.first(row);
        float largest = at[0];
        for (int64_t i = 1; i < rows.count; i++) largest = std::fmax(largest, at[i * rows.step]);
        double sum = 0;
        for (int64_t i = 0; i < rows.count; i++) sum += std::exp(double{at[i * rows.step]} - largest);
        for (int64_t i = 0; i < rows.count; i++) {
            double shifted = double{at[i * rows.step]} - largest;
            at[i * rows.step] = static_cast<float>(logarithm ? shifted - std::log(sum) : std::exp(shifted) / sum);
        }
    }
}

void softmaxBack(const Rows &rows, bool logarithm, const Dense &y, Dense &slope) {
    for (int64_t row = 0; row < rows.rows(); row++) {
        const float *out = y.data() + rows.first(row);
        float *at = slope.data() + rows.first(row);
        double sum = 0;
        for (int64_t i = 0; i < rows.count; i++) {
            double weight = logarithm ? 1 : out[i * rows.step];
            sum += weight * at[i * rows.step];
        }
        for (int64_t i = 0; i < rows.count; i++) {
            double dy = at[i * rows.step], p = out[i * rows.step];
            at[i * rows.step] = static_cast<float>(logarithm ? dy - std::exp(p) * sum : p * (dy - sum));
        }
    }
}

bool known(int algorithm, int mode) { return algorithm >= 0 && algorithm <= LOG && mode >= 0 && mode <= CHANNEL; }

}  // namespace

CUDASIM_API int cudnnSoftmaxForward(void *handle, int algorithm, int mode, const void *alphaPointer, Tensor *x,
        const void *xData, const void *betaPointer, Tensor *y, void *yData) {
    CUDNN_CALL(handle);
    CUDNN_NEED(TENSOR, x);
    CUDNN_NEED(TENSOR, y);
    CUDNN_FACTORS(*x, alphaPointer, betaPointer);
    if (!known(algorithm, mode) || x->rank != 4 || !x->sameSizes(*y) || x->type != y->type) return BAD_PARAM;
    CUDNN_COVERS(*x, xData, "x");
    CUDNN_COVERS(*y, yData, "y");
    return submit(*h, __func__, [=, tx = *x, ty = *y] {
        Dense values = read(tx, xData);
        softmax(rowsOf(tx, mode), algorithm == LOG, values);
        write(ty, yData, values, alpha, beta);
    });
}

CUDASIM_API int cudnnSoftmaxBackward(void *handle, int algorithm, int mode, const void *alphaPointer, Tensor *y,
        const void *yData, Tensor *dy, const void *dyData, const void *betaPointer, Tensor *dx, void *dxData) {
    CUDNN_CALL(handle);
    CUDNN_NEED(TENSOR, y);
    CUDNN_NEED(TENSOR, dy);
    CUDNN_NEED(TENSOR, dx);
    CUDNN_FACTORS(*y, alphaPointer, betaPointer);
    if (!known(algorithm, mode) || y->rank != 4 || !y->sameSizes(*dy) || !y->sameSizes(*dx) || y->type != dx->type) {
        return BAD_PARAM;
    }
    CUDNN_COVERS(*y, yData, "y");
    CUDNN_COVERS(*dy, dyData, "dy");
    CUDNN_COVERS(*dx, dxData, "dx");
    return submit(*h, __func__, [=, ty = *y, tdy = *dy, tdx = *dx] {
        Dense slope = read(tdy, dyData);
        softmaxBack(rowsOf(ty, mode), algorithm == LOG, read(ty, yData), slope);
        write(tdx, dxData, slope, alpha, beta);
    });
}
