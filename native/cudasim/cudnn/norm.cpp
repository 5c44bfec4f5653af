#include "norm.h"

namespace cudasim::cudnn {

Statistics statisticsOf(const Tensor &x, int mode) {
    auto points = static_cast<size_t>(x.h()) * static_cast<size_t>(x.w());
    auto channels = static_cast<size_t>(x.c());
    return mode == PER_ACTIVATION ? Statistics{channels * points, 1} : Statistics{channels, points};
}

bool matches(const Tensor &parameters, const Tensor &x, int mode) {
    if (parameters.rank != x.rank || parameters.n() != 1 || parameters.c() != x.c()) return false;
    int h = mode == PER_ACTIVATION ? x.h() : 1, w = mode == PER_ACTIVATION ? x.w() : 1;
    int type = x.type == DOUBLE ? DOUBLE : FLOAT;
    return parameters.h() == h && parameters.w() == w && parameters.type == type;
}

Moments moments(const Statistics &s, const Dense &x) {
    Moments m{std::vector<double>(s.count), std::vector<double>(s.count)};
    double samples = s.samples(x);
    for (size_t i = 0; i < x.size(); i++) m.mean[s.of(i)] += x[i];
    for (double &mean : m.mean) mean /= samples;
    for (size_t i = 0; i < x.size(); i++) {
        double centred = x[i] - m.mean[s.of(i)];
        m.variance[s.of(i)] += centred * centred;
    }
    for (double &variance : m.variance) variance /= samples;
    return m;
}

Dense normalized(const Statistics &s, const Dense &x, const std::vector<double> &mean, const std::vector<double> &factor,
        const Dense &scale, const Dense &bias) {
    Dense y(x.size());
    for (size_t i = 0; i < x.size(); i++) {
        size_t k = s.of(i);
        y[i] = static_cast<float>((x[i] - mean[k]) * factor[k] * scale[k] + bias[k]);
    }
    return y;
}

NormSlopes normSlopes(const Statistics &s, const Dense &x, const Dense &dy, const Dense &scale,
        const std::vector<double> &mean, const std::vector<double> &factor) {
    std::vector<double> sum(s.count), dot(s.count);
    for (size_t i = 0; i < x.size(); i++) {
        size_t k = s.of(i);
        sum[k] += dy[i];
        dot[k] += dy[i] * (x[i] - mean[k]) * factor[k];
    }
    NormSlopes slopes{Dense(x.size()), Dense(dot.begin(), dot.end()), Dense(sum.begin(), sum.end())};
    double samples = s.samples(x);
    for (size_t i = 0; i < x.size(); i++) {
        size_t k = s.of(i);
        double unit = (x[i] - mean[k]) * factor[k];
        slopes.dx[i] = static_cast<float>(scale[k] * factor[k] * (dy[i] - sum[k] / samples - unit * dot[k] / samples));
    }
    return slopes;
}

}  // namespace cudasim::cudnn
