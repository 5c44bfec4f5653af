// Which algorithm does which convolution, within how much workspace. The rules follow the tables of the cuDNN manual for
// the algorithms a CNN meets; workspace sizes are of the right order, not NVIDIA's.
#include <algorithm>

#include "convolution.h"

using namespace cudasim;
using namespace cudasim::cudnn;

namespace {

// cudnnConvolutionFwdAlgoPerf_t and its two siblings.
struct Performance {
    int algorithm;
    int status;
    float time;
    size_t memory;
    int determinism;
    int mathType;
    int reserved[3];
};

constexpr int COUNTS[] = {8, 6, 7};  // algorithms of forward, backward data, backward filter

// What an algorithm is, whatever its number in the pass.
enum class Method { IMPLICIT_GEMM, PRECOMPUTED_GEMM, GEMM, ATOMICS, WINOGRAD, WINOGRAD_NONFUSED, NONE };

Method methodOf(Pass pass, int algorithm) {
    constexpr Method forward[] = {Method::IMPLICIT_GEMM, Method::PRECOMPUTED_GEMM, Method::GEMM, Method::NONE, Method::NONE,
            Method::NONE, Method::WINOGRAD, Method::WINOGRAD_NONFUSED};
    constexpr Method data[] = {Method::ATOMICS, Method::PRECOMPUTED_GEMM, Method::NONE, Method::NONE, Method::WINOGRAD,
            Method::WINOGRAD_NONFUSED};
    constexpr Method filter[] = {Method::ATOMICS, Method::PRECOMPUTED_GEMM, Method::NONE, Method::ATOMICS, Method::NONE,
            Method::WINOGRAD_NONFUSED, Method::NONE};
    if (algorithm < 0 || algorithm >= COUNTS[static_cast<int>(pass)]) return Method::NONE;
    switch (pass) {
        case Pass::FORWARD: return forward[algorithm];
        case Pass::BACKWARD_DATA: return data[algorithm];
        case Pass::BACKWARD_FILTER: return filter[algorithm];
    }
    return Method::NONE;
}

bool unitSteps(const Convolution &conv) {
    return conv.strideH == 1 && conv.strideW == 1 && conv.dilationH == 1 && conv.dilationW == 1;
}

// All algorithms of the pass: those that work, then the others with their status.
int rank(Pass pass, const Tensor &x, const Filter &w, const Convolution &conv, const Tensor &y, int wanted, int *given,
        Performance *out, bool measured) {
    if (wanted < 1 || given == nullptr || out == nullptr) return BAD_PARAM;
    int status = checkConvolution(x, w, conv, y);
    if (status != SUCCESS) return status;
    std::vector<Performance> all;
    for (int algorithm = 0; algorithm < COUNTS[static_cast<int>(pass)]; algorithm++) {
        size_t bytes = 0;
        bool works = algorithmWorkspace(pass, algorithm, x, w, conv, y, &bytes);
        bool atomics = methodOf(pass, algorithm) == Method::ATOMICS;
        // cuDNN leaves mathType of forward and backward-data results unset; so do we (see the pitfalls of JCuda).
        Performance p{algorithm, works ? SUCCESS : NOT_SUPPORTED, measured && works ? 1.0f + static_cast<float>(algorithm) : -1.0f,
                bytes, atomics ? 0 : 1, pass == Pass::BACKWARD_FILTER ? conv.math : 0, {}};
        all.push_back(p);
    }
    // Adverse on purpose: what is not deterministic comes first, then what needs the most workspace, so that a caller
    // who takes the first result without looking at it shows.
    auto before = [&](const Performance &a, const Performance &b) {
        if (a.status != b.status) return a.status < b.status;
        if (a.determinism != b.determinism) return a.determinism < b.determinism;
        return a.memory > b.memory;
    };
    std::stable_sort(all.begin(), all.end(), before);
    *given = std::min(wanted, static_cast<int>(all.size()));
    std::copy(all.begin(), all.begin() + *given, out);
    return SUCCESS;
}

}  // namespace

bool cudasim::cudnn::algorithmWorkspace(Pass pass, int algorithm, const Tensor &x, const Filter &w, const Convolution &conv,
        const Tensor &y, size_t *needed) {
    auto element = static_cast<size_t>(bytes(x.scalar()));
    auto taps = static_cast<size_t>(w.c) * static_cast<size_t>(w.r * w.s);
    auto points = static_cast<size_t>(y.h()) * static_cast<size_t>(y.w());
    *needed = 0;
    switch (methodOf(pass, algorithm)) {
        case Method::IMPLICIT_GEMM:
        case Method::ATOMICS: return true;
        case Method::PRECOMPUTED_GEMM: *needed = taps * sizeof(int) + 256; return true;
        case Method::GEMM:
            *needed = taps * points * element;
            return conv.dilationH == 1 && conv.dilationW == 1;
        case Method::WINOGRAD:
            *needed = static_cast<size_t>(w.k) * static_cast<size_t>(w.c) * 16 * element;
            return unitSteps(conv) && w.r == 3 && w.s == 3 && x.type != DOUBLE && conv.padH < 3 && conv.padW < 3;
        case Method::WINOGRAD_NONFUSED:
            *needed = (static_cast<size_t>(w.k) * static_cast<size_t>(w.c) + static_cast<size_t>(x.elements())) * 36 * element;
            return unitSteps(conv) && ((w.r == 3 && w.s == 3) || (w.r == 5 && w.s == 5)) && x.type != DOUBLE;
        case Method::NONE: return false;
    }
    return false;
}

