#include "handle.h"

#include <string>

using namespace cudasim;
using namespace cudasim::cublas;

namespace cudasim::cublas {

Handle *handleOf(void *handle, const char *function) {
    if (!valid(Kind::CUBLAS, handle, function)) return nullptr;
    auto *live = static_cast<Handle *>(handle);
    if (live->context == current()) return live;
    violation("%s: the handle belongs to another context than the thread's", function);
    return nullptr;
}

Factor::Factor(const Handle &handle, const float *pointer)
    : pointer(pointer), onDevice(handle.pointerMode == 1), read(0) {
    if (!onDevice && pointer != nullptr && !deviceAddress(pointer)) read = *pointer;
}

bool Factor::usable(const char *function, const char *argument) const {
    if (onDevice) return inside(pointer, sizeof(float), sizeof(float), function, argument);
    if (pointer != nullptr && !deviceAddress(pointer)) return true;
    violation("%s: %s should be on the host in this pointer mode, is %s", function, argument, describe(pointer).c_str());
    return false;
}

static Point give(Handle &handle, const char *function, std::function<void()> work) {
    auto run = [work = std::move(work)] {
        work();
        return 0;
    };
    return enqueue(*handle.stream, {run, {}, function});
}

int submit(Handle &handle, const char *function, std::function<void()> work) {
    give(handle, function, std::move(work));
    return SUCCESS;
}

int finish(Handle &handle, const char *function, std::function<void()> work) {
    return reach(give(handle, function, std::move(work))) ? EXECUTION_FAILED : SUCCESS;
}

}  // namespace cudasim::cublas

CUDASIM_API int cublasCreate_v2(void **handle) {
    CUDASIM_CALL();
    if (contextError() != 0) return NOT_INITIALIZED;
    auto *fresh = new Handle{current(), current()->legacy};
    own(Kind::CUBLAS, fresh);
    *handle = fresh;
    return SUCCESS;
}

CUDASIM_API int cublasDestroy_v2(void *handle) {
    CUDASIM_CALL();
    if (!disown(Kind::CUBLAS, handle, __func__)) return NOT_INITIALIZED;
    delete static_cast<Handle *>(handle);
    return SUCCESS;
}

CUDASIM_API int cublasGetVersion_v2(void *, int *version) {
    CUDASIM_CALL();
    *version = 120603;
    return SUCCESS;
}

CUDASIM_API int cublasGetProperty(int which, int *value) {
    CUDASIM_CALL();
    if (which < 0 || which > 2) return INVALID_VALUE;
    *value = which == 0 ? 12 : which == 1 ? 6 : 3;
    return SUCCESS;
}

CUDASIM_API int cublasSetStream_v2(void *handle, void *stream) {
    CUBLAS_CALL(handle);
    auto named = streamOf(stream, __func__);
    if (!named) return INVALID_VALUE;
    h->stream = named;
    return SUCCESS;
}

CUDASIM_API int cublasGetStream_v2(void *handle, void **stream) {
    CUBLAS_CALL(handle);
    *stream = h->stream == h->context->legacy ? nullptr : h->stream.get();
    return SUCCESS;
}

CUDASIM_API int cublasSetPointerMode_v2(void *handle, int mode) {
    CUBLAS_CALL(handle);
    if (mode != 0 && mode != 1) return INVALID_VALUE;
    h->pointerMode = mode;
    return SUCCESS;
}

CUDASIM_API int cublasGetPointerMode_v2(void *handle, int *mode) {
    CUBLAS_CALL(handle);
    *mode = h->pointerMode;
    return SUCCESS;
}

CUDASIM_API int cublasSetMathMode(void *handle, int mode) {
    CUBLAS_CALL(handle);
    // DEFAULT, TENSOR_OP, PEDANTIC, TF32_TENSOR_OP, with the flag against reduced-precision reductions.
    int plain = mode & ~16;
    if (plain < 0 || plain > 3) return INVALID_VALUE;
    h->mathMode = mode;
    return SUCCESS;
}

CUDASIM_API int cublasGetMathMode(void *handle, int *mode) {
    CUBLAS_CALL(handle);
    *mode = h->mathMode;
    return SUCCESS;
}

CUDASIM_API int cublasSetWorkspace_v2(void *handle, void *workspace, size_t bytes) {
    CUBLAS_CALL(handle);
    if (bytes > 0 && !inside(workspace, bytes, 256, __func__, "the workspace")) return INVALID_VALUE;
    h->workspace = workspace;
    h->workspaceBytes = bytes;
    return SUCCESS;
}

CUDASIM_API int cublasSetAtomicsMode(void *handle, int) {
    CUBLAS_CALL(handle);
    return SUCCESS;
}

CUDASIM_API const char *cublasGetStatusName(int status) {
    switch (status) {
        case SUCCESS: return "CUBLAS_STATUS_SUCCESS";
        case NOT_INITIALIZED: return "CUBLAS_STATUS_NOT_INITIALIZED";
        case ALLOC_FAILED: return "CUBLAS_STATUS_ALLOC_FAILED";
        case INVALID_VALUE: return "CUBLAS_STATUS_INVALID_VALUE";
        case 8: return "CUBLAS_STATUS_ARCH_MISMATCH";
        case MAPPING_ERROR: return "CUBLAS_STATUS_MAPPING_ERROR";
        case EXECUTION_FAILED: return "CUBLAS_STATUS_EXECUTION_FAILED";
        case 14: return "CUBLAS_STATUS_INTERNAL_ERROR";
        case NOT_SUPPORTED: return "CUBLAS_STATUS_NOT_SUPPORTED";
        default: return "CUBLAS_STATUS unknown";
    }
}

CUDASIM_API const char *cublasGetStatusString(int status) { return cublasGetStatusName(status); }
