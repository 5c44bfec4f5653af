// The functions of batch normalization.
#include "norm_pass.h"

using namespace cudasim;
using namespace cudasim::cudnn;

namespace {

bool known(int mode) { return mode >= PER_ACTIVATION && mode <= SPATIAL_PERSISTENT; }

}  // namespace

CUDASIM_API int cudnnDeriveBNTensorDescriptor(Tensor *derived, Tensor *x, int mode) {
    CUDASIM_CALL();
    CUDNN_NEED(TENSOR, derived);
    CUDNN_NEED(TENSOR, x);
    if (!known(mode) || x->rank < 4 || x->rank > 5) return BAD_PARAM;
    if (x->rank == 5) return NOT_SUPPORTED;
    bool each = mode == PER_ACTIVATION;
    int sizes[] = {1, x->c(), each ? x->h() : 1, each ? x->w() : 1}, strides[4];
    packed(0, 4, sizes, strides);
    return setTensor(derived, x->type == DOUBLE ? DOUBLE : FLOAT, 4, sizes, strides);
}

CUDASIM_API int cudnnBatchNormalizationForwardInference(void *handle, int mode, const void *alphaPointer,
        const void *betaPointer, Tensor *x, const void *xData, Tensor *y, void *yData, Tensor *parameters, const void *scale,
        const void *bias, const void *mean, const void *variance, double epsilon) {
    CUDNN_CALL(handle);
    CUDNN_NEED(TENSOR, x);
    CUDNN_NEED(TENSOR, y);
    CUDNN_NEED(TENSOR, parameters);
    CUDNN_FACTORS(*x, alphaPointer, betaPointer);
    if (!known(mode) || epsilon < 0 || !x->sameSizes(*y) || x->type != y->type || !matches(*parameters, *x, mode)) {
        return BAD_PARAM;
    }
    CUDNN_COVERS(*x, xData, "x");
    CUDNN_COVERS(*y, yData, "y");
    CUDNN_COVERS(*parameters, scale, "scale");
    CUDNN_COVERS(*parameters, bias, "bias");
    CUDNN_COVERS(*parameters, mean, "mean");
    CUDNN_COVERS(*parameters, variance, "variance");
    return submit(*h, __func__, [=, tx = *x, ty = *y, tp = *parameters] {
        auto factor = inverseRoots(wide(read(tp, variance)), epsilon);
        Dense out = normalized(statisticsOf(tx, mode), read(tx, xData), wide(read(tp, mean)), factor, read(tp, scale),
                read(tp, bias));
        write(ty, yData, out, alpha, beta);
    });
}

CUDASIM_API int cudnnBatchNormalizationForwardTraining(void *handle, int mode, const void *alphaPointer,
        const void *betaPointer, Tensor *x, const void *xData, Tensor *y, void *yData, Tensor *parameters, const void *scale,
        const void *bias, double share, void *runningMean, void *runningVariance, double epsilon, void *savedMean,
        void *savedInverse) {
    CUDNN_CALL(handle);
    CUDNN_NEED(TENSOR, x);
    CUDNN_NEED(TENSOR, y);
    CUDNN_NEED(TENSOR, parameters);
    CUDNN_FACTORS(*x, alphaPointer, betaPointer);
    if (!known(mode) || !x->sameSizes(*y) || x->type != y->type || !matches(*parameters, *x, mode)) return BAD_PARAM;
    Training t{*parameters, scale, bias, share, runningMean, runningVariance, epsilon, savedMean, savedInverse};
    if (int wrong = checkTraining(t, __func__)) return wrong;
    CUDNN_COVERS(*x, xData, "x");
    CUDNN_COVERS(*y, yData, "y");
    return submit(*h, __func__, [=, tx = *x, ty = *y] { write(ty, yData, trained(tx, read(tx, xData), mode, t), alpha, beta); });
}

CUDASIM_API int cudnnBatchNormalizationBackward(void *handle, int mode, const void *alphaPointer, const void *betaPointer,
        const void *alphaParameters, const void *betaParameters, Tensor *x, const void *xData, Tensor *dy, const void *dyData,
        Tensor *dx, void *dxData, Tensor *parameters, const void *scale, void *dScale, void *dBias, double epsilon,
        const void *savedMean, const void *savedInverse) {
    CUDNN_CALL(handle);
    CUDNN_NEED(TENSOR, x);
    CUDNN_NEED(TENSOR, dy);
    CUDNN_NEED(TENSOR, dx);
    CUDNN_NEED(TENSOR, parameters);
    CUDNN_FACTORS(*x, alphaPointer, betaPointer);
    float alpha2, beta2;
    if (!factor(alphaParameters, *x, &alpha2, __func__, "alphaParamDiff")
            || !factor(betaParameters, *x, &beta2, __func__, "betaParamDiff")) {
        return BAD_PARAM;
    }
    if (!known(mode) || !x->sameSizes(*dy) || !x->sameSizes(*dx) || !matches(*parameters, *x, mode) || epsilon < 0) {
        return BAD_PARAM;
    }
    Backward b{*parameters, scale, dScale, dBias, epsilon, savedMean, savedInverse};
    if (int wrong = checkBackward(b, __func__)) return wrong;
    CUDNN_COVERS(*x, xData, "x");
    CUDNN_COVERS(*dy, dyData, "dy");
    CUDNN_COVERS(*dx, dxData, "dx");
    return submit(*h, __func__, [=, tx = *x, tdy = *dy, tdx = *dx] {
        NormSlopes out = slopes(tx, read(tx, xData), read(tdy, dyData), mode, b);
        write(tdx, dxData, out.dx, alpha, beta);
        write(b.parameters, dScale, out.dScale, alpha2, beta2);
        write(b.parameters, dBias, out.dBias, alpha2, beta2);
    });
}
