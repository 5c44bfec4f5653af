// Device and pinned memory, copies and fills.
#include <cstring>
#include <vector>

#include "driver.h"

using namespace cudasim;
using namespace cudasim::driver;

CUDASIM_API int cuMemAlloc_v2(DevicePointer *pointer, size_t bytes) {
    CUDASIM_DRIVER();
    uint64_t fresh = 0;
    int status = allocate(current(), bytes, &fresh);
    if (status == SUCCESS) *pointer = fresh;
    return status;
}

CUDASIM_API int cuMemFree_v2(DevicePointer pointer) {
    CUDASIM_DRIVER();
    return release(current(), pointer);
}

CUDASIM_API int cuMemGetInfo_v2(size_t *free, size_t *total) {
    CUDASIM_DRIVER();
    *total = static_cast<size_t>(setting(Setting::MEMORY));
    *free = *total - usedBytes(current()->device);
    return SUCCESS;
}

CUDASIM_API int cuMemGetAddressRange_v2(DevicePointer *start, size_t *bytes, DevicePointer pointer) {
    CUDASIM_DRIVER();
    uint64_t first = 0;
    size_t size = 0;
    if (!blockOf(pointer, &first, &size)) return NOT_FOUND;
    if (start) *start = first;
    if (bytes) *bytes = size;
    return SUCCESS;
}

CUDASIM_API int cuMemHostAlloc(void **pointer, size_t bytes, unsigned) {
    CUDASIM_DRIVER();
    return allocatePinned(current(), bytes, pointer);
}

CUDASIM_API int cuMemAllocHost_v2(void **pointer, size_t bytes) {
    CUDASIM_DRIVER();
    return allocatePinned(current(), bytes, pointer);
}

CUDASIM_API int cuMemFreeHost(void *pointer) {
    CUDASIM_DRIVER();
    return releasePinned(pointer);
}

CUDASIM_API int cuMemHostRegister_v2(void *pointer, size_t bytes, unsigned) {
    CUDASIM_DRIVER();
    return registerPinned(pointer, bytes);
}

CUDASIM_API int cuMemHostUnregister(void *pointer) {
    CUDASIM_DRIVER();
    return unregisterPinned(pointer);
}

namespace {

enum class Side { HOST, DEVICE };

struct End {
    Side side;
    void *pointer;
};

bool usable(const End &end, size_t bytes, const char *function, const char *argument) {
    if (end.side == Side::DEVICE) return inside(end.pointer, bytes, 1, function, argument);
    if (end.pointer == nullptr || deviceAddress(end.pointer)) {
        violation("%s: %s should be host memory, is %s", function, argument, describe(end.pointer).c_str());
        return false;
    }
    return true;
}

int copied(void *to, const void *from, size_t bytes) {
    memmove(to, from, bytes);
    return SUCCESS;
}

// A copy that is done when the call returns. It follows the legacy stream's rules, as CUDA's: streams made with
// NON_BLOCKING are not waited for.
int copy(End to, End from, size_t bytes, const char *function) {
    if (bytes == 0) return SUCCESS;
    if (!usable(to, bytes, function, "the destination")) return INVALID_VALUE;
    if (!usable(from, bytes, function, "the source")) return INVALID_VALUE;
    return reach(enqueue(*current()->legacy, {[=] { return copied(to.pointer, from.pointer, bytes); }, {}, function}));
}

// A copy on a stream. Pageable host memory is read before the call returns, and written before it returns, as CUDA does
// by staging: only pinned memory gives a copy that overlaps.
int copyAsync(End to, End from, size_t bytes, void *handle, const char *function) {
    if (bytes == 0) return SUCCESS;
    if (!usable(to, bytes, function, "the destination")) return INVALID_VALUE;
    if (!usable(from, bytes, function, "the source")) return INVALID_VALUE;
    auto stream = streamOf(handle, function);
    if (!stream) return INVALID_HANDLE;
    if (from.side == Side::HOST && !pinned(from.pointer, bytes)) {
        auto *first = static_cast<const unsigned char *>(from.pointer);
        auto staged = std::make_shared<std::vector<unsigned char>>(first, first + bytes);
        enqueue(*stream, {[=] { return copied(to.pointer, staged->data(), bytes); }, {}, function});
        return SUCCESS;
    }
    Point point = enqueue(*stream, {[=] { return copied(to.pointer, from.pointer, bytes); }, {}, function});
    return to.side == Side::HOST && !pinned(to.pointer, bytes) ? reach(point) : SUCCESS;
}

End host(const void *pointer) { return {Side::HOST, const_cast<void *>(pointer)}; }
End device(DevicePointer pointer) { return {Side::DEVICE, reinterpret_cast<void *>(pointer)}; }

template <class T>
int fill(DevicePointer pointer, T value, size_t count, void *handle, const char *function) {
    if (count == 0) return SUCCESS;
    auto *to = reinterpret_cast<T *>(pointer);
    if (!inside(to, count * sizeof(T), sizeof(T), function, "the destination")) return INVALID_VALUE;
    auto stream = streamOf(handle, function);
    if (!stream) return INVALID_HANDLE;
    auto run = [=] {
        for (size_t i = 0; i < count; i++) to[i] = value;
        return SUCCESS;
    };
    enqueue(*stream, {run, {}, function});
    return SUCCESS;
}

}  // namespace

