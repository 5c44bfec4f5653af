// Contexts: created, or the device's primary one; which is current on a thread.
#include <map>
#include <mutex>

#include "driver.h"

using namespace cudasim;
using namespace cudasim::driver;

namespace {

struct Primary {
    Context *context;
    int retained;
};

std::mutex mutex;
std::map<int, Primary> primaries;

bool exists(int device) { return device >= 0 && device < setting(Setting::DEVICES); }

bool live(Context *context, const char *function) { return valid(Kind::CONTEXT, context, function); }

}  // namespace

#define INITIALIZED()                          \
    CUDASIM_CALL();                            \
    if (!initialized()) return NOT_INITIALIZED

CUDASIM_API int cuCtxCreate_v2(Context **context, unsigned, int device) {
    INITIALIZED();
    if (!exists(device)) return INVALID_DEVICE;
    if (int lost = lostStatus(device)) return lost;
    *context = createContext(device);
    makeCurrent(*context);
    return SUCCESS;
}

CUDASIM_API int cuCtxDestroy_v2(Context *context) {
    INITIALIZED();
    if (!live(context, __func__)) return INVALID_CONTEXT;
    destroyContext(context);
    disown(Kind::CONTEXT, context, __func__);
    return SUCCESS;
}

CUDASIM_API int cuDevicePrimaryCtxRetain(Context **context, int device) {
    INITIALIZED();
    if (!exists(device)) return INVALID_DEVICE;
    if (int lost = lostStatus(device)) return lost;
    std::lock_guard<std::mutex> lock(mutex);
    Primary &primary = primaries[device];
    if (primary.retained == 0) primary.context = createContext(device);
    primary.retained++;
    *context = primary.context;
    return SUCCESS;
}

CUDASIM_API int cuDevicePrimaryCtxRelease_v2(int device) {
    INITIALIZED();
    std::lock_guard<std::mutex> lock(mutex);
    auto primary = primaries.find(device);
    if (primary == primaries.end() || primary->second.retained == 0) {
        violation("cuDevicePrimaryCtxRelease: the primary context of device %d is not retained", device);
        return INVALID_CONTEXT;
    }
    if (--primary->second.retained > 0) return SUCCESS;
    Context *context = primary->second.context;
    destroyContext(context);
    disown(Kind::CONTEXT, context, __func__);
    return SUCCESS;
}

CUDASIM_API int cuDevicePrimaryCtxGetState(int device, unsigned *flags, int *active) {
    INITIALIZED();
    if (!exists(device)) return INVALID_DEVICE;
    std::lock_guard<std::mutex> lock(mutex);
    *flags = 0;
    *active = primaries.count(device) && primaries[device].retained > 0;
    return SUCCESS;
}

CUDASIM_API int cuDevicePrimaryCtxSetFlags_v2(int device, unsigned) {
    INITIALIZED();
    return exists(device) ? SUCCESS : INVALID_DEVICE;
}

CUDASIM_API int cuCtxSetCurrent(Context *context) {
    INITIALIZED();
    if (context != nullptr && !live(context, __func__)) return INVALID_CONTEXT;
    makeCurrent(context);
    return SUCCESS;
}

CUDASIM_API int cuCtxGetCurrent(Context **context) {
    INITIALIZED();
    *context = current();
    return SUCCESS;
}

static thread_local std::vector<Context *> pushed;

CUDASIM_API int cuCtxPushCurrent_v2(Context *context) {
    INITIALIZED();
    if (!live(context, __func__)) return INVALID_CONTEXT;
    pushed.push_back(current());
    makeCurrent(context);
    return SUCCESS;
}

CUDASIM_API int cuCtxPopCurrent_v2(Context **context) {
    INITIALIZED();
    if (current() == nullptr) return INVALID_CONTEXT;
    if (context != nullptr) *context = current();
    makeCurrent(pushed.empty() ? nullptr : pushed.back());
    if (!pushed.empty()) pushed.pop_back();
    return SUCCESS;
}

CUDASIM_API int cuCtxGetDevice(int *device) {
    CUDASIM_DRIVER();
    *device = current()->device;
    return SUCCESS;
}

CUDASIM_API int cuCtxGetApiVersion(Context *, unsigned *version) {
    INITIALIZED();
    *version = 3020;
    return SUCCESS;
}

CUDASIM_API int cuCtxGetStreamPriorityRange(int *least, int *greatest) {
    CUDASIM_DRIVER();
    *least = 0;
    *greatest = -5;
    return SUCCESS;
}

CUDASIM_API int cuCtxSynchronize() {
    CUDASIM_DRIVER();
    return synchronize(*current());
}

CUDASIM_API int cuCtxEnablePeerAccess(Context *peer, unsigned flags) {
    CUDASIM_DRIVER();
    if (flags != 0) return INVALID_VALUE;
    if (!live(peer, __func__)) return INVALID_CONTEXT;
    if (peer == current()) return INVALID_DEVICE;
    return current()->peers.insert(peer).second ? SUCCESS : PEER_ACCESS_ALREADY_ENABLED;
}

CUDASIM_API int cuCtxDisablePeerAccess(Context *peer) {
    CUDASIM_DRIVER();
    return current()->peers.erase(peer) ? SUCCESS : PEER_ACCESS_NOT_ENABLED;
}
