// The functions that convolve.
#include "activation.h"
#include "convolution.h"

using namespace cudasim;
using namespace cudasim::cudnn;

// Checks that the three passes share.
#define CONVOLUTION_NEEDS(pass)                                                                      \
    CUDNN_CALL(handle);                                                                              \
    CUDNN_NEED(TENSOR, x);                                                                           \
    CUDNN_NEED(FILTER, w);                                                                           \
    CUDNN_NEED(CONVOLUTION, conv);                                                                   \
    CUDNN_NEED(TENSOR, y);                                                                           \
    int checked = checkConvolution(*x, *w, *conv, *y);                                               \
    if (checked != SUCCESS) return checked;                                                          \
    size_t needed = 0;                                                                               \
    if (!algorithmWorkspace(pass, algorithm, *x, *w, *conv, *y, &needed)) return NOT_SUPPORTED;      \
    if (!workspaceFits(workspace, workspaceBytes, needed, __func__)) return BAD_PARAM;               \
    CUDNN_FACTORS(*x, alphaPointer, betaPointer);                                                    \
    Tensor wTensor = w->tensor();                                                                    \
    CUDNN_COVERS(*x, xData, "x");                                                                    \
    CUDNN_COVERS(wTensor, wData, "w");                                                               \
    CUDNN_COVERS(*y, yData, "y")

CUDASIM_API int cudnnConvolutionForward(void *handle, const void *alphaPointer, Tensor *x, const void *xData, Filter *w,
        const void *wData, Convolution *conv, int algorithm, void *workspace, size_t workspaceBytes, const void *betaPointer,
        Tensor *y, void *yData) {
    CONVOLUTION_NEEDS(Pass::FORWARD);
    if (!apart(*y, yData, *x, xData, __func__) || !apart(*y, yData, wTensor, wData, __func__)) return BAD_PARAM;
    return submit(*h, __func__, [=, tx = *x, tw = *w, c = *conv, ty = *y] {
        Dense input = read(tx, xData), filter = read(wTensor, wData);
        spoil(workspace, workspaceBytes);
        roundAsMath(c, tx.type, input);
        roundAsMath(c, tx.type, filter);
        write(ty, yData, convolve(tx, input, tw, filter, c, ty), alpha, beta);
    });
}

CUDASIM_API int cudnnConvolutionBackwardData(void *handle, const void *alphaPointer, Filter *w, const void *wData, Tensor *y,
        const void *yData, Convolution *conv, int algorithm, void *workspace, size_t workspaceBytes, const void *betaPointer,
        Tensor *x, void *xData) {
    CONVOLUTION_NEEDS(Pass::BACKWARD_DATA);
    if (!apart(*x, xData, *y, yData, __func__) || !apart(*x, xData, wTensor, wData, __func__)) return BAD_PARAM;
    return submit(*h, __func__, [=, tx = *x, tw = *w, c = *conv, ty = *y] {
        Dense slope = read(ty, yData), filter = read(wTensor, wData);
        spoil(workspace, workspaceBytes);
        roundAsMath(c, tx.type, slope);
        roundAsMath(c, tx.type, filter);
        write(tx, xData, convolveBackData(tx, tw, filter, c, ty, slope), alpha, beta);
    });
}

CUDASIM_API int cudnnConvolutionBackwardFilter(void *handle, const void *alphaPointer, Tensor *x, const void *xData,
        Tensor *y, const void *yData, Convolution *conv, int algorithm, void *workspace, size_t workspaceBytes,
        const void *betaPointer, Filter *w, void *wData) {
    CONVOLUTION_NEEDS(Pass::BACKWARD_FILTER);
    if (!apart(wTensor, wData, *x, xData, __func__) || !apart(wTensor, wData, *y, yData, __func__)) return BAD_PARAM;
    return submit(*h, __func__, [=, tx = *x, tw = *w, c = *conv, ty = *y] {
        Dense slope = read(ty, yData), input = read(tx, xData);
        spoil(workspace, workspaceBytes);
        roundAsMath(c, tx.type, slope);
        roundAsMath(c, tx.type, input);
        write(wTensor, wData, convolveBackFilter(tx, input, tw, c, ty, slope), alpha, beta);
    });
}

