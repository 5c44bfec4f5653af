#include "norm_pass.h"

#include <cmath>

namespace cudasim::cudnn {

std::vector<double> inverseRoots(const std::vector<double> &variance, double epsilon) {
    std::vector<double> out(variance.size());
    for (size_t i = 0; i < out.size(); i++) out[i] = 1 / std::sqrt(variance[i] + epsilon);
    return out;
}

std::vector<double> wide(const Dense &values) { return {values.begin(), values.end()}; }

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
static void updateRunning(const Training &t, const Moments &m, double samples) {
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

}  // namespace cudasim::cudnn
