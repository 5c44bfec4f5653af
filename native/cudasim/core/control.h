// What a test steers and asks: faults on demand, counted calls, broken rules. See README.md for the C functions.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

#define CUDASIM_SHARED __attribute__((visibility("default")))
#define CUDASIM_API extern "C" CUDASIM_SHARED

namespace cudasim {

// One simulated function: how often it was called, and which error the test ordered from it.
class CUDASIM_SHARED Call {
public:
    explicit Call(const char *name);
    // The error ordered for this call, or 0.
    int enter() {
        count.fetch_add(1, std::memory_order_relaxed);
        return faultsOrdered.load(std::memory_order_relaxed) == 0 ? 0 : ordered();
    }
    const char *const name;
    std::atomic<int64_t> count{0};

    static std::atomic<int> faultsOrdered;

private:
    int ordered();
};

// Notes that the caller broke a rule, in a sentence.
CUDASIM_SHARED void violation(const char *format, ...) __attribute__((format(printf, 1, 2)));

// A function that JCuda binds and we do not simulate.
CUDASIM_SHARED int unsupported(const char *function, int status);

// A number that a test may set ("devices", "memory", "driver_version", …).
enum class Setting { DEVICES, MEMORY, DRIVER_VERSION, COMPUTE_MAJOR, COMPUTE_MINOR, EAGER, NOOP_KERNELS, REVERSE_ORDER, COUNT };
CUDASIM_SHARED int64_t setting(Setting);

// The error that the test ordered for the work about to run on a stream, or 0.
int orderedWorkFault();

}  // namespace cudasim

// First line of every simulated function that returns a status.
#define CUDASIM_CALL()                            \
    static cudasim::Call call_{__func__};         \
    if (int ordered_ = call_.enter()) return ordered_
