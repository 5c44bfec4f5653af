// The functions of enum taxon_flag, of a float or of a vector T: value(x), and gradient(g, y) from the output, or gradient(g, x)
// from the input where the output does not tell it. with_activation() picks one; apply() runs it over elements.
#pragma once

#include "exponential.h"
#include "hyperbolic_tangent.h"
#include "taxon.h"

namespace taxon {

// 1 / (1 + exp(−x))
template <class T>
inline T logistic(T x) { return 1.f / (1.f + exponential(-x)); }

// The standard normal distribution, to a few ulp on both sides of 0.
template <class T>
struct Normal {
    T density;  // exp(−x²/2) / √2π
    T below;    // Φ(x)

    // Φ(−|x|) = exp(−x²/2) · P(t), t = 1 / (1 + 0.3 |x|), by scripts/fit_normal_tail.py; x² to twice the precision of float.
    explicit Normal(T x) {
        T a = absolute(x), square = a * a, rest = multiply_add(a, a, -square);
        T power = exponential(-0.5f * square);
        power = square < 170.f ? power - power * 0.5f * rest : power;  // beyond, exp is cut, and rest may be ∞ − ∞
        T t = 1.f / (1.f + 0.3f * a);
        T p = -2.0612945718e-02f * t + 1.1237641309e-01f;
        p = p * t + -2.2806901230e-01f;
        p = p * t + 1.9158369944e-01f;
        p = p * t + -7.9249010916e-02f;
        p = p * t + 9.6058727228e-02f;
        p = p * t + 7.8425269445e-02f;
        p = p * t + 1.1022739024e-01f;
        p = p * t + 1.1957283327e-01f;
        p = p * t + 1.1968663450e-01f;
        T tail = power * (p * t);
        density = 0.3989422804f * power;
        below = x > 0.f ? 1.f - tail : tail;
    }
};

struct Relu {
    template <class T>
    T value(T x) const { return x < 0.f ? T{} : x; }
    template <class T>
    T gradient(T g, T y) const { return y > 0.f ? g : T{}; }
};

struct Relu6 {
    template <class T>
    T value(T x) const { return cut(x, 0.f, 6.f); }
    template <class T>
    T gradient(T g, T y) const { return (y > 0.f) & (y < 6.f) ? g : T{}; }
};

// The slope is the only number.
struct LeakyRelu {
    float slope;
    explicit LeakyRelu(const double *numbers) : slope((float)numbers[0]) {}
    template <class T>
    T value(T x) const { return x > 0.f ? x : x * slope; }
    template <class T>
    T gradient(T g, T x) const { return x > 0.f ? g : g * slope; }
};

struct Tanh {
    template <class T>
    T value(T x) const { return hyperbolic_tangent(x); }
    template <class T>
    T gradient(T g, T y) const { return g * (1.f - y * y); }
};

struct Sigmoid {
    template <class T>
    T value(T x) const { return logistic(x); }
    template <class T>
    T gradient(T g, T y) const { return g * (y * (1.f - y)); }
};

// (x + bias) / divisor between low and high: the four numbers.
struct HardSigmoid {
    float bias, factor, low, high;
    explicit HardSigmoid(const double *numbers)
        : bias((float)numbers[0]), factor((float)(1 / numbers[1])), low((float)numbers[2]), high((float)numbers[3]) {}
    template <class T>
    T line(T x) const { return (x + bias) * factor; }
    template <class T>
    T value(T x) const { return cut(line(x), low, high); }
    template <class T>
    T gradient(T g, T x) const {
        T v = line(x);
        return (v >= low) & (v <= high) ? g * factor : T{};
    }
};

// x · relu6(x + 3) / 6
struct HardSwish {
    template <class T>
    T value(T x) const { return x * cut(x + 3.f, 0.f, 6.f) * (1.f / 6.f); }
    template <class T>
    T gradient(T g, T x) const {
        T inside = g * (x * (1.f / 3.f) + 0.5f), above = x < 3.f ? inside : g;
        return x <= -3.f ? T{} : above;
    }
};

// x · sigmoid(x)
struct Swish {
    template <class T>
    T value(T x) const { return x * logistic(x); }
    template <class T>
    T gradient(T g, T x) const {
        T s = logistic(x);
        return g * (s + x * s * (1.f - s));
    }
};

// x · Φ(x)
struct Gelu {
    template <class T>
    T value(T x) const { return x * Normal<T>(x).below; }
    template <class T>
    T gradient(T g, T x) const {
        Normal<T> normal(x);
        return g * (normal.below + x * normal.density);
    }
};

constexpr int ACTIVATIONS = TAXON_RELU | TAXON_TANH | TAXON_RELU6 | TAXON_LEAKY_RELU | TAXON_SIGMOID | TAXON_HARD_SIGMOID
        | TAXON_HARD_SWISH | TAXON_SWISH | TAXON_GELU;

// Calls body with the function that flags name. Numbers are those of taxon.h, for functions that have some.
template <class Body>
void with_activation(int flags, const double *numbers, const Body &body) {
    switch (flags & ACTIVATIONS) {
        case TAXON_RELU: return body(Relu{});
        case TAXON_RELU6: return body(Relu6{});
        case TAXON_LEAKY_RELU: return body(LeakyRelu(numbers));
        case TAXON_TANH: return body(Tanh{});
        case TAXON_SIGMOID: return body(Sigmoid{});
        case TAXON_HARD_SIGMOID: return body(HardSigmoid(numbers));
        case TAXON_HARD_SWISH: return body(HardSwish{});
        case TAXON_SWISH: return body(Swish{});
        case TAXON_GELU: return body(Gelu{});
    }
}

// dst = function of src, which may be the same, stored past the caches if told. The pointers are parameters: through a closure of a
// parallel region gcc reads them again for each element.
template <bool PAST = false, class Function>
inline void apply(float *dst, const float *src, int64_t count, Function function) {
    int64_t i = 0;
    for (; i + LANES <= count; i += LANES) put<PAST>(dst + i, function.value(load(src + i)));
    if (i < count) store_part(dst + i, function.value(load_part(src + i, count - i)), count - i);
    if (PAST) fence();
}

// diffSrc = the gradient before function, of what it kept.
template <bool PAST = false, class Function>
inline void apply_gradient(float *diffSrc, const float *diffDst, const float *kept, int64_t count, Function function) {
    int64_t i = 0;
    for (; i + LANES <= count; i += LANES) put<PAST>(diffSrc + i, function.gradient(load(diffDst + i), load(kept + i)));
    if (i < count) {
        int64_t rest = count - i;
        store_part(diffSrc + i, function.gradient(load_part(diffDst + i, rest), load_part(kept + i, rest)), rest);
    }
    if (PAST) fence();
}

}  // namespace taxon
