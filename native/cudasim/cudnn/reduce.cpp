// Reductions of a tensor over the dimensions that are 1 in the result.
#include <cmath>

#include "tensor.h"

using namespace cudasim;
using namespace cudasim::cudnn;

namespace {

// cudnnReduceTensorOp_t
enum { ADD = 0, MULTIPLY = 1, MINIMUM = 2, MAXIMUM = 3, LARGEST_MAGNITUDE = 4, AVERAGE = 5, NORM1 = 6, NORM2 = 7,
    MULTIPLY_NOT_ZERO = 8 };

struct ReduceTensor {
    int operation = -1;  // not set
    int computeType = FLOAT;
    bool keepsNan = false;
    int indices = 0;  // 1: the places of minima and maxima are asked for
    int indicesType = 0;
};

double start(int operation) {
    switch (operation) {
        case MULTIPLY:
        case MULTIPLY_NOT_ZERO: return 1;
        case MINIMUM: return INFINITY;
        case MAXIMUM: return -INFINITY;
        default: return 0;
    }
}

double joined(const ReduceTensor &r, double sum, double x) {
    switch (r.operation) {
        case ADD:
        case AVERAGE: return sum + x;
        case MULTIPLY: return sum * x;
        case MULTIPLY_NOT_ZERO: return x == 0 ? sum : sum * x;
        case MINIMUM: return r.keepsNan && std::isnan(x) ? x : std::fmin(sum, x);
        case MAXIMUM: return r.keepsNan && std::isnan(x) ? x : std::fmax(sum, x);
        case LARGEST_MAGNITUDE: return std::fmax(sum, std::fabs(x));
        case NORM1: return sum + std::fabs(x);
        default: return sum + x * x;
    }
}

Dense reduced(const ReduceTensor &r, const Tensor &a, const Dense &values, const Tensor &c) {
    std::vector<double> sums(static_cast<size_t>(c.elements()), start(r.operation));
    for (int64_t i = 0; i < a.elements(); i++) {
        int64_t rest = i, at = 0, step = 1;
        for (int d = a.rank - 1; d >= 0; d--) {
            int64_t index = rest % a.sizes[d];
            rest /= a.sizes[d];
            if (c.sizes[d] != 1) at += index * step;
            step *= c.sizes[d];
        }
        double &sum = sums[static_cast<size_t>(at)];
        sum = joined(r, sum, values[static_cast<size_t>(i)]);
    }
    double each = static_cast<double>(a.elements()) / static_cast<double>(c.elements());
    for (double &sum : sums) {
        if (r.operation == AVERAGE) sum /= each;
        if (r.operation == NORM2) sum = std::sqrt(sum);
    }
    return {sums.begin(), sums.end()};
}

bool reduces(const Tensor &a, const Tensor &c) {
    if (a.rank != c.rank) return false;
    for (int i = 0; i < a.rank; i++) {
        if (c.sizes[i] != 1 && c.sizes[i] != a.sizes[i]) return false;
    }
    return true;
}

// Room for one partial sum of each element for each of 8 blocks: some workspace is always asked for.
size_t workspaceOf(const Tensor &c) { return static_cast<size_t>(c.elements()) * 8 * sizeof(float); }

}  // namespace

CUDNN_DESCRIPTOR(ReduceTensor, ReduceTensor, REDUCE_TENSOR)

CUDASIM_API int cudnnSetReduceTensorDescriptor(
        ReduceTensor *reduce, int operation, int computeType, int nan, int indices, int indicesType) {
    CUDASIM_CALL();
    CUDNN_NEED(REDUCE_TENSOR, reduce);
    if (operation < ADD || operation > MULTIPLY_NOT_ZERO || nan < 0 || nan > 1 || indices < 0 || indices > 1) return BAD_PARAM;
    *reduce = {operation, computeType, nan == 1, indices, indicesType};
    return SUCCESS;
}

CUDASIM_API int cudnnGetReductionWorkspaceSize(void *handle, ReduceTensor *reduce, Tensor *a, Tensor *c, size_t *size) {
    CUDNN_CALL(handle);
    CUDNN_NEED(REDUCE_TENSOR, reduce);
    CUDNN_NEED(TENSOR, a);
    CUDNN_NEED(TENSOR, c);
    if (!reduces(*a, *c)) return BAD_PARAM;
    *size = workspaceOf(*c);
    return SUCCESS;
}

CUDASIM_API int cudnnGetReductionIndicesSize(void *handle, ReduceTensor *reduce, Tensor *a, Tensor *c, size_t *size) {
    CUDNN_CALL(handle);
    CUDNN_NEED(REDUCE_TENSOR, reduce);
    CUDNN_NEED(TENSOR, a);
    CUDNN_NEED(TENSOR, c);
    *size = 0;
    return reduce->indices == 0 ? SUCCESS : unsupported("cudnnReduceTensor with indices", NOT_SUPPORTED);
}

CUDASIM_API int cudnnReduceTensor(void *handle, ReduceTensor *reduce, void *, size_t, void *workspace, size_t workspaceBytes,
        const void *alphaPointer, Tensor *a, const void *aData, const void *betaPointer, Tensor *c, void *cData) {
    CUDNN_CALL(handle);
    CUDNN_NEED(REDUCE_TENSOR, reduce);
    CUDNN_NEED(TENSOR, a);
    CUDNN_NEED(TENSOR, c);
    CUDNN_FACTORS(*c, alphaPointer, betaPointer);
    if (reduce->operation < 0 || !reduces(*a, *c) || a->type != c->type) return BAD_PARAM;
    if (reduce->indices != 0) return unsupported("cudnnReduceTensor with indices", NOT_SUPPORTED);
    if (!workspaceFits(workspace, workspaceBytes, workspaceOf(*c), __func__)) return BAD_PARAM;
    CUDNN_COVERS(*a, aData, "A");
    CUDNN_COVERS(*c, cData, "C");
    return submit(*h, __func__, [=, r = *reduce, ta = *a, tc = *c] {
        Dense out = reduced(r, ta, read(ta, aData), tc);
        spoil(workspace, workspaceBytes);
        write(tc, cData, out, alpha, beta);
    });
}