CUDASIM_API int cuMemcpyHtoD_v2(DevicePointer to, const void *from, size_t bytes) {
    CUDASIM_DRIVER();
    return copy(device(to), host(from), bytes, __func__);
}

CUDASIM_API int cuMemcpyDtoH_v2(void *to, DevicePointer from, size_t bytes) {
    CUDASIM_DRIVER();
    return copy(host(to), device(from), bytes, __func__);
}

CUDASIM_API int cuMemcpyDtoD_v2(DevicePointer to, DevicePointer from, size_t bytes) {
    CUDASIM_DRIVER();
    return copy(device(to), device(from), bytes, __func__);
}

CUDASIM_API int cuMemcpyHtoDAsync_v2(DevicePointer to, const void *from, size_t bytes, void *stream) {
    CUDASIM_DRIVER();
    return copyAsync(device(to), host(from), bytes, stream, __func__);
}

CUDASIM_API int cuMemcpyDtoHAsync_v2(void *to, DevicePointer from, size_t bytes, void *stream) {
    CUDASIM_DRIVER();
    return copyAsync(host(to), device(from), bytes, stream, __func__);
}

CUDASIM_API int cuMemcpyDtoDAsync_v2(DevicePointer to, DevicePointer from, size_t bytes, void *stream) {
    CUDASIM_DRIVER();
    return copyAsync(device(to), device(from), bytes, stream, __func__);
}

// Between contexts: each end is checked in its own.
static int peerCopy(DevicePointer to, Context *toContext, DevicePointer from, Context *fromContext, size_t bytes,
        void *stream, const char *function) {
    if (!valid(Kind::CONTEXT, toContext, function) || !valid(Kind::CONTEXT, fromContext, function)) return INVALID_CONTEXT;
    Context *here = current();
    makeCurrent(toContext);
    bool fine = inside(device(to).pointer, bytes, 1, function, "the destination");
    makeCurrent(fromContext);
    fine = fine && inside(device(from).pointer, bytes, 1, function, "the source");
    makeCurrent(here);
    if (!fine) return INVALID_VALUE;
    auto queue = streamOf(stream, function);
    if (!queue) return INVALID_HANDLE;
    void *target = device(to).pointer;
    void *source = device(from).pointer;
    enqueue(*queue, {[=] { return copied(target, source, bytes); }, {}, function});
    return SUCCESS;
}

CUDASIM_API int cuMemcpyPeerAsync(
        DevicePointer to, Context *toContext, DevicePointer from, Context *fromContext, size_t bytes, void *stream) {
    CUDASIM_DRIVER();
    return peerCopy(to, toContext, from, fromContext, bytes, stream, __func__);
}

CUDASIM_API int cuMemcpyPeer(DevicePointer to, Context *toContext, DevicePointer from, Context *fromContext, size_t bytes) {
    CUDASIM_DRIVER();
    int status = peerCopy(to, toContext, from, fromContext, bytes, nullptr, __func__);
    return status ? status : reach(tail(*current()->legacy));
}

CUDASIM_API int cuMemsetD8_v2(DevicePointer to, unsigned char value, size_t count) {
    CUDASIM_DRIVER();
    return fill(to, value, count, nullptr, __func__);
}

CUDASIM_API int cuMemsetD16_v2(DevicePointer to, unsigned short value, size_t count) {
    CUDASIM_DRIVER();
    return fill(to, value, count, nullptr, __func__);
}

CUDASIM_API int cuMemsetD32_v2(DevicePointer to, unsigned value, size_t count) {
    CUDASIM_DRIVER();
    return fill(to, value, count, nullptr, __func__);
}

CUDASIM_API int cuMemsetD8Async(DevicePointer to, unsigned char value, size_t count, void *stream) {
    CUDASIM_DRIVER();
    return fill(to, value, count, stream, __func__);
}

CUDASIM_API int cuMemsetD16Async(DevicePointer to, unsigned short value, size_t count, void *stream) {
    CUDASIM_DRIVER();
    return fill(to, value, count, stream, __func__);
}

CUDASIM_API int cuMemsetD32Async(DevicePointer to, unsigned value, size_t count, void *stream) {
    CUDASIM_DRIVER();
    return fill(to, value, count, stream, __func__);
}
