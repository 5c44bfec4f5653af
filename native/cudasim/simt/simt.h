// Runs CUDA kernels on the host: the simulated NVRTC puts this (after core/kernel.h) in front of a program's source.
// Blocks run one after the other. Threads of a block are plain calls, or fibers where the program synchronizes: each
// runs until a barrier, so a forgotten __syncthreads() reads what the others have not yet written.
// No header of the standard library is included, because NVRTC has none either, and compiling is quick so.

typedef __SIZE_TYPE__ size_t;
typedef __PTRDIFF_TYPE__ ptrdiff_t;

#define __CUDACC_RTC__ 1
#define __CUDACC__ 1
#ifndef __CUDA_ARCH__
#define __CUDA_ARCH__ 800
#endif
#define __global__
#define __device__
#define __host__
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __launch_bounds__(...)
#define __align__(n) __attribute__((aligned(n)))
#define __constant__ static
#define __shared__ static __attribute__((section("cudasim_shared")))
#define warpSize 32

extern "C" {
void *memset(void *, int, size_t);
void *memcpy(void *, const void *, size_t);
int printf(const char *, ...);
int snprintf(char *, size_t, const char *, ...);
void *malloc(size_t);
}

struct uint3 {
    unsigned x, y, z;
};

struct dim3 {
    unsigned x, y, z;
    constexpr dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
};

static uint3 threadIdx, blockIdx;
static dim3 blockDim, gridDim;

// Where the linker puts what is __shared__ (absent where nothing is).
extern "C" {
extern unsigned char __start_cudasim_shared[] __attribute__((weak, visibility("hidden")));
extern unsigned char __stop_cudasim_shared[] __attribute__((weak, visibility("hidden")));
}

