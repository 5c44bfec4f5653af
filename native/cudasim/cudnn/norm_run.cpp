// The functions of batch normalization.
#include <cmath>

#include "activation.h"
#include "norm.h"

using namespace cudasim;
using namespace cudasim::cudnn;

namespace {

bool known(int mode) { return mode >= PER_ACTIVATION && mode <= SPATIAL_PERSISTENT; }

std::vector<double> inverseRoots(const std::vector<double> &variance, double epsilon) {
    std::vector<double> out(variance.size());
    for (size_t i = 0; i < out.size(); i++) out[i] = 1 / std::sqrt(variance[i] + epsilon);
    return out;
}

std::vector<double> wide(const Dense &values) { return {values.begin(), values.end()}; }

// What a training pass reads and writes besides x and y; pairs are both null or both given.
struct Training {
    Tensor parameters;
    const void *scale, *bias;
    double share;  // of the new value in the running ones
    void *runningMean, *runningVariance;
    double epsilon;
    void *savedMean, *savedInverse;
};

int checkTraining(const Training &t, const char *function) {
    if ((t.runningMean == nullptr) != (t.runningVariance == nullptr)) return BAD_PARAM;
    if ((t.savedMean == nullptr) != (t.savedInverse == nullptr)) return BAD_PARAM;
    if (t.epsilon < 0 || !(t.share >= 0 && t.share <= 1)) return BAD_PARAM;
    if (t.scale == nullptr || t.bias == nullptr) return BAD_PARAM_NULL_POINTER;
    const void *all[] = {t.scale, t.bias, t.runningMean, t.runningVariance, t.savedMean, t.savedInverse};
    const char *names[] = {"scale", "bias", "the running mean", "the running variance", "the saved mean", "the saved variance"};
    for (int i = 0; i < 6; i++) {
        if (all[i] != nullptr && !covers(t.parameters, all[i], function, names[i])) return EXECUTION_FAILED;
    }
    return SUCCESS;
}

// The running values move towards the batch's: the variance unbiased, as in cuDNN and PyTorch.
void updateRunning(const Training &t, const Moments &m, double samples) {
    if (t.runningMean == nullptr) return;
    auto kept = static_cast<float>(1 - t.share);
    double unbiased = samples > 1 ? samples / (samples - 1) : 1;
    Dense mean(m.mean.size()), variance(m.mean.size());
    for (size_t i = 0; i < mean.size(); i++) {
        mean[i] = static_cast<float>(m.mean[i] * t.share);
        variance[i] = static_cast<float>(m.variance[i] * unbiased * t.share);
    }
    write(t.parameters, t.runningMean, mean, 1, kept);
    write(t.parameters, t.runningVariance, variance, 1, kept);
}

Dense trained(const Tensor &x, const Dense &input, int mode, const Training &t) {
    Statistics s = statisticsOf(x, mode);
    Moments m = moments(s, input);
    auto factor = inverseRoots(m.variance, t.epsilon);
    updateRunning(t, m, s.samples(input));
    if (t.savedMean != nullptr) {
        write(t.parameters, t.savedMean, Dense(m.mean.begin(), m.mean.end()), 1, 0);
        write(t.parameters, t.savedInverse, Dense(factor.begin(), factor.end()), 1, 0);
    }
    return normalized(s, input, m.mean, factor, read(t.parameters, t.scale), read(t.parameters, t.bias));
}

// What a backward pass reads and writes besides x, dy and dx.
struct Backward {
    Tensor parameters;
    const void *scale;
    void *dScale, *dBias;
    double epsilon;
    const void *savedMean, *savedInverse;
};

int checkBackward(const Backward &b, const char *function) {
    if ((b.savedMean == nullptr) != (b.savedInverse == nullptr)) return BAD_PARAM;
    if (b.scale == nullptr || b.dScale == nullptr || b.dBias == nullptr) return BAD_PARAM_NULL_POINTER;
    const void *all[] = {b.scale, b.dScale, b.dBias, b.savedMean, b.savedInverse};
    const char *names[] = {"scale", "dScale", "dBias", "the saved mean", "the saved variance"};
    for (int i = 0; i < 5; i++) {
        if (all[i] != nullptr && !covers(b.parameters, all[i], function, names[i])) return EXECUTION_FAILED;
    }
    return SUCCESS;
}

NormSlopes slopes(const Tensor &x, const Dense &input, const Dense &dy, int mode, const Backward &b) {
    Statistics s = statisticsOf(x, mode);
    std::vector<double> mean, factor;
    if (b.savedMean != nullptr) {
        mean = wide(read(b.parameters, b.savedMean));
        factor = wide(read(b.parameters, b.savedInverse));
    } else {
        Moments m = moments(s, input);
        mean = m.mean;
        factor = inverseRoots(m.variance, b.epsilon);
    }
    return normSlopes(s, input, dy, read(b.parameters, b.scale), mean, factor);
}

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