// The three families differ in the order of arguments and the names; x, w, y are the same three roles in each.
#define ALGORITHMS(Name, pass, A, a, B, b, C, c)                                                                        \
    CUDASIM_API int cudnnGetConvolution##Name##AlgorithmMaxCount(void *handle, int *count) {                            \
        CUDNN_CALL(handle);                                                                                             \
        *count = COUNTS[static_cast<int>(pass)];                                                                        \
        return SUCCESS;                                                                                                 \
    }                                                                                                                   \
    CUDASIM_API int cudnnGetConvolution##Name##Algorithm_v7(                                                            \
            void *handle, A *a, B *b, Convolution *conv, C *c, int wanted, int *given, Performance *out) {              \
        CUDNN_CALL(handle);                                                                                             \
        CUDNN_NEED(TENSOR, x);                                                                                          \
        CUDNN_NEED(FILTER, w);                                                                                          \
        CUDNN_NEED(CONVOLUTION, conv);                                                                                  \
        CUDNN_NEED(TENSOR, y);                                                                                          \
        return rank(pass, *x, *w, *conv, *y, wanted, given, out, false);                                                \
    }                                                                                                                   \
    CUDASIM_API int cudnnFindConvolution##Name##Algorithm(                                                              \
            void *handle, A *a, B *b, Convolution *conv, C *c, int wanted, int *given, Performance *out) {              \
        CUDNN_CALL(handle);                                                                                             \
        CUDNN_NEED(TENSOR, x);                                                                                          \
        CUDNN_NEED(FILTER, w);                                                                                          \
        CUDNN_NEED(CONVOLUTION, conv);                                                                                  \
        CUDNN_NEED(TENSOR, y);                                                                                          \
        return rank(pass, *x, *w, *conv, *y, wanted, given, out, true);                                                 \
    }                                                                                                                   \
    CUDASIM_API int cudnnGetConvolution##Name##WorkspaceSize(                                                           \
            void *handle, A *a, B *b, Convolution *conv, C *c, int algorithm, size_t *bytes) {                          \
        CUDNN_CALL(handle);                                                                                             \
        CUDNN_NEED(TENSOR, x);                                                                                          \
        CUDNN_NEED(FILTER, w);                                                                                          \
        CUDNN_NEED(CONVOLUTION, conv);                                                                                  \
        CUDNN_NEED(TENSOR, y);                                                                                          \
        int status = checkConvolution(*x, *w, *conv, *y);                                                               \
        if (status != SUCCESS) return status;                                                                           \
        return algorithmWorkspace(pass, algorithm, *x, *w, *conv, *y, bytes) ? SUCCESS : NOT_SUPPORTED;                 \
    }

ALGORITHMS(Forward, Pass::FORWARD, Tensor, x, Filter, w, Tensor, y)
ALGORITHMS(BackwardData, Pass::BACKWARD_DATA, Filter, w, Tensor, y, Tensor, x)
ALGORITHMS(BackwardFilter, Pass::BACKWARD_FILTER, Tensor, x, Tensor, y, Filter, w)

// Find…Ex runs the algorithms on the caller's memory: the result's contents are lost (poisoned here, to show).
#define FIND_EX(Name, pass, A, a, aData, B, b, bData, C, c, cData, resultTensor)                                        \
    CUDASIM_API int cudnnFindConvolution##Name##AlgorithmEx(void *handle, A *a, const void *aData, B *b,                \
            const void *bData, Convolution *conv, C *c, void *cData, int wanted, int *given, Performance *out,          \
            void *workspace, size_t workspaceBytes) {                                                                   \
        CUDNN_CALL(handle);                                                                                             \
        CUDNN_NEED(TENSOR, x);                                                                                          \
        CUDNN_NEED(FILTER, w);                                                                                          \
        CUDNN_NEED(CONVOLUTION, conv);                                                                                  \
        CUDNN_NEED(TENSOR, y);                                                                                          \
        int status = checkConvolution(*x, *w, *conv, *y);                                                               \
        if (status != SUCCESS) return status;                                                                           \
        CUDNN_COVERS(*x, xData, "x");                                                                                   \
        CUDNN_COVERS(w->tensor(), wData, "w");                                                                          \
        CUDNN_COVERS(*y, yData, "y");                                                                                   \
        if (!workspaceFits(workspace, workspaceBytes, workspaceBytes, __func__)) return BAD_PARAM;                      \
        status = rank(pass, *x, *w, *conv, *y, wanted, given, out, true);                                               \
        for (int i = 0; status == SUCCESS && i < *given; i++) {                                                         \
            if (out[i].memory > workspaceBytes) out[i].status = INTERNAL_ERROR;                                         \
        }                                                                                                               \
        Tensor result = resultTensor;                                                                                   \
        return submit(*h, __func__, [=] {                                                                               \
            spoil(workspace, workspaceBytes);                                                                           \
            spoil(cData, static_cast<size_t>(result.span() * bytes(result.scalar())));                                  \
        });                                                                                                             \
    }

FIND_EX(Forward, Pass::FORWARD, Tensor, x, xData, Filter, w, wData, Tensor, y, yData, *y)
FIND_EX(BackwardData, Pass::BACKWARD_DATA, Filter, w, wData, Tensor, y, yData, Tensor, x, xData, *x)
FIND_EX(BackwardFilter, Pass::BACKWARD_FILTER, Tensor, x, xData, Tensor, y, yData, Filter, w, wData, w->tensor())
