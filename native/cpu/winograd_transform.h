// The one-dimensional transforms of Winograd's minimal filtering F(M, 3), in which M outputs of a filter of three taps cost
// M + 2 products: y = Aᵀ[(G g) ⊙ (Bᵀ d)], and its transpose for the filter's gradient, g' = Gᵀ[(A y') ⊙ (Bᵀ d)].
// Source: Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks" (2015), equations 7 and 12; in two
// dimensions a transform is applied to the columns, then to the rows.
#pragma once

#include "vec.h"

namespace taxon {

template <int M>
struct Winograd;

// Points 0, 1, −1, 2, −2 and ∞.
template <>
struct Winograd<4> {
    static constexpr int EDGE = 6;

    static void input(const Vec *d, Vec *o) {  // Bᵀ, 6 → 6
        Vec even = d[4] - 4.f * d[2], odd = d[3] - 4.f * d[1], far = d[4] - d[2], slope = 2.f * (d[3] - d[1]);
        o[0] = 4.f * d[0] + (d[4] - 5.f * d[2]);
        o[1] = even + odd;
        o[2] = even - odd;
        o[3] = far + slope;
        o[4] = far - slope;
        o[5] = 4.f * d[1] + (d[5] - 5.f * d[3]);
    }
    static void output(const Vec *m, Vec *o) {  // Aᵀ, 6 → 4
        Vec a = m[1] + m[2], b = m[1] - m[2], c = m[3] + m[4], d = m[3] - m[4];
        o[0] = m[0] + (a + c);
        o[1] = b + 2.f * d;
        o[2] = a + 4.f * c;
        o[3] = (b + 8.f * d) + m[5];
    }
    static void weights(const Vec *g, Vec *o) {  // G, 3 → 6
        Vec ends = g[0] + g[2], far = (1.f / 24) * g[0] + (1.f / 6) * g[2];
        o[0] = 0.25f * g[0];
        o[1] = (-1.f / 6) * (ends + g[1]);
        o[2] = (-1.f / 6) * (ends - g[1]);
        o[3] = far + (1.f / 12) * g[1];
        o[4] = far - (1.f / 12) * g[1];
        o[5] = g[2];
    }
    static void spread(const Vec *y, Vec *o) {  // A, 4 → 6
        Vec p = y[0] + y[2], q = y[1] + y[3], r = y[0] + 4.f * y[2], s = 2.f * y[1] + 8.f * y[3];
        o[0] = y[0];
        o[1] = p + q;
        o[2] = p - q;
        o[3] = r + s;
        o[4] = r - s;
        o[5] = y[3];
    }
    static void gradient(const Vec *u, Vec *o) {  // Gᵀ, 6 → 3
        Vec a = u[1] + u[2], b = u[1] - u[2], c = u[3] + u[4], d = u[3] - u[4];
        o[0] = 0.25f * u[0] + ((1.f / 24) * c - (1.f / 6) * a);
        o[1] = (1.f / 12) * d - (1.f / 6) * b;
        o[2] = u[5] + (1.f / 6) * (c - a);
    }
};

// Points 0, 1, −1 and ∞.
template <>
struct Winograd<2> {
    static constexpr int EDGE = 4;

    static void input(const Vec *d, Vec *o) {
        o[0] = d[0] - d[2];
        o[1] = d[1] + d[2];
        o[2] = d[2] - d[1];
        o[3] = d[1] - d[3];
    }
    static void output(const Vec *m, Vec *o) {
        o[0] = m[0] + (m[1] + m[2]);
        o[1] = (m[1] - m[2]) - m[3];
    }
    static void weights(const Vec *g, Vec *o) {
        Vec ends = g[0] + g[2];
        o[0] = g[0];
        o[1] = 0.5f * (ends + g[1]);
        o[2] = 0.5f * (ends - g[1]);
        o[3] = g[2];
    }
};

// transform(columns), then transform(rows): ROWS × COLUMNS vectors become OUT × OUT, IN → OUT each way.
template <int IN, int OUT, class Load, class Store, class Transform>
inline void transform_tile(const Load &load_at, const Store &store_at, const Transform &transform) {
    Vec half[OUT][IN];
#pragma GCC unroll 8
    for (int j = 0; j < IN; j++) {
        Vec d[IN], o[OUT];
#pragma GCC unroll 8
        for (int i = 0; i < IN; i++) d[i] = load_at(i, j);
        transform(d, o);
#pragma GCC unroll 8
        for (int i = 0; i < OUT; i++) half[i][j] = o[i];
    }
#pragma GCC unroll 8
    for (int i = 0; i < OUT; i++) {
        Vec o[OUT];
        transform(half[i], o);
#pragma GCC unroll 8
        for (int j = 0; j < OUT; j++) store_at(i, j, o[j]);
    }
}

}  // namespace taxon
