// Tensors added, combined, scaled, set and copied between layouts.
#include <cmath>

#include "tensor.h"

using namespace cudasim;
using namespace cudasim::cudnn;

namespace {

// cudnnOpTensorOp_t
enum { ADD = 0, MULTIPLY = 1, MINIMUM = 2, MAXIMUM = 3, ROOT = 4, NOT = 5 };

struct OpTensor {
    int operation = -1;  // not set
    int computeType = FLOAT;
    bool keepsNan = false;
};

// True where each size of the small tensor is 1 or that of the large one.
bool spreads(const Tensor &small, const Tensor &large) {
    if (small.rank != large.rank) return false;
    for (int i = 0; i < small.rank; i++) {
        if (small.sizes[i] != 1 && small.sizes[i] != large.sizes[i]) return false;
    }
    return true;
}

// The small tensor repeated to the sizes of the large one.
Dense spread(const Tensor &small, const Dense &values, const Tensor &large) {
    if (small.sameSizes(large)) return values;
    Dense out(static_cast<size_t>(large.elements()));
    for (int64_t i = 0; i < large.elements(); i++) {
        int64_t rest = i, at = 0, step = 1;
        for (int d = large.rank - 1; d >= 0; d--) {
            int64_t index = rest % large.sizes[d];
            rest /= large.sizes[d];
            if (small.sizes[d] != 1) at += index * step;
            step *= small.sizes[d];
        }
        out[static_cast<size_t>(i)] = values[static_cast<size_t>(at)];
    }
    return out;
}

float combined(const OpTensor &op, float a, float b) {
    switch (op.operation) {
        case ADD: return a + b;
        case MULTIPLY: return a * b;
        case MINIMUM: return op.keepsNan && (std::isnan(a) || std::isnan(b)) ? NAN : std::fmin(a, b);
        case MAXIMUM: return op.keepsNan && (std::isnan(a) || std::isnan(b)) ? NAN : std::fmax(a, b);
        case ROOT: return std::sqrt(a);
        default: return 1 - a;
    }
}

}  // namespace

CUDNN_DESCRIPTOR(OpTensor, OpTensor, OP_TENSOR)

CUDASIM_API int cudnnSetOpTensorDescriptor(OpTensor *op, int operation, int computeType, int nan) {
    CUDASIM_CALL();
    CUDNN_NEED(OP_TENSOR, op);
    if (operation < ADD || operation > NOT || nan < 0 || nan > 1) return BAD_PARAM;
    *op = {operation, computeType, nan == 1};
    return SUCCESS;
}

CUDASIM_API int cudnnGetOpTensorDescriptor(OpTensor *op, int *operation, int *computeType, int *nan) {
    CUDASIM_CALL();
    CUDNN_NEED(OP_TENSOR, op);
    *operation = op->operation, *computeType = op->computeType, *nan = op->keepsNan;
    return SUCCESS;
}

// C = op(alpha1 · A, alpha2 · B) + beta · C; B spreads over A
CUDASIM_API int cudnnOpTensor(void *handle, OpTensor *op, const void *alphaPointer, Tensor *a, const void *aData,
        const void *alpha2Pointer, Tensor *b, const void *bData, const void *betaPointer, Tensor *c, void *cData) {
    CUDNN_CALL(handle);
    CUDNN_NEED(OP_TENSOR, op);
    CUDNN_NEED(TENSOR, a);
    CUDNN_NEED(TENSOR, c);
    CUDNN_FACTORS(*c, alphaPointer, betaPointer);
    if (op->operation < 0 || !a->sameSizes(*c)) return BAD_PARAM;
    CUDNN_COVERS(*a, aData, "A");
    CUDNN_COVERS(*c, cData, "C");
    bool two = op->operation <= MAXIMUM;
    float alpha2 = 0;
    if (two) {
        CUDNN_NEED(TENSOR, b);
        if (!factor(alpha2Pointer, *c, &alpha2, __func__, "alpha2") || !spreads(*b, *a)) return BAD_PARAM;
        CUDNN_COVERS(*b, bData, "B");
        if (bData == cData && !b->sameSizes(*c)) return BAD_PARAM;
    }
    return submit(*h, __func__, [=, o = *op, ta = *a, tb = two ? *b : *a, tc = *c] {
        Dense values = read(ta, aData);
        Dense others = two ? spread(tb, read(tb, bData), ta) : values;
        for (size_t i = 0; i < values.size(); i++) values[i] = combined(o, alpha * values[i], alpha2 * others[i]);
        write(tc, cData, values, 1, beta);
    });
}

// C = alpha · A + beta · C; A spreads over C
CUDASIM_API int cudnnAddTensor(void *handle, const void *alphaPointer, Tensor *a, const void *aData,
        const void *betaPointer, Tensor *c, void *cData) {
    CUDNN_CALL(handle);
    CUDNN_NEED(TENSOR, a);
    CUDNN_NEED(TENSOR, c);
    CUDNN_FACTORS(*c, alphaPointer, betaPointer);
    if (!spreads(*a, *c) || a->type != c->type) return BAD_PARAM;
    CUDNN_COVERS(*a, aData, "A");
    CUDNN_COVERS(*c, cData, "C");
    return submit(*h, __func__, [=, ta = *a, tc = *c] { write(tc, cData, spread(ta, read(ta, aData), tc), alpha, beta); });
}

CUDASIM_API int cudnnScaleTensor(void *handle, Tensor *y, void *yData, const void *alphaPointer) {
    CUDNN_CALL(handle);
    CUDNN_NEED(TENSOR, y);
    float alpha;
    if (!factor(alphaPointer, *y, &alpha, __func__, "alpha")) return BAD_PARAM;
    CUDNN_COVERS(*y, yData, "y");
    return submit(*h, __func__, [=, ty = *y] { write(ty, yData, read(ty, yData), alpha, 0); });
}

CUDASIM_API int cudnnSetTensor(void *handle, Tensor *y, void *yData, const void *valuePointer) {
    CUDNN_CALL(handle);
    CUDNN_NEED(TENSOR, y);
    if (valuePointer == nullptr || deviceAddress(valuePointer)) return BAD_PARAM;
    CUDNN_COVERS(*y, yData, "y");
    float value = load(valuePointer, y->scalar(), 0);
    return submit(*h, __func__, [=, ty = *y] {
        write(ty, yData, Dense(static_cast<size_t>(ty.elements()), value), 1, 0);
    });
}

// y = alpha · x + beta · y, between layouts and types
CUDASIM_API int cudnnTransformTensor(void *handle, const void *alphaPointer, Tensor *x, const void *xData,
        const void *betaPointer, Tensor *y, void *yData) {
    CUDNN_CALL(handle);
    CUDNN_NEED(TENSOR, x);
    CUDNN_NEED(TENSOR, y);
    CUDNN_FACTORS(*y, alphaPointer, betaPointer);
    if (!x->sameSizes(*y)) return BAD_PARAM;
    CUDNN_COVERS(*x, xData, "x");
    CUDNN_COVERS(*y, yData, "y");
    if (!apart(*y, yData, *x, xData, __func__)) return BAD_PARAM;
    return submit(*h, __func__, [=, tx = *x, ty = *y] { write(ty, yData, read(tx, xData), alpha, beta); });
}
