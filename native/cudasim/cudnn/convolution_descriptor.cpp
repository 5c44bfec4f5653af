// The functions of filter and convolution descriptors, and output dimensions.
#include "convolution.h"

using namespace cudasim;
using namespace cudasim::cudnn;

CUDNN_DESCRIPTOR(Filter, Filter, FILTER)
CUDNN_DESCRIPTOR(Convolution, Convolution, CONVOLUTION)

CUDASIM_API int cudnnSetFilter4dDescriptor(Filter *filter, int type, int format, int k, int c, int r, int s) {
    CUDASIM_CALL();
    CUDNN_NEED(FILTER, filter);
    Scalar scalar;
    if (k <= 0 || c <= 0 || r <= 0 || s <= 0 || format < 0 || format > 2) return BAD_PARAM;
    if (!scalarOf(type, &scalar) || format == 2) return NOT_SUPPORTED;
    *filter = {type, format, k, c, r, s};
    return SUCCESS;
}

CUDASIM_API int cudnnGetFilter4dDescriptor(Filter *filter, int *type, int *format, int *k, int *c, int *r, int *s) {
    CUDASIM_CALL();
    CUDNN_NEED(FILTER, filter);
    *type = filter->type, *format = filter->format;
    *k = filter->k, *c = filter->c, *r = filter->r, *s = filter->s;
    return SUCCESS;
}

CUDASIM_API int cudnnSetFilterNdDescriptor(Filter *filter, int type, int format, int rank, const int *sizes) {
    if (rank != 4) return NOT_SUPPORTED;
    return cudnnSetFilter4dDescriptor(filter, type, format, sizes[0], sizes[1], sizes[2], sizes[3]);
}

CUDASIM_API int cudnnGetFilterNdDescriptor(Filter *filter, int wanted, int *type, int *format, int *rank, int *sizes) {
    CUDASIM_CALL();
    CUDNN_NEED(FILTER, filter);
    *type = filter->type, *format = filter->format, *rank = 4;
    int all[] = {filter->k, filter->c, filter->r, filter->s};
    for (int i = 0; i < wanted && i < 4; i++) sizes[i] = all[i];
    return SUCCESS;
}

CUDASIM_API int cudnnGetFilterSizeInBytes(Filter *filter, size_t *size) {
    CUDASIM_CALL();
    CUDNN_NEED(FILTER, filter);
    Tensor tensor = filter->tensor();
    *size = static_cast<size_t>(tensor.elements() * bytes(tensor.scalar()));
    return SUCCESS;
}

CUDASIM_API int cudnnSetConvolution2dDescriptor(Convolution *conv, int padH, int padW, int strideH, int strideW,
        int dilationH, int dilationW, int mode, int computeType) {
    CUDASIM_CALL();
    CUDNN_NEED(CONVOLUTION, conv);
    if (padH < 0 || padW < 0 || strideH <= 0 || strideW <= 0 || dilationH <= 0 || dilationW <= 0 || mode < 0 || mode > 1) {
        return BAD_PARAM;
    }
    Convolution fresh;
    fresh.padH = padH, fresh.padW = padW;
    fresh.strideH = strideH, fresh.strideW = strideW;
    fresh.dilationH = dilationH, fresh.dilationW = dilationW;
    fresh.mode = mode;
    fresh.computeType = computeType;
    fresh.groups = conv->groups;  // set apart, and kept
    fresh.math = conv->math;
    fresh.set = true;
    *conv = fresh;
    return SUCCESS;
}

CUDASIM_API int cudnnGetConvolution2dDescriptor(Convolution *conv, int *padH, int *padW, int *strideH, int *strideW,
        int *dilationH, int *dilationW, int *mode, int *computeType) {
    CUDASIM_CALL();
    CUDNN_NEED(CONVOLUTION, conv);
    *padH = conv->padH, *padW = conv->padW;
    *strideH = conv->strideH, *strideW = conv->strideW;
    *dilationH = conv->dilationH, *dilationW = conv->dilationW;
    *mode = conv->mode, *computeType = conv->computeType;
    return SUCCESS;
}

CUDASIM_API int cudnnSetConvolutionNdDescriptor(
        Convolution *conv, int rank, const int *pad, const int *stride, const int *dilation, int mode, int computeType) {
    if (rank != 2) return NOT_SUPPORTED;
    return cudnnSetConvolution2dDescriptor(
            conv, pad[0], pad[1], stride[0], stride[1], dilation[0], dilation[1], mode, computeType);
}

