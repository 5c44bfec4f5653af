// A cuDNN handle, and what every function that computes begins with.
#pragma once
#include <functional>
#include <memory>

#include "../core/context.h"
#include "../core/memory.h"
#include "../core/objects.h"
#include "status.h"

namespace cudasim::cudnn {

struct Handle {
    Context *context;
    std::shared_ptr<Stream> stream;
};

Handle *handleOf(void *, const char *function);

// Gives the work to the handle's stream.
int submit(Handle &, const char *function, std::function<void()> work);

// True where the workspace is device memory of at least the bytes needed. Its old contents are destroyed when the work
// runs (spoil), so that a workspace that overlaps live data shows.
bool workspaceFits(const void *workspace, size_t given, size_t needed, const char *function);
void spoil(void *workspace, size_t bytes);

}  // namespace cudasim::cudnn

#define CUDNN_CALL(handle)                                                \
    CUDASIM_CALL();                                                       \
    cudasim::cudnn::Handle *h = cudasim::cudnn::handleOf(handle, __func__); \
    if (h == nullptr) return cudasim::cudnn::NOT_INITIALIZED;              \
    if (h->context->error != 0) return cudasim::cudnn::EXECUTION_FAILED; \
    if (cudasim::setting(cudasim::Setting::NOOP_KERNELS)) return cudasim::cudnn::SUCCESS

// Refuses a handle of a descriptor that is not live.
#define CUDNN_NEED(kind, descriptor)                                                             \
    if (descriptor == nullptr) return cudasim::cudnn::BAD_PARAM_NULL_POINTER;                     \
    if (!cudasim::valid(cudasim::Kind::kind, descriptor, __func__)) return cudasim::cudnn::BAD_PARAM

// Create and destroy of a kind of descriptor.
#define CUDNN_DESCRIPTOR(Name, Type, kind)                               \
    CUDASIM_API int cudnnCreate##Name##Descriptor(Type **descriptor) {   \
        CUDASIM_CALL();                                                  \
        if (descriptor == nullptr) return BAD_PARAM_NULL_POINTER;        \
        *descriptor = new Type();                                        \
        own(Kind::kind, *descriptor);                                    \
        return SUCCESS;                                                  \
    }                                                                    \
    CUDASIM_API int cudnnDestroy##Name##Descriptor(Type *descriptor) {   \
        CUDASIM_CALL();                                                  \
        if (!disown(Kind::kind, descriptor, __func__)) return BAD_PARAM; \
        delete descriptor;                                               \
        return SUCCESS;                                                  \
    }