CUDASIM_API int cudnnConvolutionBackwardBias(void *handle, const void *alphaPointer, Tensor *dy, const void *dyData,
        const void *betaPointer, Tensor *db, void *dbData) {
    CUDNN_CALL(handle);
    CUDNN_NEED(TENSOR, dy);
    CUDNN_NEED(TENSOR, db);
    CUDNN_FACTORS(*dy, alphaPointer, betaPointer);
    if (dy->rank != 4 || db->rank != 4 || db->type != dy->type) return BAD_PARAM;
    if (db->n() != 1 || db->c() != dy->c() || db->h() != 1 || db->w() != 1) return BAD_PARAM;
    CUDNN_COVERS(*dy, dyData, "dy");
    CUDNN_COVERS(*db, dbData, "db");
    return submit(*h, __func__, [=, tdy = *dy, tdb = *db] {
        Dense slope = read(tdy, dyData);
        auto channels = static_cast<size_t>(tdy.c()), points = static_cast<size_t>(tdy.h()) * static_cast<size_t>(tdy.w());
        std::vector<double> sums(channels);
        for (size_t i = 0; i < slope.size(); i++) sums[i / points % channels] += slope[i];
        write(tdb, dbData, Dense(sums.begin(), sums.end()), alpha, beta);
    });
}

// y = activation(alpha1 · conv(x, w) + alpha2 · z + bias); z may be y
CUDASIM_API int cudnnConvolutionBiasActivationForward(void *handle, const void *alphaPointer, Tensor *x, const void *xData,
        Filter *w, const void *wData, Convolution *conv, int algorithm, void *workspace, size_t workspaceBytes,
        const void *betaPointer, Tensor *z, const void *zData, Tensor *bias, const void *biasData, Activation *activation,
        Tensor *y, void *yData) {
    CONVOLUTION_NEEDS(Pass::FORWARD);
    CUDNN_NEED(TENSOR, z);
    CUDNN_NEED(TENSOR, bias);
    CUDNN_NEED(ACTIVATION, activation);
    if (activation->mode != RELU && activation->mode != IDENTITY) return NOT_SUPPORTED;
    if (activation->mode == IDENTITY && algorithm != 1) return NOT_SUPPORTED;  // only IMPLICIT_PRECOMP_GEMM
    if (!z->sameSizes(*y) || bias->c() != y->c() || bias->elements() != y->c()) return BAD_PARAM;
    if (beta != 0) {
        CUDNN_COVERS(*z, zData, "z");
    }
    CUDNN_COVERS(*bias, biasData, "bias");
    if (!apart(*y, yData, *x, xData, __func__)) return BAD_PARAM;
    return submit(*h, __func__, [=, tx = *x, tw = *w, c = *conv, ty = *y, tz = *z, tb = *bias, a = *activation] {
        Dense input = read(tx, xData), filter = read(wTensor, wData), shift = read(tb, biasData);
        Dense added = beta == 0 ? Dense() : read(tz, zData);
        spoil(workspace, workspaceBytes);
        roundAsMath(c, tx.type, input);
        roundAsMath(c, tx.type, filter);
        Dense out = convolve(tx, input, tw, filter, c, ty);
        size_t points = static_cast<size_t>(ty.h()) * static_cast<size_t>(ty.w());
        for (size_t i = 0; i < out.size(); i++) {
            float sum = alpha * out[i] + (beta == 0 ? 0 : beta * added[i]) + shift[i / points % shift.size()];
            out[i] = a.forward(sum);
        }
        write(ty, yData, out, 1, 0);
    });
}
