// NVRTC over the host's compiler. The "PTX" (or "cubin") it gives names a shared library, for the simulated driver.
#include <cstring>
#include <string>
#include <vector>

#include "../core/control.h"
#include "../core/objects.h"
#include "compile.h"
#include "prelude.h"  // PRELUDE: core/kernel.h, simt/simt.h, simt/device.h as text, made by the build
#include "source.h"

using namespace cudasim;

namespace {

enum { SUCCESS = 0, INVALID_INPUT = 3, INVALID_PROGRAM = 4, INVALID_OPTION = 5, COMPILATION = 6, NO_NAME = 10 };

struct Program {
    std::string source;
    std::string name;
    std::string ptx;
    std::string cubin;  // empty where the architecture is a virtual one, as NVRTC has it
    std::string log;
};

Program *live(void *handle, const char *function) {
    return valid(Kind::PROGRAM, handle, function) ? static_cast<Program *>(handle) : nullptr;
}

bool startsWith(const std::string &text, const char *prefix) { return text.compare(0, strlen(prefix), prefix) == 0; }

// What NVRTC's options mean to the host's compiler.
struct Options {
    std::vector<std::string> host;
    std::string architecture = "compute_52";
    bool fused = true;

    // False at an option that NVRTC does not know.
    bool add(const std::string &option) {
        auto value = [&] { return option.substr(option.find('=') + 1); };
        if (startsWith(option, "--gpu-architecture=") || startsWith(option, "-arch=")) {
            architecture = value();
            return startsWith(architecture, "compute_") || startsWith(architecture, "sm_");
        }
        if (startsWith(option, "--fmad=") || startsWith(option, "-fmad=")) {
            fused = value() == "true";
            return fused || value() == "false";
        }
        if (startsWith(option, "--define-macro=")) {
            host.push_back("-D" + value());
            return true;
        }
        if (startsWith(option, "--include-path=")) {
            host.push_back("-I" + value());
            return true;
        }
        if (startsWith(option, "-D") && option.size() > 2) {
            host.push_back(option);
            return true;
        }
        if (startsWith(option, "--std=") || startsWith(option, "-std=")) return startsWith(value(), "c++");
        for (const char *harmless : {"--use_fast_math", "-use_fast_math", "--generate-line-info", "-lineinfo",
                     "--device-as-default-execution-space", "-default-device", "--restrict", "-restrict",
                     "--extra-device-vectorization", "-extra-device-vectorization", "--disable-warnings", "-w",
                     "--device-debug", "-G"}) {
            if (option == harmless) return true;
        }
        for (const char *harmless : {"--maxrregcount=", "-maxrregcount=", "--ftz=", "-ftz=", "--prec-div=", "-prec-div=",
                     "--prec-sqrt=", "-prec-sqrt=", "--diag-suppress=", "-diag-suppress=", "--split-compile="}) {
            if (startsWith(option, harmless)) return true;
        }
        return false;
    }
};

// "12.6"-like architecture number: compute_80 → 80.
int number(const std::string &architecture) {
    size_t digits = architecture.find('_');
    return digits == std::string::npos ? 0 : atoi(architecture.c_str() + digits + 1);
}

}  // namespace

CUDASIM_API int nvrtcVersion(int *major, int *minor) {
    CUDASIM_CALL();
    *major = 12;
    *minor = 6;
    return SUCCESS;
}

CUDASIM_API const char *nvrtcGetErrorString(int status) {
    switch (status) {
        case SUCCESS: return "NVRTC_SUCCESS";
        case 1: return "NVRTC_ERROR_OUT_OF_MEMORY";
        case 2: return "NVRTC_ERROR_PROGRAM_CREATION_FAILURE";
        case INVALID_INPUT: return "NVRTC_ERROR_INVALID_INPUT";
        case INVALID_PROGRAM: return "NVRTC_ERROR_INVALID_PROGRAM";
        case INVALID_OPTION: return "NVRTC_ERROR_INVALID_OPTION";
        case COMPILATION: return "NVRTC_ERROR_COMPILATION";
        case 7: return "NVRTC_ERROR_BUILTIN_OPERATION_FAILURE";
        case NO_NAME: return "NVRTC_ERROR_NAME_EXPRESSION_NOT_VALID";
        case 11: return "NVRTC_ERROR_INTERNAL_ERROR";
        default: return "NVRTC_ERROR unknown";
    }
}

CUDASIM_API int nvrtcGetNumSupportedArchs(int *count) {
    CUDASIM_CALL();
    *count = 13;
    return SUCCESS;
}

