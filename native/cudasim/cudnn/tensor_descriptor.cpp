// The functions of tensor descriptors.
#include "tensor.h"

using namespace cudasim;
using namespace cudasim::cudnn;

CUDNN_DESCRIPTOR(Tensor, Tensor, TENSOR)

CUDASIM_API int cudnnSetTensor4dDescriptor(Tensor *tensor, int format, int type, int n, int c, int h, int w) {
    CUDASIM_CALL();
    CUDNN_NEED(TENSOR, tensor);
    if (format != 0 && format != 1) return format == 2 ? NOT_SUPPORTED : BAD_PARAM;
    int sizes[] = {n, c, h, w}, strides[4];
    packed(format, 4, sizes, strides);
    return setTensor(tensor, type, 4, sizes, strides);
}

CUDASIM_API int cudnnSetTensor4dDescriptorEx(
        Tensor *tensor, int type, int n, int c, int h, int w, int nStride, int cStride, int hStride, int wStride) {
    CUDASIM_CALL();
    CUDNN_NEED(TENSOR, tensor);
    int sizes[] = {n, c, h, w}, strides[] = {nStride, cStride, hStride, wStride};
    return setTensor(tensor, type, 4, sizes, strides);
}

CUDASIM_API int cudnnGetTensor4dDescriptor(Tensor *tensor, int *type, int *n, int *c, int *h, int *w, int *nStride,
        int *cStride, int *hStride, int *wStride) {
    CUDASIM_CALL();
    CUDNN_NEED(TENSOR, tensor);
    if (tensor->rank != 4 && tensor->rank != 0) return BAD_PARAM;  // one that was never set is all zeros
    *type = tensor->type;
    *n = tensor->sizes[0], *c = tensor->sizes[1], *h = tensor->sizes[2], *w = tensor->sizes[3];
    *nStride = tensor->strides[0], *cStride = tensor->strides[1];
    *hStride = tensor->strides[2], *wStride = tensor->strides[3];
    return SUCCESS;
}

CUDASIM_API int cudnnSetTensorNdDescriptor(Tensor *tensor, int type, int rank, const int *sizes, const int *strides) {
    CUDASIM_CALL();
    CUDNN_NEED(TENSOR, tensor);
    if (sizes == nullptr || strides == nullptr) return BAD_PARAM_NULL_POINTER;
    return setTensor(tensor, type, rank, sizes, strides);
}

CUDASIM_API int cudnnSetTensorNdDescriptorEx(Tensor *tensor, int format, int type, int rank, const int *sizes) {
    CUDASIM_CALL();
    CUDNN_NEED(TENSOR, tensor);
    if ((format != 0 && format != 1) || rank < 3 || rank > MOST_DIMENSIONS) return NOT_SUPPORTED;
    int strides[MOST_DIMENSIONS];
    packed(format, rank, sizes, strides);
    return setTensor(tensor, type, rank, sizes, strides);
}

CUDASIM_API int cudnnGetTensorNdDescriptor(Tensor *tensor, int wanted, int *type, int *rank, int *sizes, int *strides) {
    CUDASIM_CALL();
    CUDNN_NEED(TENSOR, tensor);
    *type = tensor->type;
    *rank = tensor->rank;
    for (int i = 0; i < wanted && i < tensor->rank; i++) {
        sizes[i] = tensor->sizes[i];
        strides[i] = tensor->strides[i];
    }
    return SUCCESS;
}

CUDASIM_API int cudnnGetTensorSizeInBytes(Tensor *tensor, size_t *size) {
    CUDASIM_CALL();
    CUDNN_NEED(TENSOR, tensor);
    *size = static_cast<size_t>(tensor->span() * bytes(tensor->scalar()));
    return SUCCESS;
}
