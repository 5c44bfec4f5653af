// Pooling: descriptor, forward, backward.
#include <cmath>
#include <limits>

#include "tensor.h"

using namespace cudasim;
using namespace cudasim::cudnn;

namespace {

// cudnnPoolingMode_t
enum { MAX = 0, AVERAGE_WITH_PADDING = 1, AVERAGE_WITHOUT_PADDING = 2, MAX_DETERMINISTIC = 3 };

struct Pooling {
    int mode = -1;  // not set
    bool keepsNan = false;
    int windowH = 0, windowW = 0;
    int padH = 0, padW = 0;
    int strideH = 1, strideW = 1;

    bool takesMaximum() const { return mode == MAX || mode == MAX_DETERMINISTIC; }
    int outputH(const Tensor &x) const { return 1 + (x.h() + 2 * padH - windowH) / strideH; }
    int outputW(const Tensor &x) const { return 1 + (x.w() + 2 * padW - windowW) / strideW; }
};

// The part of a window that lies in the image.
struct Window {
    int top, bottom, left, right;

    Window(const Pooling &p, const Tensor &x, int row, int column) {
        int h = row * p.strideH - p.padH, w = column * p.strideW - p.padW;
        top = std::max(h, 0), bottom = std::min(h + p.windowH, x.h());
        left = std::max(w, 0), right = std::min(w + p.windowW, x.w());
    }
    int size() const { return std::max(bottom - top, 0) * std::max(right - left, 0); }
};

float divisor(const Pooling &p, const Window &window) {
    return static_cast<float>(p.mode == AVERAGE_WITH_PADDING ? p.windowH * p.windowW : window.size());
}

// Index of the first largest value; a NaN is the largest where it is to be kept.
int64_t largest(const Pooling &p, const float *image, int width, const Window &window) {
    int64_t best = -1;
    for (int h = window.top; h < window.bottom; h++) {
        for (int w = window.left; w < window.right; w++) {
            int64_t at = int64_t{h} * width + w;
            bool better = best < 0 || image[at] > image[best] || (p.keepsNan && std::isnan(image[at]) && !std::isnan(image[best]));
            if (better) best = at;
        }
    }
    return best;
}

// Calls visit(image offset in x, index in y, window).
template <class Visit> void eachWindow(const Pooling &p, const Tensor &x, const Tensor &y, Visit visit) {
    int64_t out = 0;
    for (int64_t image = 0; image < int64_t{x.n()} * x.c(); image++) {
        for (int row = 0; row < y.h(); row++) {
            for (int column = 0; column < y.w(); column++) {
                visit(image * x.h() * x.w(), static_cast<size_t>(out++), Window(p, x, row, column));
            }
        }
    }
}

Dense pooled(const Pooling &p, const Tensor &x, const Dense &input, const Tensor &y) {
    Dense out(static_cast<size_t>(y.elements()));
    eachWindow(p, x, y, [&](int64_t offset, size_t to, const Window &window) {
        const float *image = input.data() + offset;
        if (p.takesMaximum()) {
            int64_t best = largest(p, image, x.w(), window);
            out[to] = best < 0 ? -std::numeric_limits<float>::max() : image[best];
            return;
        }
        double sum = 0;
        for (int h = window.top; h < window.bottom; h++) {
            for (int w = window.left; w < window.right; w++) sum += image[int64_t{h} * x.w() + w];
        }
        out[to] = static_cast<float>(sum) / divisor(p, window);
    });
    return out;
}

Dense pooledBack(const Pooling &p, const Tensor &x, const Dense &input, const Tensor &y, const Dense &slope) {
    Dense dx(static_cast<size_t>(x.elements()));
    eachWindow(p, x, y, [&](int64_t offset, size_t from, const Window &window) {
        float *image = dx.data() + offset;
        if (p.takesMaximum()) {
            int64_t best = largest(p, input.data() + offset, x.w(), window);
            if (best >= 0) image[best] += slope[from];
            return;
        }
        float share = slope[from] / divisor(p, window);
        for (int h = window.top; h < window.bottom; h++) {
            for (int w = window.left; w < window.right; w++) image[int64_t{h} * x.w() + w] += share;
        }
    });
    return dx;
}

bool goTogether(const Pooling &p, const Tensor &x, const Tensor &y) {
    bool fits = x.h() + 2 * p.padH >= p.windowH && x.w() + 2 * p.padW >= p.windowW;
    return fits && p.mode >= 0 && x.rank == 4 && y.rank == 4 && x.n() == y.n() && x.c() == y.c() && y.h() == p.outputH(x)
            && y.w() == p.outputW(x) && x.type == y.type;
}

}  // namespace

