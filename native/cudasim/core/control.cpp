#include "control.h"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <vector>

#include "objects.h"

namespace cudasim {

std::atomic<int> Call::faultsOrdered{0};

namespace {

struct Fault {
    std::string function;
    int status;
    int64_t after;  // calls that still succeed
};

struct State {
    std::mutex mutex;
    std::vector<Call *> calls;
    std::vector<Fault> faults;
    int64_t violations = 0;
    std::string lastViolation;
    std::string lastUnsupported;
    bool log = getenv("CUDASIM_LOG") != nullptr;
};

// Never destroyed: the JVM calls into us until the process ends.
State &state() {
    static State *only = new State;
    return *only;
}

constexpr const char *SETTING_NAMES[] = {"devices", "memory", "driver_version", "compute_major", "compute_minor", "eager",
        "noop_kernels", "reverse_order"};
constexpr int64_t DEFAULTS[] = {1, int64_t{4} << 30, 12060, 8, 0, 0, 0, 0};
constexpr int SETTINGS = static_cast<int>(Setting::COUNT);

std::atomic<int64_t> *settings() {
    static std::atomic<int64_t> *values = [] {
        auto *fresh = new std::atomic<int64_t>[SETTINGS];
        for (int i = 0; i < SETTINGS; i++) {
            std::string variable = std::string("CUDASIM_") + SETTING_NAMES[i];
            for (char &c : variable) c = static_cast<char>(toupper(c));
            const char *given = getenv(variable.c_str());
            fresh[i] = given ? strtoll(given, nullptr, 10) : DEFAULTS[i];
        }
        return fresh;
    }();
    return values;
}

constexpr const char *WORK = "work";  // faults in asynchronous work, not at a call

}  // namespace

int64_t setting(Setting which) { return settings()[static_cast<int>(which)].load(std::memory_order_relaxed); }

Call::Call(const char *function) : name(function) {
    std::lock_guard<std::mutex> lock(state().mutex);
    state().calls.push_back(this);
}

static int takeFault(const char *function) {
    State &s = state();
    std::lock_guard<std::mutex> lock(s.mutex);
    for (size_t i = 0; i < s.faults.size(); i++) {
        Fault &fault = s.faults[i];
        if (fault.function != function) continue;
        if (fault.after-- > 0) continue;
        int status = fault.status;
        s.faults.erase(s.faults.begin() + static_cast<long>(i));
        Call::faultsOrdered--;
        return status;
    }
    return 0;
}

int Call::ordered() { return takeFault(name); }

int orderedWorkFault() { return Call::faultsOrdered.load(std::memory_order_relaxed) == 0 ? 0 : takeFault(WORK); }

void violation(const char *format, ...) {
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    State &s = state();
    std::lock_guard<std::mutex> lock(s.mutex);
    s.violations++;
    s.lastViolation = text;
    if (s.log) fprintf(stderr, "cudasim: %s\n", text);
}

int unsupported(const char *function, int status) {
    State &s = state();
    std::lock_guard<std::mutex> lock(s.mutex);
    s.lastUnsupported = function;
    if (s.log) fprintf(stderr, "cudasim: %s is not simulated\n", function);
    return status;
}

}  // namespace cudasim

using namespace cudasim;

CUDASIM_API int cudasim_set(const char *name, int64_t value) {
    for (int i = 0; i < SETTINGS; i++) {
        if (strcmp(name, SETTING_NAMES[i]) == 0) {
            settings()[i] = value;
            return 0;
        }
    }
    return 1;
}

CUDASIM_API void cudasim_fail(const char *function, int status, int64_t after) {
    std::lock_guard<std::mutex> lock(state().mutex);
    state().faults.push_back({function, status, after});
    Call::faultsOrdered++;
}

CUDASIM_API void cudasim_forget_faults() {
    std::lock_guard<std::mutex> lock(state().mutex);
    Call::faultsOrdered -= static_cast<int>(state().faults.size());
    state().faults.clear();
}

CUDASIM_API int64_t cudasim_calls(const char *function) {
    std::lock_guard<std::mutex> lock(state().mutex);
    int64_t count = 0;
    for (Call *call : state().calls) {
        if (*function == '\0' || strcmp(call->name, function) == 0) count += call->count;
    }
    return count;
}

static const char *copy(const std::string &text) {
    static thread_local std::string kept;
    kept = text;
    return kept.c_str();
}

CUDASIM_API int64_t cudasim_violations() {
    std::lock_guard<std::mutex> lock(state().mutex);
    return state().violations;
}

CUDASIM_API const char *cudasim_last_violation() {
    std::lock_guard<std::mutex> lock(state().mutex);
    return copy(state().lastViolation);
}

CUDASIM_API const char *cudasim_last_unsupported() {
    std::lock_guard<std::mutex> lock(state().mutex);
    return copy(state().lastUnsupported);
}

CUDASIM_API int64_t cudasim_leaks() { return objectsLeft(); }

CUDASIM_API const char *cudasim_leak_report() { return copy(objectsReport()); }

CUDASIM_API void cudasim_clear() {
    cudasim_forget_faults();
    forgetObjects();
    std::lock_guard<std::mutex> lock(state().mutex);
    state().violations = 0;
    state().lastViolation.clear();
    state().lastUnsupported.clear();
    for (Call *call : state().calls) call->count = 0;
}