CUDASIM_API int cudnnSetConvolutionGroupCount(Convolution *conv, int groups) {
    CUDASIM_CALL();
    CUDNN_NEED(CONVOLUTION, conv);
    if (groups < 1) return BAD_PARAM;
    conv->groups = groups;
    return SUCCESS;
}

CUDASIM_API int cudnnGetConvolutionGroupCount(Convolution *conv, int *groups) {
    CUDASIM_CALL();
    CUDNN_NEED(CONVOLUTION, conv);
    *groups = conv->groups;
    return SUCCESS;
}

CUDASIM_API int cudnnSetConvolutionMathType(Convolution *conv, int math) {
    CUDASIM_CALL();
    CUDNN_NEED(CONVOLUTION, conv);
    if (math < DEFAULT_MATH || math > FMA_MATH) return BAD_PARAM;
    conv->math = math;
    return SUCCESS;
}

CUDASIM_API int cudnnGetConvolutionMathType(Convolution *conv, int *math) {
    CUDASIM_CALL();
    CUDNN_NEED(CONVOLUTION, conv);
    *math = conv->math;
    return SUCCESS;
}

CUDASIM_API int cudnnSetConvolutionReorderType(Convolution *conv, int reorder) {
    CUDASIM_CALL();
    CUDNN_NEED(CONVOLUTION, conv);
    conv->reorder = reorder;
    return SUCCESS;
}

CUDASIM_API int cudnnGetConvolutionReorderType(Convolution *conv, int *reorder) {
    CUDASIM_CALL();
    CUDNN_NEED(CONVOLUTION, conv);
    *reorder = conv->reorder;
    return SUCCESS;
}

// SUCCESS and the sizes of y, or why there are none.
static int outputSizes(const Convolution &conv, const Tensor &x, const Filter &w, int *sizes) {
    if (x.rank != 4 || w.k == 0 || !conv.set) return BAD_PARAM;
    if (x.c() != w.c * conv.groups) return BAD_PARAM;  // that groups divide K is checked where it runs, as in cuDNN
    sizes[0] = x.n();
    sizes[1] = w.k;
    sizes[2] = conv.outputH(x, w);
    sizes[3] = conv.outputW(x, w);
    bool fits = x.h() + 2 * conv.padH >= (w.r - 1) * conv.dilationH + 1 && x.w() + 2 * conv.padW >= (w.s - 1) * conv.dilationW + 1;
    return fits ? SUCCESS : BAD_PARAM;
}

CUDASIM_API int cudnnGetConvolution2dForwardOutputDim(
        Convolution *conv, Tensor *x, Filter *w, int *n, int *c, int *h, int *v) {
    CUDASIM_CALL();
    CUDNN_NEED(CONVOLUTION, conv);
    CUDNN_NEED(TENSOR, x);
    CUDNN_NEED(FILTER, w);
    int sizes[4];
    int status = outputSizes(*conv, *x, *w, sizes);
    if (status == SUCCESS) *n = sizes[0], *c = sizes[1], *h = sizes[2], *v = sizes[3];
    return status;
}

CUDASIM_API int cudnnGetConvolutionNdForwardOutputDim(Convolution *conv, Tensor *x, Filter *w, int rank, int *out) {
    CUDASIM_CALL();
    CUDNN_NEED(CONVOLUTION, conv);
    CUDNN_NEED(TENSOR, x);
    CUDNN_NEED(FILTER, w);
    if (rank != 4) return BAD_PARAM;
    int sizes[4];
    int status = outputSizes(*conv, *x, *w, sizes);
    for (int i = 0; i < 4 && status == SUCCESS; i++) out[i] = sizes[i];
    return status;
}

int cudasim::cudnn::checkConvolution(const Tensor &x, const Filter &w, const Convolution &conv, const Tensor &y) {
    int sizes[4];
    int status = outputSizes(conv, x, w, sizes);
    if (status != SUCCESS) return status;
    if (w.k % conv.groups != 0 || y.rank != 4 || x.type != w.type || x.type != y.type) return BAD_PARAM;
    for (int i = 0; i < 4; i++) {
        if (y.sizes[i] != sizes[i]) return BAD_PARAM;
    }
    bool types = (x.type == FLOAT && conv.computeType == FLOAT) || (x.type == DOUBLE && conv.computeType == DOUBLE)
            || (x.type == HALF && (conv.computeType == FLOAT || conv.computeType == HALF))
            || (x.type == BFLOAT16 && conv.computeType == FLOAT);
    return types ? SUCCESS : NOT_SUPPORTED;
}
