#include "handle.h"

#include <cstring>

using namespace cudasim;
using namespace cudasim::cudnn;

namespace cudasim::cudnn {

Handle *handleOf(void *handle, const char *function) {
    if (!valid(Kind::CUDNN, handle, function)) return nullptr;
    auto *live = static_cast<Handle *>(handle);
    if (live->context == current()) return live;
    violation("%s: the handle belongs to another context than the thread's", function);
    return nullptr;
}

int submit(Handle &handle, const char *function, std::function<void()> work) {
    auto run = [work = std::move(work)] {
        work();
        return 0;
    };
    enqueue(*handle.stream, {run, {}, function});
    return SUCCESS;
}

bool workspaceFits(const void *workspace, size_t given, size_t needed, const char *function) {
    if (given < needed) {
        violation("%s: a workspace of %zu bytes, but the algorithm needs %zu", function, given, needed);
        return false;
    }
    return given == 0 || needed == 0 || inside(workspace, given, 16, function, "the workspace");
}

void spoil(void *workspace, size_t bytes) {
    if (bytes > 0) memset(workspace, 0xFF, bytes);
}

}  // namespace cudasim::cudnn

CUDASIM_API int cudnnCreate(void **handle) {
    CUDASIM_CALL();
    if (handle == nullptr) return BAD_PARAM_NULL_POINTER;
    if (contextError() != 0) return NOT_INITIALIZED;
    auto *fresh = new Handle{current(), current()->legacy};
    own(Kind::CUDNN, fresh);
    *handle = fresh;
    return SUCCESS;
}

CUDASIM_API int cudnnDestroy(void *handle) {
    CUDASIM_CALL();
    if (!disown(Kind::CUDNN, handle, __func__)) return NOT_INITIALIZED;
    delete static_cast<Handle *>(handle);
    return SUCCESS;
}

CUDASIM_API int cudnnSetStream(void *handle, void *stream) {
    CUDNN_CALL(handle);
    auto named = streamOf(stream, __func__);
    if (!named) return BAD_PARAM;
    h->stream = named;
    return SUCCESS;
}

CUDASIM_API int cudnnGetStream(void *handle, void **stream) {
    CUDNN_CALL(handle);
    *stream = h->stream == h->context->legacy ? nullptr : h->stream.get();
    return SUCCESS;
}

CUDASIM_API size_t cudnnGetVersion() { return 90501; }
CUDASIM_API size_t cudnnGetCudartVersion() { return 12060; }
CUDASIM_API size_t cudnnGetMaxDeviceVersion() { return 900; }

CUDASIM_API int cudnnGetProperty(int which, int *value) {
    CUDASIM_CALL();
    if (which < 0 || which > 2) return BAD_PARAM;
    *value = which == 0 ? 9 : which == 1 ? 5 : 1;
    return SUCCESS;
}

CUDASIM_API const char *cudnnGetErrorString(int status) {
    switch (status) {
        case SUCCESS: return "CUDNN_STATUS_SUCCESS";
        case NOT_INITIALIZED: return "CUDNN_STATUS_NOT_INITIALIZED";
        case BAD_PARAM: return "CUDNN_STATUS_BAD_PARAM";
        case BAD_PARAM_NULL_POINTER: return "CUDNN_STATUS_BAD_PARAM_NULL_POINTER";
        case BAD_PARAM_MISALIGNED_POINTER: return "CUDNN_STATUS_BAD_PARAM_MISALIGNED_POINTER";
        case NOT_SUPPORTED: return "CUDNN_STATUS_NOT_SUPPORTED";
        case INTERNAL_ERROR: return "CUDNN_STATUS_INTERNAL_ERROR";
        case EXECUTION_FAILED: return "CUDNN_STATUS_EXECUTION_FAILED";
        default: return "CUDNN_STATUS unknown";
    }
}

CUDASIM_API void cudnnGetLastErrorString(char *message, size_t bytes) {
    if (bytes > 0) message[0] = '\0';
}

CUDASIM_API int cudnnOpsVersionCheck() { return SUCCESS; }
CUDASIM_API int cudnnCnnVersionCheck() { return SUCCESS; }
CUDASIM_API int cudnnAdvVersionCheck() { return SUCCESS; }
CUDASIM_API int cudnnGraphVersionCheck() { return SUCCESS; }
