// What a kernel may call: barriers, warp exchange, atomics, mathematics, under CUDA's names.

static inline void __syncthreads() { cudasim::wait(cudasim::AT_BLOCK_BARRIER); }
static inline void __threadfence() {}
static inline void __threadfence_block() {}
static inline void __trap() { *static_cast<volatile int *>(nullptr) = 0; }

static inline void __syncwarp(unsigned mask = 0xffffffffu) {
    cudasim::mask[cudasim::running] = mask;
    cudasim::wait(cudasim::AT_WARP_BARRIER);
}

namespace cudasim {

// Shows a value to the threads of the mask and waits for theirs.
template <class T> static void show(unsigned named, T value) {
    static_assert(sizeof(T) <= 8, "a shuffled value has at most 8 bytes");
    unsigned long long bits = 0;
    memcpy(&bits, &value, sizeof value);
    posted[running] = bits;
    __syncwarp(named);
}

// What a lane of this thread's warp showed; poison where it has ended, was never there, or is not in the mask.
template <class T> static T seen(unsigned named, int lane) {
    unsigned thread = (running & ~31u) + static_cast<unsigned>(lane);
    unsigned long long bits = thread < threads && (named >> lane & 1) ? delivered[thread] : ~0ull;
    T value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

template <class T> static T shuffle(unsigned named, T value, int from, bool within) {
    show(named, value);
    return within ? seen<T>(named, from) : value;
}

static inline int lane() { return static_cast<int>(running & 31); }

}  // namespace cudasim

#define CUDASIM_SHUFFLES(T)                                                                                          \
    static inline T __shfl_sync(unsigned mask, T value, int from, int width = 32) {                                  \
        return cudasim::shuffle(mask, value, (cudasim::lane() & ~(width - 1)) + (from & (width - 1)), true);         \
    }                                                                                                                \
    static inline T __shfl_up_sync(unsigned mask, T value, unsigned by, int width = 32) {                            \
        int from = cudasim::lane() - static_cast<int>(by);                                                           \
        return cudasim::shuffle(mask, value, from, from >= (cudasim::lane() & ~(width - 1)));                        \
    }                                                                                                                \
    static inline T __shfl_down_sync(unsigned mask, T value, unsigned by, int width = 32) {                          \
        int from = cudasim::lane() + static_cast<int>(by);                                                           \
        return cudasim::shuffle(mask, value, from, from < (cudasim::lane() & ~(width - 1)) + width);                 \
    }                                                                                                                \
    static inline T __shfl_xor_sync(unsigned mask, T value, int by, int width = 32) {                                \
        int from = cudasim::lane() ^ by;                                                                             \
        return cudasim::shuffle(mask, value, from, from < (cudasim::lane() & ~(width - 1)) + width);                 \
    }
CUDASIM_SHUFFLES(int)
CUDASIM_SHUFFLES(unsigned)
CUDASIM_SHUFFLES(long long)
CUDASIM_SHUFFLES(unsigned long long)
CUDASIM_SHUFFLES(float)
CUDASIM_SHUFFLES(double)
#undef CUDASIM_SHUFFLES

static inline unsigned __ballot_sync(unsigned mask, int predicate) {
    cudasim::show(mask, predicate != 0 ? 1 : 0);
    unsigned votes = 0;
    for (int lane = 0; lane < 32; lane++) {
        if (cudasim::seen<int>(mask, lane) == 1) votes |= 1u << lane;  // poison is no vote
    }
    return votes;
}
static inline int __any_sync(unsigned mask, int predicate) { return __ballot_sync(mask, predicate) != 0; }
static inline int __all_sync(unsigned mask, int predicate) { return __ballot_sync(mask, predicate == 0) == 0; }

#define CUDASIM_ATOMICS(T)                                                          \
    static inline T atomicAdd(T *at, T value) { T old = *at; *at = old + value; return old; } \
    static inline T atomicExch(T *at, T value) { T old = *at; *at = value; return old; }      \
    static inline T atomicMax(T *at, T value) { T old = *at; if (value > old) *at = value; return old; } \
    static inline T atomicMin(T *at, T value) { T old = *at; if (value < old) *at = value; return old; } \
    static inline T atomicCAS(T *at, T expected, T value) { T old = *at; if (old == expected) *at = value; return old; }
CUDASIM_ATOMICS(int)
CUDASIM_ATOMICS(unsigned)
CUDASIM_ATOMICS(unsigned long long)
#undef CUDASIM_ATOMICS
static inline float atomicAdd(float *at, float value) { float old = *at; *at = old + value; return old; }
static inline double atomicAdd(double *at, double value) { double old = *at; *at = old + value; return old; }
static inline float atomicExch(float *at, float value) { float old = *at; *at = value; return old; }
static inline unsigned atomicOr(unsigned *at, unsigned value) { unsigned old = *at; *at = old | value; return old; }
static inline unsigned atomicAnd(unsigned *at, unsigned value) { unsigned old = *at; *at = old & value; return old; }
static inline int atomicOr(int *at, int value) { int old = *at; *at = old | value; return old; }
static inline unsigned atomicInc(unsigned *at, unsigned limit) {
    unsigned old = *at;
    *at = old >= limit ? 0 : old + 1;
    return old;
}

template <class T> static inline T __ldg(const T *at) { return *at; }

template <class To, class From> static inline To cudasim_bits(From from) {
    static_assert(sizeof(To) == sizeof(From), "same size");
    To to;
    memcpy(&to, &from, sizeof to);
    return to;
}
static inline int __float_as_int(float x) { return cudasim_bits<int>(x); }
static inline unsigned __float_as_uint(float x) { return cudasim_bits<unsigned>(x); }
static inline float __int_as_float(int x) { return cudasim_bits<float>(x); }
static inline float __uint_as_float(unsigned x) { return cudasim_bits<float>(x); }
static inline long long __double_as_longlong(double x) { return cudasim_bits<long long>(x); }
static inline double __longlong_as_double(long long x) { return cudasim_bits<double>(x); }
static inline unsigned __umulhi(unsigned a, unsigned b) { return static_cast<unsigned>((1ull * a * b) >> 32); }
static inline int __mulhi(int a, int b) { return static_cast<int>((1ll * a * b) >> 32); }
static inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
    return static_cast<unsigned long long>((static_cast<unsigned __int128>(a) * b) >> 64);
}
static inline int __popc(unsigned x) { return __builtin_popcount(x); }
static inline int __popcll(unsigned long long x) { return __builtin_popcountll(x); }
static inline int __clz(int x) { return x ? __builtin_clz(static_cast<unsigned>(x)) : 32; }
static inline int __ffs(int x) { return __builtin_ffs(x); }

