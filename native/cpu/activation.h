// The functions of enum taxon_flag: value(x), and gradient(g, y) from the output, or gradient(g, x) from the input where
// the output does not tell it. with_activation() picks one; loops over them vectorize.
#pragma once

#include <cmath>

#include "exponential.h"
#include "hyperbolic_tangent.h"
#include "taxon.h"

namespace taxon {

// 1 / (1 + exp(−x))
inline float logistic(float x) { return 1.f / (1.f + exponential(-x)); }

// The standard normal distribution, to a few ulp on both sides of 0.
struct Normal {
    float density;  // exp(−x²/2) / √2π
    float below;    // Φ(x)

    // Φ(−|x|) = exp(−x²/2) · P(t), t = 1 / (1 + 0.3 |x|), by scripts/fit_normal_tail.py; x² to twice the precision of float.
    explicit Normal(float x) {
        float a = std::fabs(x), square = a * a, rest = std::fma(a, a, -square);
        float power = exponential(-0.5f * square);
        if (square < 170.f) power -= power * 0.5f * rest;  // beyond, exp is cut, and rest may be ∞ − ∞
        float t = 1.f / (1.f + 0.3f * a);
        float p = -2.0612945718e-02f;
        p = p * t + 1.1237641309e-01f;
        p = p * t + -2.2806901230e-01f;
        p = p * t + 1.9158369944e-01f;
        p = p * t + -7.9249010916e-02f;
        p = p * t + 9.6058727228e-02f;
        p = p * t + 7.8425269445e-02f;
        p = p * t + 1.1022739024e-01f;
        p = p * t + 1.1957283327e-01f;
        p = p * t + 1.1968663450e-01f;
        float tail = power * (p * t);
        density = 0.3989422804f * power;
        below = x > 0.f ? 1.f - tail : tail;
    }
};

struct Relu {
    float value(float x) const { return x < 0.f ? 0.f : x; }
    float gradient(float g, float y) const { return y > 0.f ? g : 0.f; }
};

struct Relu6 {
    float value(float x) const { return x < 0.f ? 0.f : x > 6.f ? 6.f : x; }
    float gradient(float g, float y) const { return (y > 0.f) & (y < 6.f) ? g : 0.f; }
};

// The slope is the only number.
struct LeakyRelu {
    float slope;
    explicit LeakyRelu(const double *numbers) : slope((float)numbers[0]) {}
    float value(float x) const { return x > 0.f ? x : x * slope; }
    float gradient(float g, float x) const { return x > 0.f ? g : g * slope; }
};

struct Tanh {
    float value(float x) const { return hyperbolic_tangent(x); }
    float gradient(float g, float y) const { return g * (1.f - y * y); }
};

struct Sigmoid {
    float value(float x) const { return logistic(x); }
    float gradient(float g, float y) const { return g * (y * (1.f - y)); }
};

// (x + bias) / divisor between low and high: the four numbers.
struct HardSigmoid {
    float bias, factor, low, high;
    explicit HardSigmoid(const double *numbers)
        : bias((float)numbers[0]), factor((float)(1 / numbers[1])), low((float)numbers[2]), high((float)numbers[3]) {}
    float line(float x) const { return (x + bias) * factor; }
    float value(float x) const {
        float v = line(x);
        return v < low ? low : v > high ? high : v;
    }
    float gradient(float g, float x) const {
        float v = line(x);
        return (v >= low) & (v <= high) ? g * factor : 0.f;
    }
};

// x · relu6(x + 3) / 6
struct HardSwish {
    float value(float x) const {
        float v = x + 3.f;
        return x * (v < 0.f ? 0.f : v > 6.f ? 6.f : v) * (1.f / 6.f);
    }
    float gradient(float g, float x) const {
        float inside = g * (x * (1.f / 3.f) + 0.5f);
        return x <= -3.f ? 0.f : x < 3.f ? inside : g;
    }
};

// x · sigmoid(x)
struct Swish {
    float value(float x) const { return x * logistic(x); }
    float gradient(float g, float x) const {
        float s = logistic(x);
        return g * (s + x * s * (1.f - s));
    }
};

// x · Φ(x)
struct Gelu {
    float value(float x) const { return x * Normal(x).below; }
    float gradient(float g, float x) const {
        Normal normal(x);
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

}  // namespace taxon
