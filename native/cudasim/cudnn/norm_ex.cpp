// The fused functions of batch normalization: with a sum and a ReLU behind it, where cuDNN has them (half or bfloat16,
// channels last, SPATIAL_PERSISTENT, a multiple of 4 channels), and plain elsewhere.
#include "activation.h"
#include "norm_pass.h"

using namespace cudasim;
using namespace cudasim::cudnn;

namespace {

// cudnnBatchNormOps_t
enum { PLAIN = 0, ACTIVATE = 1, ADD_AND_ACTIVATE = 2 };

int supported(int mode, int operations, const Tensor &x, const Activation *activation) {
    if (mode < PER_ACTIVATION || mode > SPATIAL_PERSISTENT || operations < PLAIN || operations > ADD_AND_ACTIVATE) return BAD_PARAM;
    if (operations == PLAIN) return SUCCESS;
    bool small = x.type == HALF || x.type == BFLOAT16;
    if (!small || !x.channelsLast() || mode != SPATIAL_PERSISTENT || x.c() % 4 != 0) return NOT_SUPPORTED;
    return activation != nullptr && activation->mode == RELU ? SUCCESS : NOT_SUPPORTED;
}

size_t workspaceOf(const Tensor &x) { return static_cast<size_t>(x.c()) * 2 * sizeof(float); }
// Which outputs the ReLU let through, a byte each.
size_t reserveOf(int operations, const Tensor &x) { return operations == PLAIN ? 0 : static_cast<size_t>(x.elements()); }

}  // namespace

#define SUPPORTED(mode, operations, x, activation)                                                          \
    if (operations != PLAIN) {                                                                              \
        CUDNN_NEED(ACTIVATION, activation);                                                                 \
    }                                                                                                       \
    if (int refused = supported(mode, operations, *x, operations == PLAIN ? nullptr : activation)) return refused

CUDASIM_API int cudnnGetBatchNormalizationForwardTrainingExWorkspaceSize(void *handle, int mode, int operations, Tensor *x,
        Tensor *, Tensor *, Tensor *, Activation *activation, size_t *size) {
    CUDNN_CALL(handle);
    CUDNN_NEED(TENSOR, x);
    SUPPORTED(mode, operations, x, activation);
    *size = workspaceOf(*x);
    return SUCCESS;
}

CUDASIM_API int cudnnGetBatchNormalizationBackwardExWorkspaceSize(void *handle, int mode, int operations, Tensor *x,
        Tensor *, Tensor *, Tensor *, Tensor *, Tensor *, Activation *activation, size_t *size) {
    CUDNN_CALL(handle);
    CUDNN_NEED(TENSOR, x);
    SUPPORTED(mode, operations, x, activation);
    *size = workspaceOf(*x);
    return SUCCESS;
}

CUDASIM_API int cudnnGetBatchNormalizationTrainingExReserveSpaceSize(
        void *handle, int mode, int operations, Activation *activation, Tensor *x, size_t *size) {
    CUDNN_CALL(handle);
    CUDNN_NEED(TENSOR, x);
    SUPPORTED(mode, operations, x, activation);
    *size = reserveOf(operations, *x);
    return SUCCESS;
}