CUDASIM_API int nvrtcGetSupportedArchs(int *architectures) {
    CUDASIM_CALL();
    constexpr int all[] = {50, 52, 53, 60, 61, 62, 70, 72, 75, 80, 86, 89, 90};
    memcpy(architectures, all, sizeof all);
    return SUCCESS;
}

CUDASIM_API int nvrtcCreateProgram(
        Program **program, const char *source, const char *name, int headers, const char *const *, const char *const *) {
    CUDASIM_CALL();
    if (source == nullptr || headers < 0) return INVALID_INPUT;
    if (headers > 0) return unsupported("nvrtcCreateProgram with headers", INVALID_INPUT);
    *program = new Program{source, name && *name ? name : "default_program", "", "", ""};
    own(Kind::PROGRAM, *program);
    return SUCCESS;
}

CUDASIM_API int nvrtcDestroyProgram(Program **program) {
    CUDASIM_CALL();
    if (program == nullptr || !disown(Kind::PROGRAM, *program, __func__)) return INVALID_PROGRAM;
    delete *program;
    *program = nullptr;
    return SUCCESS;
}

CUDASIM_API int nvrtcCompileProgram(void *handle, int count, const char *const *given) {
    CUDASIM_CALL();
    Program *program = live(handle, __func__);
    if (program == nullptr) return INVALID_PROGRAM;
    Options options;
    for (int i = 0; i < count; i++) {
        if (options.add(given[i])) continue;
        program->log = "nvrtc: error: unrecognized option " + std::string(given[i]) + " found\n";
        return INVALID_OPTION;
    }
    int architecture = number(options.architecture);
    options.host.push_back("-D__CUDA_ARCH__=" + std::to_string(architecture * 10));
    // A GPU's compiler fuses multiply and add unless told not to.
    options.host.push_back(options.fused ? "-ffp-contract=fast" : "-ffp-contract=off");

    HostSource host = hostSource(program->source);
    std::string text = std::string(PRELUDE) + "#line 1 \"" + program->name + "\"\n" + host.text + "\n";
    for (const std::string &kernel : host.kernels) {
        text += "CUDASIM_KERNEL(" + kernel + ", " + (host.synchronizes ? "true" : "false") + ")\n";
    }
    Compiled compiled = compile(text, options.host);
    program->log = compiled.log;
    if (!compiled.succeeded) return COMPILATION;
    std::string mark = "// cudasim module: " + compiled.library + "\n";
    program->ptx = mark + ".version 8.5\n.target sm_" + std::to_string(architecture) + "\n.address_size 64\n";
    program->cubin = startsWith(options.architecture, "sm_") ? mark + "cubin sm_" + std::to_string(architecture) + "\n" : "";
    return SUCCESS;
}

CUDASIM_API int nvrtcGetPTXSize(void *handle, size_t *bytes) {
    CUDASIM_CALL();
    Program *program = live(handle, __func__);
    if (program == nullptr || program->ptx.empty()) return INVALID_PROGRAM;
    *bytes = program->ptx.size() + 1;
    return SUCCESS;
}

CUDASIM_API int nvrtcGetPTX(void *handle, char *ptx) {
    CUDASIM_CALL();
    Program *program = live(handle, __func__);
    if (program == nullptr || program->ptx.empty()) return INVALID_PROGRAM;
    memcpy(ptx, program->ptx.c_str(), program->ptx.size() + 1);
    return SUCCESS;
}

CUDASIM_API int nvrtcGetCUBINSize(void *handle, size_t *bytes) {
    CUDASIM_CALL();
    Program *program = live(handle, __func__);
    if (program == nullptr) return INVALID_PROGRAM;
    *bytes = program->cubin.empty() ? 0 : program->cubin.size() + 1;
    return SUCCESS;
}

CUDASIM_API int nvrtcGetCUBIN(void *handle, char *cubin) {
    CUDASIM_CALL();
    Program *program = live(handle, __func__);
    if (program == nullptr || program->cubin.empty()) return INVALID_PROGRAM;
    memcpy(cubin, program->cubin.c_str(), program->cubin.size() + 1);
    return SUCCESS;
}

CUDASIM_API int nvrtcGetProgramLogSize(void *handle, size_t *bytes) {
    CUDASIM_CALL();
    Program *program = live(handle, __func__);
    if (program == nullptr) return INVALID_PROGRAM;
    *bytes = program->log.size() + 1;
    return SUCCESS;
}

CUDASIM_API int nvrtcGetProgramLog(void *handle, char *log) {
    CUDASIM_CALL();
    Program *program = live(handle, __func__);
    if (program == nullptr) return INVALID_PROGRAM;
    memcpy(log, program->log.c_str(), program->log.size() + 1);
    return SUCCESS;
}
