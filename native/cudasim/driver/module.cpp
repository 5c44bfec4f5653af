// Modules that the simulated NVRTC made, and launches of their kernels.
#include <dlfcn.h>

#include <cstring>
#include <string>
#include <vector>

#include "../core/guard.h"
#include "../core/kernel.h"
#include "driver.h"

using namespace cudasim;
using namespace cudasim::driver;

namespace {

constexpr const char MARK[] = "// cudasim module: ";  // then the path of a shared library, in the "PTX" and "cubin"

struct Module {
    void *library;
    std::mutex mutex;  // its shared memory and thread indices are static: one launch at a time
};

struct Function {
    Module *module;
    const Kernel *kernel;
};

}  // namespace

static int load(void **handle, const void *image, const char *function) {
    if (image == nullptr) return INVALID_VALUE;
    auto *text = static_cast<const char *>(image);
    const char *mark = strstr(text, MARK);
    if (mark == nullptr) {
        violation("%s: the image does not come from the simulated NVRTC (real PTX cannot run here)", function);
        return INVALID_IMAGE;
    }
    mark += strlen(MARK);
    std::string path(mark, strcspn(mark, "\n"));
    void *library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        violation("%s: %s", function, dlerror());
        return INVALID_IMAGE;
    }
    auto *module = new Module{library, {}};
    own(Kind::MODULE, module);
    *handle = module;
    return SUCCESS;
}

CUDASIM_API int cuModuleLoadData(void **module, const void *image) {
    CUDASIM_DRIVER();
    return load(module, image, __func__);
}

CUDASIM_API int cuModuleLoadDataEx(void **module, const void *image, unsigned, int *, void **) {
    CUDASIM_DRIVER();
    return load(module, image, __func__);
}

CUDASIM_API int cuModuleUnload(void *handle) {
    CUDASIM_DRIVER();
    if (!valid(Kind::MODULE, handle, __func__)) return INVALID_HANDLE;
    synchronize(*current());  // launches may be pending
    disown(Kind::MODULE, handle, __func__);
    // The library stays mapped and the object alive: a stale function handle must fail in words, not crash.
    return SUCCESS;
}

CUDASIM_API int cuModuleGetFunction(void **function, void *handle, const char *name) {
    CUDASIM_DRIVER();
    if (!valid(Kind::MODULE, handle, __func__)) return INVALID_HANDLE;
    auto *module = static_cast<Module *>(handle);
    void *symbol = dlsym(module->library, (std::string("cudasim_kernel_") + name).c_str());
    if (symbol == nullptr) return NOT_FOUND;
    *function = new Function{module, static_cast<const Kernel *>(symbol)};  // lives as long as the process
    return SUCCESS;
}

CUDASIM_API int cuModuleGetGlobal_v2(DevicePointer *, size_t *, void *, const char *) {
    CUDASIM_DRIVER();
    return unsupported(__func__, NOT_SUPPORTED);
}

CUDASIM_API int cuFuncGetAttribute(int *value, int which, Function *function) {
    CUDASIM_DRIVER();
    switch (which) {
        case 0: *value = 1024; return SUCCESS;                                                 // threads a block
        case 1: *value = static_cast<int>(function->kernel->staticShared); return SUCCESS;  // shared memory
        case 4: *value = 32; return SUCCESS;                                                  // registers
        default: *value = 0; return SUCCESS;
    }
}

CUDASIM_API int cuFuncSetAttribute(Function *, int, int) {
    CUDASIM_DRIVER();
    return SUCCESS;
}

// True where the launch is within what the device attributes allow.
static bool allowed(const Launch &l) {
    for (int axis = 0; axis < 3; axis++) {
        if (l.grid[axis] == 0 || l.block[axis] == 0) return false;
    }
    bool grid = l.grid[0] <= 2147483647u && l.grid[1] <= 65535 && l.grid[2] <= 65535;
    bool block = l.block[0] <= 1024 && l.block[1] <= 1024 && l.block[2] <= 64
            && static_cast<uint64_t>(l.block[0]) * l.block[1] * l.block[2] <= 1024;
    return grid && block && l.shared <= 49152;
}

CUDASIM_API int cuLaunchKernel(Function *function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX,
        unsigned blockY, unsigned blockZ, unsigned shared, void *streamHandle, void **parameters, void **extra) {
    CUDASIM_DRIVER();
    if (setting(Setting::NOOP_KERNELS)) return SUCCESS;
    if (function == nullptr || !owns(Kind::MODULE, function->module)) {
        violation("cuLaunchKernel: the function's module is unloaded, or there is none");
        return INVALID_HANDLE;
    }
    const Kernel &kernel = *function->kernel;
    Launch launch{{gridX, gridY, gridZ}, {blockX, blockY, blockZ}, shared,
            static_cast<unsigned>(setting(Setting::REVERSE_ORDER))};
    if (!allowed(launch)) {
        violation("cuLaunchKernel: %s: grid (%u, %u, %u), block (%u, %u, %u), %u bytes of shared memory exceed the device",
                kernel.name, gridX, gridY, gridZ, blockX, blockY, blockZ, shared);
        return INVALID_VALUE;
    }
    if (extra != nullptr) return unsupported("cuLaunchKernel with extra", NOT_SUPPORTED);
    if (parameters == nullptr && kernel.parameterCount > 0) return INVALID_VALUE;
    auto stream = streamOf(streamHandle, __func__);
    if (!stream) return INVALID_HANDLE;
    // Parameters are read now, as CUDA does; each keeps 16 bytes' alignment.
    size_t bytes = 0;
    for (unsigned i = 0; i < kernel.parameterCount; i++) bytes += (kernel.parameters[i].size + 15) / 16 * 16;
    struct Frame {
        std::unique_ptr<long double[]> values;  // long double: 16-byte aligned
        std::vector<void *> pointers;
    };
    auto frame = std::make_shared<Frame>();
    frame->values.reset(new long double[bytes / 16 + 1]);
    auto *next = reinterpret_cast<unsigned char *>(frame->values.get());
    for (unsigned i = 0; i < kernel.parameterCount; i++) {
        const Parameter &parameter = kernel.parameters[i];
        if (parameters[i] == nullptr) {
            violation("cuLaunchKernel: %s: parameter %u is null", kernel.name, i);
            return INVALID_VALUE;
        }
        memcpy(next, parameters[i], parameter.size);
        if (parameter.pointee != 0) {
            void *pointer;
            memcpy(&pointer, next, sizeof pointer);
            std::string what = std::string("parameter ") + std::to_string(i) + " of " + kernel.name;
            if (pointer != nullptr && !inside(pointer, 1, parameter.pointee, __func__, what.c_str())) {
                return ILLEGAL_ADDRESS;
            }
        }
        frame->pointers.push_back(next);
        next += (parameter.size + 15) / 16 * 16;
    }
    auto run = [frame, launch, function]() -> int {
        std::lock_guard<std::mutex> lock(function->module->mutex);
        // Guarded here too: leaving by a fault must not leave the mutex locked.
        return guarded(function->kernel->name, [&] {
            char message[256] = "";
            int status = function->kernel->run(&launch, frame->pointers.data(), message, sizeof message);
            if (status != 0) violation("%s: %s", function->kernel->name, message);
            return status;
        });
    };
    enqueue(*stream, {run, {}, kernel.name});
    return SUCCESS;
}
