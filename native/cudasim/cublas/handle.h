// A cuBLAS handle, and what every function of the library begins with.
#pragma once
#include <memory>

#include "../core/context.h"
#include "../core/memory.h"
#include "../core/objects.h"

namespace cudasim::cublas {

// cublasStatus_t (cublas_api.h).
enum { SUCCESS = 0, NOT_INITIALIZED = 1, ALLOC_FAILED = 3, INVALID_VALUE = 7, MAPPING_ERROR = 11, EXECUTION_FAILED = 13,
    NOT_SUPPORTED = 15 };

struct Handle {
    Context *context;
    std::shared_ptr<Stream> stream;
    int pointerMode = 0;  // 0: scalars on the host, 1: on the device
    int mathMode = 0;
    void *workspace = nullptr;
    size_t workspaceBytes = 0;
};

// The handle, or null with a violation: not live, or made in another context than the thread's.
Handle *handleOf(void *, const char *function);

// A scalar argument: read at the call where it is on the host, when the work runs where it is on the device.
class Factor {
public:
    Factor(const Handle &, const float *);
    bool usable(const char *function, const char *argument) const;
    float value() const { return onDevice ? *pointer : read; }

private:
    const float *pointer;
    bool onDevice;
    float read;
};

// Gives the work to the handle's stream.
int submit(Handle &, const char *function, std::function<void()> work);
// The same and waits for it, for a result on the host.
int finish(Handle &, const char *function, std::function<void()> work);

// Elements that a strided vector spans.
inline size_t span(int count, int step) { return count <= 0 ? 0 : size_t(count - 1) * size_t(step < 0 ? -step : step) + 1; }

}  // namespace cudasim::cublas

#define CUBLAS_CALL(handle)                                                \
    CUDASIM_CALL();                                                        \
    cudasim::cublas::Handle *h = cudasim::cublas::handleOf(handle, __func__); \
    if (h == nullptr) return cudasim::cublas::NOT_INITIALIZED;              \
    if (h->context->error != 0) return cudasim::cublas::EXECUTION_FAILED; \
    if (cudasim::setting(cudasim::Setting::NOOP_KERNELS)) return cudasim::cublas::SUCCESS
