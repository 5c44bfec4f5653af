#include "activation.h"

#include <cmath>

using namespace cudasim;
using namespace cudasim::cudnn;

static float sigmoid(float x) { return 1.0f / (1.0f + std::exp(-x)); }

float Activation::forward(float x) const {
    auto a = static_cast<float>(coefficient);
    if (x != x && (mode == RELU || mode == CLIPPED_RELU)) return keepsNan ? x : 0;
    switch (mode) {
        case SIGMOID: return sigmoid(x);
        case RELU: return x > 0 ? x : 0;
        case TANH: return std::tanh(x);
        case CLIPPED_RELU: return x > 0 ? (x < a ? x : a) : 0;
        case ELU: return x > 0 ? x : a * std::expm1(x);
        case SWISH: return x * sigmoid(static_cast<float>(swishBeta) * x);
        default: return x;
    }
}

float Activation::backward(float x, float y, float dy) const {
    auto a = static_cast<float>(coefficient);
    auto b = static_cast<float>(swishBeta);
    switch (mode) {
        case SIGMOID: return dy * y * (1 - y);
        case RELU: return y > 0 ? dy : 0;
        case TANH: return dy * (1 - y * y);
        case CLIPPED_RELU: return x > 0 && x < a ? dy : 0;
        case ELU: return x > 0 ? dy : dy * (y + a);
        case SWISH: return dy * (b * y + sigmoid(b * x) * (1 - b * y));
        default: return dy;
    }
}

CUDNN_DESCRIPTOR(Activation, Activation, ACTIVATION)

CUDASIM_API int cudnnSetActivationDescriptor(Activation *activation, int mode, int nan, double coefficient) {
    CUDASIM_CALL();
    CUDNN_NEED(ACTIVATION, activation);
    if (mode < SIGMOID || mode > SWISH || nan < 0 || nan > 1) return BAD_PARAM;
    *activation = {mode, nan == 1, coefficient, 1};
    return SUCCESS;
}

CUDASIM_API int cudnnGetActivationDescriptor(Activation *activation, int *mode, int *nan, double *coefficient) {
    CUDASIM_CALL();
    CUDNN_NEED(ACTIVATION, activation);
    *mode = activation->mode, *nan = activation->keepsNan, *coefficient = activation->coefficient;
    return SUCCESS;
}

CUDASIM_API int cudnnSetActivationDescriptorSwishBeta(Activation *activation, double beta) {
    CUDASIM_CALL();
    CUDNN_NEED(ACTIVATION, activation);
    activation->swishBeta = beta;
    return SUCCESS;
}

CUDASIM_API int cudnnGetActivationDescriptorSwishBeta(Activation *activation, double *beta) {
    CUDASIM_CALL();
    CUDNN_NEED(ACTIVATION, activation);
    *beta = activation->swishBeta;
    return SUCCESS;
}

CUDASIM_API int cudnnActivationForward(void *handle, Activation *activation, const void *alphaPointer, Tensor *x,
        const void *xData, const void *betaPointer, Tensor *y, void *yData) {
    CUDNN_CALL(handle);
    CUDNN_NEED(ACTIVATION, activation);
    CUDNN_NEED(TENSOR, x);
    CUDNN_NEED(TENSOR, y);
    CUDNN_FACTORS(*x, alphaPointer, betaPointer);
    if (activation->mode < 0 || activation->mode == IDENTITY || !x->sameSizes(*y) || x->type != y->type) return BAD_PARAM;
    CUDNN_COVERS(*x, xData, "x");
    CUDNN_COVERS(*y, yData, "y");
    return submit(*h, __func__, [=, a = *activation, in = *x, out = *y] {
        Dense values = read(in, xData);
        for (float &value : values) value = a.forward(value);
        write(out, yData, values, alpha, beta);
    });
}

CUDASIM_API int cudnnActivationBackward(void *handle, Activation *activation, const void *alphaPointer, Tensor *y,
        const void *yData, Tensor *dy, const void *dyData, Tensor *x, const void *xData, const void *betaPointer, Tensor *dx,
        void *dxData) {
    CUDNN_CALL(handle);
    CUDNN_NEED(ACTIVATION, activation);
    CUDNN_NEED(TENSOR, y);
    CUDNN_NEED(TENSOR, dy);
    CUDNN_NEED(TENSOR, x);
    CUDNN_NEED(TENSOR, dx);
    CUDNN_FACTORS(*y, alphaPointer, betaPointer);
    if (activation->mode < 0 || activation->mode == IDENTITY) return BAD_PARAM;
    if (!y->sameSizes(*dy) || !y->sameSizes(*x) || !y->sameSizes(*dx) || x->type != dx->type) return BAD_PARAM;
    CUDNN_COVERS(*y, yData, "y");
    CUDNN_COVERS(*dy, dyData, "dy");
    CUDNN_COVERS(*x, xData, "x");
    CUDNN_COVERS(*dx, dxData, "dx");
    return submit(*h, __func__, [=, a = *activation, ty = *y, tdy = *dy, tx = *x, tdx = *dx] {
        Dense output = read(ty, yData), slope = read(tdy, dyData), input = read(tx, xData);
        for (size_t i = 0; i < slope.size(); i++) slope[i] = a.backward(input[i], output[i], slope[i]);
        write(tdx, dxData, slope, alpha, beta);
    });
}