namespace cudasim {

constexpr unsigned THREADS = 1024;
constexpr unsigned STACK = 65536;
constexpr unsigned DYNAMIC = 49152;
constexpr unsigned CANARY = 64;

alignas(128) static unsigned char dynamicShared[DYNAMIC + CANARY];

enum State : unsigned char { READY, AT_BLOCK_BARRIER, AT_WARP_BARRIER, DONE };

static State state[THREADS];
static unsigned mask[THREADS];
static unsigned long long posted[THREADS];     // what a thread shows the others of its warp
static unsigned long long delivered[THREADS];  // the same, fixed when the warp goes on
static void *stackPointer[THREADS];
static unsigned char *stacks;
static void *schedulerStack;
static unsigned running;
static unsigned threads;
static void (*body)(void **);
static void **arguments;

// Saves the callee-saved registers and the stack of one fiber, goes on with another (System V x86-64).
extern "C" void cudasim_switch(void **from, void *to) __attribute__((visibility("hidden")));
asm(R"(
    .text
    .hidden cudasim_switch
    .globl cudasim_switch
    .type cudasim_switch, @function
cudasim_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
)");

static inline void place(unsigned thread) {
    threadIdx.x = thread % blockDim.x;
    threadIdx.y = thread / blockDim.x % blockDim.y;
    threadIdx.z = thread / blockDim.x / blockDim.y;
}

static void fiber() {
    body(arguments);
    state[running] = DONE;
    cudasim_switch(&stackPointer[running], schedulerStack);
}

static void wait(State barrier) {
    unsigned me = running;
    state[me] = barrier;
    cudasim_switch(&stackPointer[me], schedulerStack);
}

static void resume(unsigned thread) {
    running = thread;
    place(thread);
    cudasim_switch(&schedulerStack, stackPointer[thread]);
}

static void start(unsigned thread) {
    auto **top = reinterpret_cast<void **>(stacks + static_cast<size_t>(thread + 1) * STACK);
    *--top = nullptr;                                // keeps the stack aligned as at a call
    *--top = reinterpret_cast<void *>(&fiber);       // where the switch returns to
    for (int i = 0; i < 6; i++) *--top = nullptr;    // the saved registers
    stackPointer[thread] = top;
    state[thread] = READY;
}

// Lets a warp go on where all threads named by the waiting ones' mask are there; a thread that ended is not waited for.
static bool releaseWarps() {
    bool any = false;
    for (unsigned t = 0; t < threads; t++) {
        if (state[t] != AT_WARP_BARRIER) continue;
        unsigned first = t & ~31u;
        bool all = true;
        for (unsigned lane = 0; lane < 32 && first + lane < threads; lane++) {
            State s = state[first + lane];
            if ((mask[t] >> lane & 1) && s != DONE && !(s == AT_WARP_BARRIER && mask[first + lane] == mask[t])) all = false;
        }
        if (!all) continue;
        unsigned together = mask[t];
        for (unsigned lane = 0; lane < 32 && first + lane < threads; lane++) {
            if (!(together >> lane & 1)) continue;
            bool ended = state[first + lane] == DONE;
            delivered[first + lane] = ended ? ~0ull : posted[first + lane];
            if (!ended) state[first + lane] = READY;
        }
        any = true;
    }
    return any;
}

// False where threads wait for each other at different barriers.
static bool release(bool *ended) {
    *ended = true;
    bool ready = false, allAtBlock = true;
    for (unsigned t = 0; t < threads; t++) {
        if (state[t] == DONE) continue;
        *ended = false;
        if (state[t] == READY) ready = true;
        if (state[t] != AT_BLOCK_BARRIER) allAtBlock = false;
    }
    if (*ended || ready) return true;
    if (releaseWarps()) return true;
    if (!allAtBlock) return false;
    for (unsigned t = 0; t < threads; t++) {
        if (state[t] == AT_BLOCK_BARRIER) state[t] = READY;
    }
    return true;
}

static bool runFibers(bool reverse) {
    for (unsigned t = 0; t < threads; t++) start(t);
    for (bool ended = false; !ended;) {
        for (unsigned i = 0; i < threads; i++) {
            unsigned t = reverse ? threads - 1 - i : i;
            if (state[t] == READY) resume(t);
        }
        if (!release(&ended)) return false;
    }
    return true;
}

static bool runCalls(bool reverse) {
    for (unsigned i = 0; i < threads; i++) {
        place(reverse ? threads - 1 - i : i);
        body(arguments);
    }
    return true;
}

static int runBlock(const Launch &launch, bool fibers, char *message, size_t messageBytes) {
    if (__start_cudasim_shared) {
        memset(__start_cudasim_shared, 0xFF, static_cast<size_t>(__stop_cudasim_shared - __start_cudasim_shared));
    }
    memset(dynamicShared, 0xFF, launch.shared);
    memset(dynamicShared + launch.shared, 0xA5, CANARY);
    if (!(fibers ? runFibers(launch.reverse) : runCalls(launch.reverse))) {
        snprintf(message, messageBytes, "threads of block (%u, %u, %u) wait at different barriers", blockIdx.x, blockIdx.y,
                blockIdx.z);
        return 719;  // CUDA_ERROR_LAUNCH_FAILED
    }
    for (unsigned i = 0; i < CANARY; i++) {
        if (dynamicShared[launch.shared + i] == 0xA5) continue;
        snprintf(message, messageBytes, "wrote past the %u bytes of dynamic shared memory", launch.shared);
        return 700;  // CUDA_ERROR_ILLEGAL_ADDRESS
    }
    return 0;
}

static int runGrid(void (*kernel)(void **), const Launch &launch, void **parameters, bool fibers, char *message,
        size_t messageBytes) {
    body = kernel;
    arguments = parameters;
    gridDim = {launch.grid[0], launch.grid[1], launch.grid[2]};
    blockDim = {launch.block[0], launch.block[1], launch.block[2]};
    threads = launch.block[0] * launch.block[1] * launch.block[2];
    if (fibers && stacks == nullptr) {
        stacks = static_cast<unsigned char *>(malloc(static_cast<size_t>(THREADS) * STACK + 16));
        stacks += 16 - reinterpret_cast<size_t>(stacks) % 16;
    }
    size_t blocks = static_cast<size_t>(gridDim.x) * gridDim.y * gridDim.z;
    for (size_t i = 0; i < blocks; i++) {
        size_t b = launch.reverse ? blocks - 1 - i : i;
        blockIdx.x = static_cast<unsigned>(b % gridDim.x);
        blockIdx.y = static_cast<unsigned>(b / gridDim.x % gridDim.y);
        blockIdx.z = static_cast<unsigned>(b / gridDim.x / gridDim.y);
        if (int status = runBlock(launch, fibers, message, messageBytes)) return status;
    }
    return 0;
}

template <class T> struct Described {
    static constexpr Parameter value{sizeof(T), 0};
};
template <class T> struct Described<T *> {
    static constexpr Parameter value{sizeof(T *), alignof(T)};
};
template <> struct Described<void *> {
    static constexpr Parameter value{sizeof(void *), 1};
};
template <> struct Described<const void *> {
    static constexpr Parameter value{sizeof(void *), 1};
};

template <unsigned... I> struct Indices {};

template <class F> struct Signature;
template <class... A> struct Signature<void (*)(A...)> {
    static constexpr unsigned count = sizeof...(A);
    static constexpr Parameter parameters[count + 1] = {Described<A>::value..., {0, 0}};
    using All = Indices<__integer_pack(count)...>;

    template <auto F, unsigned... I> static inline void apply(void **values, Indices<I...>) {
        F(*static_cast<A *>(values[I])...);
    }
};

template <auto F> struct Entry {
    using S = Signature<decltype(F)>;
    static void call(void **values) { S::template apply<F>(values, typename S::All{}); }
    template <bool FIBERS> static int run(const Launch *launch, void **values, char *message, size_t messageBytes) {
        return runGrid(&call, *launch, values, FIBERS, message, messageBytes);
    }
};

}  // namespace cudasim

#define CUDASIM_KERNEL(function, fibers)                                                                        \
    extern "C" __attribute__((visibility("default"))) const cudasim::Kernel cudasim_kernel_##function = {       \
            #function, cudasim::Entry<&function>::S::parameters, cudasim::Entry<&function>::S::count, 0,        \
            &cudasim::Entry<&function>::run<fibers>};
