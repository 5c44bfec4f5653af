// What a pass of batch normalization reads and writes besides x and y, and the passes themselves.
#pragma once
#include "norm.h"

namespace cudasim::cudnn {

std::vector<double> inverseRoots(const std::vector<double> &variance, double epsilon);
std::vector<double> wide(const Dense &);

// Running and saved values are each both null or both given.
struct Training {
    Tensor parameters;
    const void *scale, *bias;
    double share;  // of the new value in the running ones
    void *runningMean, *runningVariance;
    double epsilon;
    void *savedMean, *savedInverse;
};

int checkTraining(const Training &, const char *function);
Dense trained(const Tensor &x, const Dense &input, int mode, const Training &);

struct Backward {
    Tensor parameters;
    const void *scale;
    void *dScale, *dBias;
    double epsilon;
    const void *savedMean, *savedInverse;
};

int checkBackward(const Backward &, const char *function);
NormSlopes slopes(const Tensor &x, const Dense &input, const Dense &dy, int mode, const Backward &);

}  // namespace cudasim::cudnn