// Declared, not included: the C library's functions under their own names, which are CUDA's too.
#define CUDASIM_UNARY(name)               \
    extern "C" float name##f(float);      \
    extern "C" double name(double);       \
    static inline float name(float x) { return name##f(x); }
CUDASIM_UNARY(exp) CUDASIM_UNARY(exp2) CUDASIM_UNARY(expm1) CUDASIM_UNARY(log) CUDASIM_UNARY(log2) CUDASIM_UNARY(log10)
CUDASIM_UNARY(log1p) CUDASIM_UNARY(sqrt) CUDASIM_UNARY(cbrt) CUDASIM_UNARY(sin) CUDASIM_UNARY(cos) CUDASIM_UNARY(tan)
CUDASIM_UNARY(asin) CUDASIM_UNARY(acos) CUDASIM_UNARY(atan) CUDASIM_UNARY(sinh) CUDASIM_UNARY(cosh) CUDASIM_UNARY(tanh)
CUDASIM_UNARY(erf) CUDASIM_UNARY(erfc) CUDASIM_UNARY(floor) CUDASIM_UNARY(ceil) CUDASIM_UNARY(trunc) CUDASIM_UNARY(round)
CUDASIM_UNARY(rint) CUDASIM_UNARY(fabs) CUDASIM_UNARY(lgamma)
#undef CUDASIM_UNARY
#define CUDASIM_BINARY(name)                     \
    extern "C" float name##f(float, float);      \
    extern "C" double name(double, double);      \
    static inline float name(float x, float y) { return name##f(x, y); }
CUDASIM_BINARY(pow) CUDASIM_BINARY(fmod) CUDASIM_BINARY(fmin) CUDASIM_BINARY(fmax) CUDASIM_BINARY(atan2)
CUDASIM_BINARY(copysign) CUDASIM_BINARY(hypot)
#undef CUDASIM_BINARY
static inline float fmaf(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
static inline double fma(double a, double b, double c) { return __builtin_fma(a, b, c); }
static inline float rsqrtf(float x) { return 1.0f / sqrtf(x); }
static inline double rsqrt(double x) { return 1.0 / sqrt(x); }
static inline float normcdff(float x) { return 0.5f * erfcf(-x * 0.70710678f); }
static inline void sincosf(float x, float *s, float *c) { *s = sinf(x), *c = cosf(x); }
static inline int abs(int x) { return x < 0 ? -x : x; }
static inline float abs(float x) { return fabsf(x); }
static inline bool isnan(float x) { return x != x; }
static inline bool isnan(double x) { return x != x; }
static inline bool isinf(float x) { return __builtin_isinf(x); }
static inline bool isfinite(float x) { return __builtin_isfinite(x); }

#define CUDASIM_ORDER(T)                                               \
    static inline T min(T a, T b) { return b < a ? b : a; }            \
    static inline T max(T a, T b) { return a < b ? b : a; }
CUDASIM_ORDER(int) CUDASIM_ORDER(unsigned) CUDASIM_ORDER(long) CUDASIM_ORDER(unsigned long) CUDASIM_ORDER(long long)
CUDASIM_ORDER(unsigned long long)
#undef CUDASIM_ORDER
static inline float min(float a, float b) { return fminf(a, b); }
static inline float max(float a, float b) { return fmaxf(a, b); }
static inline double min(double a, double b) { return fmin(a, b); }
static inline double max(double a, double b) { return fmax(a, b); }

static inline float __expf(float x) { return expf(x); }
static inline float __exp10f(float x) { return powf(10.0f, x); }
static inline float __logf(float x) { return logf(x); }
static inline float __log2f(float x) { return log2f(x); }
static inline float __powf(float x, float y) { return powf(x, y); }
static inline float __sinf(float x) { return sinf(x); }
static inline float __cosf(float x) { return cosf(x); }
static inline float __fdividef(float x, float y) { return x / y; }
static inline float __saturatef(float x) { return x > 0 ? (x < 1 ? x : 1.0f) : 0.0f; }

// Rounded on their own: the compiler may not fuse these into a multiply-add.
static inline float cudasim_rounded(float x) { asm("" : "+x"(x)); return x; }
static inline float __fadd_rn(float a, float b) { return cudasim_rounded(a + b); }
static inline float __fsub_rn(float a, float b) { return cudasim_rounded(a - b); }
static inline float __fmul_rn(float a, float b) { return cudasim_rounded(a * b); }
static inline float __fdiv_rn(float a, float b) { return cudasim_rounded(a / b); }
static inline float __frcp_rn(float x) { return cudasim_rounded(1.0f / x); }
static inline float __fsqrt_rn(float x) { return cudasim_rounded(sqrtf(x)); }
static inline float __frsqrt_rn(float x) { return cudasim_rounded(1.0f / sqrtf(x)); }
static inline float __fmaf_rn(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
static inline double cudasim_rounded(double x) { asm("" : "+x"(x)); return x; }
static inline double __dadd_rn(double a, double b) { return cudasim_rounded(a + b); }
static inline double __dsub_rn(double a, double b) { return cudasim_rounded(a - b); }
static inline double __dmul_rn(double a, double b) { return cudasim_rounded(a * b); }
static inline double __ddiv_rn(double a, double b) { return cudasim_rounded(a / b); }
static inline double __dsqrt_rn(double x) { return cudasim_rounded(sqrt(x)); }
static inline double __fma_rn(double a, double b, double c) { return __builtin_fma(a, b, c); }
static inline int __float2int_rn(float x) { return static_cast<int>(rintf(x)); }
static inline int __float2int_rz(float x) { return static_cast<int>(x); }
static inline int __float2int_rd(float x) { return static_cast<int>(floorf(x)); }
static inline float __int2float_rn(int x) { return static_cast<float>(x); }
static inline float __uint2float_rn(unsigned x) { return static_cast<float>(x); }
static inline float __double2float_rn(double x) { return static_cast<float>(x); }

#define CUDASIM_VECTORS(T, name)                                                                          \
    struct __attribute__((aligned(2 * sizeof(T)))) name##2 { T x, y; };                                   \
    struct name##3 { T x, y, z; };                                                                        \
    struct __attribute__((aligned(16))) name##4 { T x, y, z, w; };                                        \
    static inline name##2 make_##name##2(T x, T y) { return {x, y}; }                                     \
    static inline name##3 make_##name##3(T x, T y, T z) { return {x, y, z}; }                             \
    static inline name##4 make_##name##4(T x, T y, T z, T w) { return {x, y, z, w}; }
CUDASIM_VECTORS(float, float)
CUDASIM_VECTORS(int, int)
#undef CUDASIM_VECTORS
struct __attribute__((aligned(8))) uint2 { unsigned x, y; };
struct __attribute__((aligned(16))) uint4 { unsigned x, y, z, w; };
static inline uint2 make_uint2(unsigned x, unsigned y) { return {x, y}; }
static inline uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) { return {x, y, z, w}; }
