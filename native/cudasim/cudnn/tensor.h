// A tensor descriptor, and tensors read into and written from dense float arrays: every operation is then plain loops
// over (N, C, H, W), whatever the layout and type in device memory.
#pragma once
#include <cstdint>
#include <vector>

#include "../dense/scalar.h"
#include "handle.h"

namespace cudasim::cudnn {

constexpr int MOST_DIMENSIONS = 8;

// cudnnDataType_t
enum { FLOAT = 0, DOUBLE = 1, HALF = 2, INT8 = 3, INT32 = 4, BFLOAT16 = 9, INT64 = 10 };

// False for the types that are not simulated (INT8 and the like).
bool scalarOf(int dataType, Scalar *scalar);

struct Tensor {
    int type = FLOAT;
    int rank = 0;  // 0: not set
    int sizes[MOST_DIMENSIONS] = {};
    int strides[MOST_DIMENSIONS] = {};

    Scalar scalar() const;
    int64_t elements() const;
    int64_t span() const;  // in elements, from the first to past the last
    bool sameSizes(const Tensor &) const;
    // One of four dimensions, 1 for those that a smaller rank lacks.
    int n() const { return sizes[0]; }
    int c() const { return sizes[1]; }
    int h() const { return rank > 2 ? sizes[2] : 1; }
    int w() const { return rank > 3 ? sizes[3] : 1; }
    bool channelsLast() const { return rank == 4 && strides[1] == 1 && c() > 1; }
};

int setTensor(Tensor *, int type, int rank, const int *sizes, const int *strides);
// Strides of the packed layout (format 0: NCHW, 1: NHWC).
void packed(int format, int rank, const int *sizes, int *strides);

using Dense = std::vector<float>;

Dense read(const Tensor &, const void *data);
// data = alpha · dense + beta · data; with beta 0 data is only written.
void write(const Tensor &, void *data, const Dense &dense, float alpha, float beta);

// True where the whole tensor lies in device memory.
bool covers(const Tensor &, const void *data, const char *function, const char *argument);
// False, and a violation, where the written range overlaps the read one without being the same.
bool apart(const Tensor &, const void *data, const Tensor &, const void *other, const char *function);

// alpha and beta: on the host, float, but double for a double tensor. False where null or on the device.
bool factor(const void *pointer, const Tensor &, float *value, const char *function, const char *argument);

}  // namespace cudasim::cudnn

// Reads alpha and beta into floats of these names.
#define CUDNN_FACTORS(tensor, alphaPointer, betaPointer)                                         \
    float alpha, beta;                                                                           \
    if (!cudasim::cudnn::factor(alphaPointer, tensor, &alpha, __func__, "alpha")                 \
            || !cudasim::cudnn::factor(betaPointer, tensor, &beta, __func__, "beta")) {          \
        return cudasim::cudnn::BAD_PARAM;                                                        \
    }

#define CUDNN_COVERS(tensor, data, argument)                                                     \
    if (data == nullptr) return cudasim::cudnn::BAD_PARAM_NULL_POINTER;                           \
    if (!cudasim::cudnn::covers(tensor, data, __func__, argument)) return cudasim::cudnn::EXECUTION_FAILED
