#include "tensor.h"

namespace cudasim::cudnn {

bool scalarOf(int dataType, Scalar *scalar) {
    switch (dataType) {
        case FLOAT: *scalar = Scalar::FLOAT; return true;
        case DOUBLE: *scalar = Scalar::DOUBLE; return true;
        case HALF: *scalar = Scalar::HALF; return true;
        case BFLOAT16: *scalar = Scalar::BFLOAT16; return true;
        case INT32: *scalar = Scalar::INT32; return true;
        case INT64: *scalar = Scalar::INT64; return true;
        default: return false;
    }
}

Scalar Tensor::scalar() const {
    Scalar scalar = Scalar::FLOAT;
    scalarOf(type, &scalar);
    return scalar;
}

int64_t Tensor::elements() const {
    int64_t product = rank > 0;
    for (int i = 0; i < rank; i++) product *= sizes[i];
    return product;
}

int64_t Tensor::span() const {
    int64_t last = rank > 0;
    for (int i = 0; i < rank; i++) last += int64_t{sizes[i] - 1} * strides[i];
    return last;
}

bool Tensor::sameSizes(const Tensor &other) const {
    if (rank != other.rank) return false;
    for (int i = 0; i < rank; i++) {
        if (sizes[i] != other.sizes[i]) return false;
    }
    return true;
}

int setTensor(Tensor *tensor, int type, int rank, const int *sizes, const int *strides) {
    if (rank < 1 || rank > MOST_DIMENSIONS) return NOT_SUPPORTED;
    for (int i = 0; i < rank; i++) {
        if (sizes[i] <= 0 || strides[i] <= 0) return BAD_PARAM;
    }
    Scalar scalar;
    if (!scalarOf(type, &scalar)) return NOT_SUPPORTED;
    Tensor fresh;
    fresh.type = type;
    fresh.rank = rank;
    for (int i = 0; i < rank; i++) {
        fresh.sizes[i] = sizes[i];
        fresh.strides[i] = strides[i];
    }
    if (fresh.span() > (int64_t{1} << 31)) return NOT_SUPPORTED;  // cuDNN: 2 giga elements at most
    *tensor = fresh;
    return SUCCESS;
}

void packed(int format, int rank, const int *sizes, int *strides) {
    int step = 1;
    if (format == 1) {
        strides[1] = 1;
        step = sizes[1];
    }
    for (int i = rank - 1; i >= (format == 1 ? 2 : 1); i--) {
        strides[i] = step;
        step *= sizes[i];
    }
    strides[0] = step;
}

// Calls visit(dense index, offset in the tensor) for each element in the order of the dimensions.
template <class Visit> static void each(const Tensor &tensor, Visit visit) {
    int64_t dense = 0;
    int index[MOST_DIMENSIONS] = {};
    int last = tensor.rank - 1;
    for (bool more = true; more;) {
        int64_t offset = 0;
        for (int i = 0; i < last; i++) offset += int64_t{index[i]} * tensor.strides[i];
        for (int i = 0; i < tensor.sizes[last]; i++) visit(dense++, offset + int64_t{i} * tensor.strides[last]);
        more = false;
        for (int i = last - 1; i >= 0 && !more; i--) {
            more = ++index[i] < tensor.sizes[i];
            if (!more) index[i] = 0;
        }
    }
}

Dense read(const Tensor &tensor, const void *data) {
    Dense dense(static_cast<size_t>(tensor.elements()));
    Scalar scalar = tensor.scalar();
    float *out = dense.data();
    if (scalar == Scalar::FLOAT) {
        auto *in = static_cast<const float *>(data);
        each(tensor, [&](int64_t i, int64_t at) { out[i] = in[at]; });
    } else {
        each(tensor, [&](int64_t i, int64_t at) { out[i] = load(data, scalar, at); });
    }
    return dense;
}

void write(const Tensor &tensor, void *data, const Dense &dense, float alpha, float beta) {
    Scalar scalar = tensor.scalar();
    const float *in = dense.data();
    each(tensor, [&](int64_t i, int64_t at) {
        float before = beta == 0 ? 0 : beta * load(data, scalar, at);
        store(data, scalar, at, alpha * in[i] + before);
    });
}

bool covers(const Tensor &tensor, const void *data, const char *function, const char *argument) {
    auto size = static_cast<size_t>(bytes(tensor.scalar()));
    return inside(data, static_cast<size_t>(tensor.span()) * size, size, function, argument);
}

bool apart(const Tensor &tensor, const void *data, const Tensor &other, const void *otherData, const char *function) {
    auto first = reinterpret_cast<uintptr_t>(data), second = reinterpret_cast<uintptr_t>(otherData);
    auto end = first + static_cast<uintptr_t>(tensor.span() * bytes(tensor.scalar()));
    auto otherEnd = second + static_cast<uintptr_t>(other.span() * bytes(other.scalar()));
    if (first >= otherEnd || second >= end) return true;
    violation("%s: the result overlaps an operand", function);
    return false;
}

bool factor(const void *pointer, const Tensor &tensor, float *value, const char *function, const char *argument) {
    if (pointer == nullptr || deviceAddress(pointer)) {
        violation("%s: %s should be on the host, is %s", function, argument, describe(pointer).c_str());
        return false;
    }
    *value = tensor.type == DOUBLE ? static_cast<float>(*static_cast<const double *>(pointer))
                                   : *static_cast<const float *>(pointer);
    return true;
}

}  // namespace cudasim::cudnn
