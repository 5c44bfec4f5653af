// cuInit, devices and what they say of themselves.
#include <atomic>
#include <cstdio>
#include <cstring>

#include "driver.h"

using namespace cudasim;
using namespace cudasim::driver;

static std::atomic<bool> ready{false};

bool cudasim::initialized() { return ready; }

static bool exists(int device) { return device >= 0 && device < setting(Setting::DEVICES); }

#define DEVICE_CALL(device)                   \
    CUDASIM_CALL();                           \
    if (!ready) return NOT_INITIALIZED;       \
    if (!exists(device)) return INVALID_DEVICE

CUDASIM_API int cuInit(unsigned flags) {
    CUDASIM_CALL();
    if (flags != 0) return INVALID_VALUE;
    if (setting(Setting::DEVICES) == 0) return NO_DEVICE;
    ready = true;
    return SUCCESS;
}

CUDASIM_API int cuDriverGetVersion(int *version) {
    CUDASIM_CALL();
    *version = static_cast<int>(setting(Setting::DRIVER_VERSION));
    return SUCCESS;
}

CUDASIM_API int cuDeviceGetCount(int *count) {
    CUDASIM_CALL();
    if (!ready) return NOT_INITIALIZED;
    *count = static_cast<int>(setting(Setting::DEVICES));
    return SUCCESS;
}

CUDASIM_API int cuDeviceGet(int *device, int ordinal) {
    DEVICE_CALL(ordinal);
    *device = ordinal;
    return SUCCESS;
}

CUDASIM_API int cuDeviceGetName(char *name, int length, int device) {
    DEVICE_CALL(device);
    snprintf(name, static_cast<size_t>(length), "CUDA simulator %d", device);
    return SUCCESS;
}

CUDASIM_API int cuDeviceTotalMem_v2(size_t *bytes, int device) {
    DEVICE_CALL(device);
    *bytes = static_cast<size_t>(setting(Setting::MEMORY));
    return SUCCESS;
}

CUDASIM_API int cuDeviceGetPCIBusId(char *id, int length, int device) {
    DEVICE_CALL(device);
    snprintf(id, static_cast<size_t>(length), "0000:%02x:00.0", device + 1);
    return SUCCESS;
}

CUDASIM_API int cuDeviceGetUuid(char *uuid, int device) {
    DEVICE_CALL(device);
    memset(uuid, 0, 16);
    memcpy(uuid, "cudasim", 7);
    uuid[15] = static_cast<char>(device);
    return SUCCESS;
}

CUDASIM_API int cuDeviceComputeCapability(int *major, int *minor, int device) {
    DEVICE_CALL(device);
    *major = static_cast<int>(setting(Setting::COMPUTE_MAJOR));
    *minor = static_cast<int>(setting(Setting::COMPUTE_MINOR));
    return SUCCESS;
}

// An A100's numbers, as far as they matter (CUdevice_attribute in cuda.h).
static int attribute(int which, int device) {
    switch (which) {
        case 1: return 1024;         // threads a block
        case 2: return 1024;         // block x
        case 3: return 1024;         // block y
        case 4: return 64;           // block z
        case 5: return 2147483647;   // grid x
        case 6: return 65535;        // grid y
        case 7: return 65535;        // grid z
        case 8: return 49152;        // shared memory a block
        case 9: return 65536;        // constant memory
        case 10: return 32;          // warp
        case 11: return 2147483647;  // pitch
        case 12: return 65536;       // registers a block
        case 13: return 1410000;     // clock, kHz
        case 14: return 512;         // texture alignment
        case 16: return 108;         // multiprocessors
        case 31: return 1;           // concurrent kernels
        case 33: return device + 1;  // PCI bus
        case 36: return 1215000;     // memory clock, kHz
        case 37: return 5120;        // bus width, bits
        case 38: return 41943040;    // second-level cache
        case 39: return 2048;        // threads a multiprocessor
        case 40: return 2;           // copy engines
        case 41: return 1;           // unified addresses
        case 75: return static_cast<int>(setting(Setting::COMPUTE_MAJOR));
        case 76: return static_cast<int>(setting(Setting::COMPUTE_MINOR));
        case 78: return 1;       // stream priorities
        case 81: return 167936;  // shared memory a multiprocessor
        case 97: return 49152;   // shared memory a block by opt-in: none beyond the usual
        default: return 0;
    }
}