CUDNN_DESCRIPTOR(Pooling, Pooling, POOLING)

CUDASIM_API int cudnnSetPooling2dDescriptor(
        Pooling *pooling, int mode, int nan, int windowH, int windowW, int padH, int padW, int strideH, int strideW) {
    CUDASIM_CALL();
    CUDNN_NEED(POOLING, pooling);
    if (mode < MAX || mode > MAX_DETERMINISTIC || nan < 0 || nan > 1) return BAD_PARAM;
    if (windowH <= 0 || windowW <= 0 || strideH <= 0 || strideW <= 0 || padH < 0 || padW < 0) return BAD_PARAM;
    *pooling = {mode, nan == 1, windowH, windowW, padH, padW, strideH, strideW};
    return SUCCESS;
}

CUDASIM_API int cudnnSetPoolingNdDescriptor(
        Pooling *pooling, int mode, int nan, int rank, const int *window, const int *pad, const int *stride) {
    if (rank != 2) return NOT_SUPPORTED;
    return cudnnSetPooling2dDescriptor(pooling, mode, nan, window[0], window[1], pad[0], pad[1], stride[0], stride[1]);
}

CUDASIM_API int cudnnGetPooling2dDescriptor(Pooling *pooling, int *mode, int *nan, int *windowH, int *windowW, int *padH,
        int *padW, int *strideH, int *strideW) {
    CUDASIM_CALL();
    CUDNN_NEED(POOLING, pooling);
    *mode = pooling->mode, *nan = pooling->keepsNan;
    *windowH = pooling->windowH, *windowW = pooling->windowW;
    *padH = pooling->padH, *padW = pooling->padW;
    *strideH = pooling->strideH, *strideW = pooling->strideW;
    return SUCCESS;
}

CUDASIM_API int cudnnGetPooling2dForwardOutputDim(Pooling *pooling, Tensor *x, int *n, int *c, int *outH, int *outW) {
    CUDASIM_CALL();
    CUDNN_NEED(POOLING, pooling);
    CUDNN_NEED(TENSOR, x);
    if (pooling->mode < 0 || x->rank != 4) return BAD_PARAM;
    *n = x->n(), *c = x->c(), *outH = pooling->outputH(*x), *outW = pooling->outputW(*x);
    bool fits = x->h() + 2 * pooling->padH >= pooling->windowH && x->w() + 2 * pooling->padW >= pooling->windowW;
    return fits ? SUCCESS : BAD_PARAM;
}

CUDASIM_API int cudnnPoolingForward(void *handle, Pooling *pooling, const void *alphaPointer, Tensor *x, const void *xData,
        const void *betaPointer, Tensor *y, void *yData) {
    CUDNN_CALL(handle);
    CUDNN_NEED(POOLING, pooling);
    CUDNN_NEED(TENSOR, x);
    CUDNN_NEED(TENSOR, y);
    CUDNN_FACTORS(*x, alphaPointer, betaPointer);
    if (!goTogether(*pooling, *x, *y)) return BAD_PARAM;
    CUDNN_COVERS(*x, xData, "x");
    CUDNN_COVERS(*y, yData, "y");
    return submit(*h, __func__, [=, p = *pooling, tx = *x, ty = *y] {
        write(ty, yData, pooled(p, tx, read(tx, xData), ty), alpha, beta);
    });
}

CUDASIM_API int cudnnPoolingBackward(void *handle, Pooling *pooling, const void *alphaPointer, Tensor *y, const void *yData,
        Tensor *dy, const void *dyData, Tensor *x, const void *xData, const void *betaPointer, Tensor *dx, void *dxData) {
    CUDNN_CALL(handle);
    CUDNN_NEED(POOLING, pooling);
    CUDNN_NEED(TENSOR, y);
    CUDNN_NEED(TENSOR, dy);
    CUDNN_NEED(TENSOR, x);
    CUDNN_NEED(TENSOR, dx);
    CUDNN_FACTORS(*x, alphaPointer, betaPointer);
    if (!goTogether(*pooling, *x, *y) || !y->sameSizes(*dy) || !x->sameSizes(*dx) || x->type != dx->type) return BAD_PARAM;
    CUDNN_COVERS(*y, yData, "y");
    CUDNN_COVERS(*dy, dyData, "dy");
    CUDNN_COVERS(*x, xData, "x");
    CUDNN_COVERS(*dx, dxData, "dx");
    return submit(*h, __func__, [=, p = *pooling, tx = *x, tdy = *dy, tdx = *dx] {
        write(tdx, dxData, pooledBack(p, tx, read(tx, xData), tdy, read(tdy, dyData)), alpha, beta);
    });
}