CUDASIM_API int cudnnBatchNormalizationForwardTrainingEx(void *handle, int mode, int operations, const void *alphaPointer,
        const void *betaPointer, Tensor *x, const void *xData, Tensor *z, const void *zData, Tensor *y, void *yData,
        Tensor *parameters, const void *scale, const void *bias, double share, void *runningMean, void *runningVariance,
        double epsilon, void *savedMean, void *savedInverse, Activation *activation, void *workspace, size_t workspaceBytes,
        void *reserve, size_t reserveBytes) {
    CUDNN_CALL(handle);
    CUDNN_NEED(TENSOR, x);
    CUDNN_NEED(TENSOR, y);
    CUDNN_NEED(TENSOR, parameters);
    SUPPORTED(mode, operations, x, activation);
    CUDNN_FACTORS(*x, alphaPointer, betaPointer);
    if (!x->sameSizes(*y) || x->type != y->type || !matches(*parameters, *x, mode)) return BAD_PARAM;
    Training t{*parameters, scale, bias, share, runningMean, runningVariance, epsilon, savedMean, savedInverse};
    if (int wrong = checkTraining(t, __func__)) return wrong;
    if (!workspaceFits(workspace, workspaceBytes, workspaceOf(*x), __func__)
            || !workspaceFits(reserve, reserveBytes, reserveOf(operations, *x), __func__)) {
        return BAD_PARAM;
    }
    CUDNN_COVERS(*x, xData, "x");
    CUDNN_COVERS(*y, yData, "y");
    if (operations == ADD_AND_ACTIVATE) {
        CUDNN_NEED(TENSOR, z);
        if (!z->sameSizes(*x)) return BAD_PARAM;
        CUDNN_COVERS(*z, zData, "z");
    }
    return submit(*h, __func__, [=, tx = *x, ty = *y, tz = operations == ADD_AND_ACTIVATE ? *z : *x] {
        Dense out = trained(tx, read(tx, xData), mode, t);
        spoil(workspace, workspaceBytes);
        Dense added = operations == ADD_AND_ACTIVATE ? read(tz, zData) : Dense();
        auto *open = static_cast<unsigned char *>(reserve);
        for (size_t i = 0; operations != PLAIN && i < out.size(); i++) {
            if (!added.empty()) out[i] += added[i];
            open[i] = out[i] > 0;
            if (!open[i]) out[i] = 0;
        }
        write(ty, yData, out, alpha, beta);
    });
}

CUDASIM_API int cudnnBatchNormalizationBackwardEx(void *handle, int mode, int operations, const void *alphaPointer,
        const void *betaPointer, const void *alphaParameters, const void *betaParameters, Tensor *x, const void *xData,
        Tensor *, const void *, Tensor *dy, const void *dyData, Tensor *dz, void *dzData, Tensor *dx, void *dxData,
        Tensor *parameters, const void *scale, const void *, void *dScale, void *dBias, double epsilon, const void *savedMean,
        const void *savedInverse, Activation *activation, void *workspace, size_t workspaceBytes, void *reserve,
        size_t reserveBytes) {
    CUDNN_CALL(handle);
    CUDNN_NEED(TENSOR, x);
    CUDNN_NEED(TENSOR, dy);
    CUDNN_NEED(TENSOR, dx);
    CUDNN_NEED(TENSOR, parameters);
    SUPPORTED(mode, operations, x, activation);
    CUDNN_FACTORS(*x, alphaPointer, betaPointer);
    float alpha2, beta2;
    if (!factor(alphaParameters, *x, &alpha2, __func__, "alphaParamDiff")
            || !factor(betaParameters, *x, &beta2, __func__, "betaParamDiff")) {
        return BAD_PARAM;
    }
    if (!x->sameSizes(*dy) || !x->sameSizes(*dx) || !matches(*parameters, *x, mode)) return BAD_PARAM;
    Backward b{*parameters, scale, dScale, dBias, epsilon, savedMean, savedInverse};
    if (int wrong = checkBackward(b, __func__)) return wrong;
    if (!workspaceFits(workspace, workspaceBytes, workspaceOf(*x), __func__)
            || !workspaceFits(reserve, reserveBytes, reserveOf(operations, *x), __func__)) {
        return BAD_PARAM;
    }
    CUDNN_COVERS(*x, xData, "x");
    CUDNN_COVERS(*dy, dyData, "dy");
    CUDNN_COVERS(*dx, dxData, "dx");
    if (operations == ADD_AND_ACTIVATE) {
        CUDNN_NEED(TENSOR, dz);
        if (!dz->sameSizes(*x)) return BAD_PARAM;
        CUDNN_COVERS(*dz, dzData, "dz");
    }
    return submit(*h, __func__, [=, tx = *x, tdy = *dy, tdx = *dx, tdz = operations == ADD_AND_ACTIVATE ? *dz : *x] {
        Dense slope = read(tdy, dyData);
        auto *open = static_cast<const unsigned char *>(reserve);
        for (size_t i = 0; operations != PLAIN && i < slope.size(); i++) {
            if (!open[i]) slope[i] = 0;
        }
        spoil(workspace, workspaceBytes);
        if (operations == ADD_AND_ACTIVATE) write(tdz, dzData, slope, 1, 0);
        NormSlopes out = slopes(tx, read(tx, xData), slope, mode, b);
        write(tdx, dxData, out.dx, alpha, beta);
        write(b.parameters, dScale, out.dScale, alpha2, beta2);
        write(b.parameters, dBias, out.dBias, alpha2, beta2);
    });
}