CUDASIM_API int cuDeviceGetAttribute(int *value, int which, int device) {
    DEVICE_CALL(device);
    *value = attribute(which, device);
    return SUCCESS;
}

CUDASIM_API int cuDeviceCanAccessPeer(int *can, int device, int peer) {
    DEVICE_CALL(device);
    if (!exists(peer)) return INVALID_DEVICE;
    *can = device != peer;
    return SUCCESS;
}

namespace {

struct ErrorName {
    int status;
    const char *name;
    const char *sentence;
};

constexpr ErrorName ERRORS[] = {
        {SUCCESS, "CUDA_SUCCESS", "no error"},
        {INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
        {OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
        {NOT_INITIALIZED, "CUDA_ERROR_NOT_INITIALIZED", "initialization error"},
        {46, "CUDA_ERROR_DEVICE_UNAVAILABLE", "CUDA-capable device(s) is/are busy or unavailable"},
        {NO_DEVICE, "CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"},
        {INVALID_DEVICE, "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"},
        {INVALID_IMAGE, "CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"},
        {INVALID_CONTEXT, "CUDA_ERROR_INVALID_CONTEXT", "invalid device context"},
        {209, "CUDA_ERROR_NO_BINARY_FOR_GPU", "no kernel image is available for execution on the device"},
        {214, "CUDA_ERROR_ECC_UNCORRECTABLE", "uncorrectable ECC error encountered"},
        {INVALID_PTX, "CUDA_ERROR_INVALID_PTX", "a PTX JIT compilation failed"},
        {222, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION", "the provided PTX was compiled with an unsupported toolchain."},
        {INVALID_HANDLE, "CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"},
        {NOT_FOUND, "CUDA_ERROR_NOT_FOUND", "named symbol not found"},
        {NOT_READY, "CUDA_ERROR_NOT_READY", "device not ready"},
        {ILLEGAL_ADDRESS, "CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"},
        {LAUNCH_OUT_OF_RESOURCES, "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES", "too many resources requested for launch"},
        {702, "CUDA_ERROR_LAUNCH_TIMEOUT", "the launch timed out and was terminated"},
        {PEER_ACCESS_ALREADY_ENABLED, "CUDA_ERROR_PEER_ACCESS_ALREADY_ENABLED", "peer access is already enabled"},
        {PEER_ACCESS_NOT_ENABLED, "CUDA_ERROR_PEER_ACCESS_NOT_ENABLED", "peer access has not been enabled"},
        {MISALIGNED_ADDRESS, "CUDA_ERROR_MISALIGNED_ADDRESS", "misaligned address"},
        {LAUNCH_FAILED, "CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"},
        {NOT_PERMITTED, "CUDA_ERROR_NOT_PERMITTED", "operation not permitted"},
        {NOT_SUPPORTED, "CUDA_ERROR_NOT_SUPPORTED", "operation not supported"},
        {STREAM_CAPTURE_UNSUPPORTED, "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED",
                "operation not permitted when stream is capturing"},
        {STREAM_CAPTURE_INVALIDATED, "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED",
                "operation failed due to a previous error during capture"},
        {UNKNOWN, "CUDA_ERROR_UNKNOWN", "unknown error"},
};

const ErrorName *known(int status) {
    for (const ErrorName &error : ERRORS) {
        if (error.status == status) return &error;
    }
    return nullptr;
}

}  // namespace

CUDASIM_API int cuGetErrorName(int status, const char **name) {
    const ErrorName *error = known(status);
    *name = error ? error->name : nullptr;
    return error ? SUCCESS : INVALID_VALUE;
}

CUDASIM_API int cuGetErrorString(int status, const char **sentence) {
    const ErrorName *error = known(status);
    *sentence = error ? error->sentence : nullptr;
    return error ? SUCCESS : INVALID_VALUE;
}
