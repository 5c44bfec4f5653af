// Descriptors of filters and convolutions, and the arithmetic on dense arrays.
#pragma once
#include "tensor.h"

namespace cudasim::cudnn {

// (K, C / groups, R, S)
struct Filter {
    int type = FLOAT;
    int format = 0;  // 0: KCRS, 1: KRSC in memory
    int k = 0, c = 0, r = 0, s = 0;

    Tensor tensor() const;
};

// cudnnMathType_t
enum { DEFAULT_MATH = 0, TENSOR_OP_MATH = 1, TENSOR_OP_MATH_ALLOW_CONVERSION = 2, FMA_MATH = 3 };

struct Convolution {
    int padH = 0, padW = 0;
    int strideH = 1, strideW = 1;
    int dilationH = 1, dilationW = 1;
    int mode = 1;  // 0: the filter is flipped, 1: cross-correlation
    int computeType = FLOAT;
    int groups = 1;
    int math = DEFAULT_MATH;
    int reorder = 0;
    bool set = false;

    int outputH(const Tensor &x, const Filter &w) const;
    int outputW(const Tensor &x, const Filter &w) const;
};

enum class Pass { FORWARD, BACKWARD_DATA, BACKWARD_FILTER };

// SUCCESS where x, w and y go together under the convolution.
int checkConvolution(const Tensor &x, const Filter &w, const Convolution &, const Tensor &y);
// The bytes that an algorithm needs, or false where it does not do this convolution.
bool algorithmWorkspace(Pass, int algorithm, const Tensor &x, const Filter &w, const Convolution &, const Tensor &y, size_t *);

// y (N, K, P, Q) of x (N, C, H, W) and w (K, C / groups, R, S)
Dense convolve(const Tensor &x, const Dense &xData, const Filter &, const Dense &w, const Convolution &, const Tensor &y);
// dx of dy and w
Dense convolveBackData(
        const Tensor &x, const Filter &, const Dense &w, const Convolution &, const Tensor &y, const Dense &dy);
// dw of x and dy
Dense convolveBackFilter(
        const Tensor &x, const Dense &xData, const Filter &, const Convolution &, const Tensor &y, const Dense &dy);

// Where the math type lets an Ampere card use TF32 for float data, operands lose their last 13 bits here too.
void roundAsMath(const Convolution &, int type, Dense &operand);

}  // namespace cudasim::cudnn
