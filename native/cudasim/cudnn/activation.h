// Activations: y = f(x), and dx from dy, x and y.
#pragma once
#include "tensor.h"

namespace cudasim::cudnn {

// cudnnActivationMode_t
enum { SIGMOID = 0, RELU = 1, TANH = 2, CLIPPED_RELU = 3, ELU = 4, IDENTITY = 5, SWISH = 6 };

struct Activation {
    int mode = -1;  // not set
    bool keepsNan = false;
    double coefficient = 0;  // the ceiling of CLIPPED_RELU, alpha of ELU
    double swishBeta = 1;

    float forward(float x) const;
    float backward(float x, float y, float dy) const;
};

}  // namespace cudasim::cudnn
