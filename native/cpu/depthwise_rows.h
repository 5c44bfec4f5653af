// What the depthwise kernels share: how rows of the source meet rows of the window, and how the work is cut.
#pragma once

#include <algorithm>
#include <type_traits>

#include "own_conv2d.h"
#include "vec.h"

namespace taxon {

constexpr int MAX_K = 5;

struct Window {
    int64_t n, channels, inH, inW, outH, outW, k, stride, padH, padW;
    explicit Window(const int64_t *s)
        : n(s[TAXON_N]), channels(s[TAXON_IN_C]), inH(s[TAXON_IN_H]), inW(s[TAXON_IN_W]), outH(s[TAXON_OUT_H]),
          outW(s[TAXON_OUT_W]), k(s[TAXON_K_H]), stride(s[TAXON_STRIDE_H]), padH(s[TAXON_PAD_H]),
          padW(s[TAXON_PAD_W]) {}
};

// A row of the source and the row of the window that meets it: weights (k, C), or their gradient's partial sums.
template <class T>
struct Line {
    const float *src;
    T *window;
};

template <class T>
struct Lines {
    Line<T> line[MAX_K];
    int count = 0;
    void add(const float *src, T *window) { line[count++] = {src, window}; }
};

// The columns of a row that a later row of results reads first.
template <int COUNT>
inline void expect_columns(const float *x, int64_t channels) {
#pragma GCC unroll 16
    for (int j = 0; j < COUNT; j++) expect(x + j * channels);
}

constexpr int PIXELS = 7;  // columns at a time: the widths of images of 224 are multiples of 7

// Calls body(P, i) for blocks of P of count neighbours.
template <class Body>
void blocks(int64_t count, const Body &body) {
    int64_t i = 0;
    for (; i + PIXELS <= count; i += PIXELS) body(std::integral_constant<int, PIXELS>(), i);
    for (; i + 4 <= count; i += 4) body(std::integral_constant<int, 4>(), i);
    for (; i < count; i++) body(std::integral_constant<int, 1>(), i);
}

// Calls body(sample, rows, channels) for all rows of n samples. Each thread has a run of rows; as many channels at a time
// as let the rows that a window spans stay in the first-level cache.
template <class Body>
void each_band(const Window &w, int64_t count, int64_t chunk, int64_t floats, const Body &body) {
#pragma omp parallel if (w.n * count * floats > SERIAL)
    {
        Range mine = share(w.n * count);
        for (int64_t r = mine.begin, end; r < mine.end; r = end) {
            int64_t sample = r / count;
            end = std::min(mine.end, (sample + 1) * count);
            Range rows{r - sample * count, end - sample * count};
            for (int64_t c = 0; c < w.channels; c += chunk) {
                body(sample, rows, Range{c, std::min(c + chunk, w.channels)});
            }
        }
        fence();
    }
}

constexpr int64_t CACHE = 24 << 10;  // bytes of the first-level cache that the rows of a window may take

// Channels that one pass over a band takes. In pieces shorter than 512 bytes, memory gives them too slowly: then all.
inline int64_t chunk(int64_t channels, int64_t rows, int64_t width) {
    int64_t fit = CACHE / (rows * width * 4) / LANES * LANES;
    return fit >= 128 ? fit : channels;
}

struct Depthwise : OwnConv2d {
    Window w;

    explicit Depthwise(const int64_t *sizes) : w(sizes) {
        implementation = LANES == 16 ? "taxon:dwconv:avx512" : "taxon:dwconv:avx2";
    }
};

inline bool covered(const int64_t *s) {
    return s[TAXON_GROUPS] == s[TAXON_IN_C] && s[TAXON_OUT_C] == s[TAXON_IN_C] && s[TAXON_IN_C] >= LANES
            && s[TAXON_K_H] == s[TAXON_K_W] && (s[TAXON_K_H] == 3 || s[TAXON_K_H] == 5)
            && s[TAXON_STRIDE_H] == s[TAXON_STRIDE_W] && s[TAXON_STRIDE_H] <= 2 && s[TAXON_DILATION_H] == 1
            && s[TAXON_DILATION_W] == 1 && s[TAXON_PAD_H] < s[TAXON_K_H] && s[TAXON_PAD_W] < s[TAXON_K_W];
}

// The op for a window's size and stride; NULL for what is not covered.
template <template <int, int> class Op, class... Arguments>
OwnConv2d *make_depthwise(const int64_t *s, Arguments... arguments) {
    if (!covered(s)) return nullptr;
    bool three = s[TAXON_K_H] == 3, dense = s[TAXON_STRIDE_H] == 1;
    if (three && dense) return new Op<3, 1>(s, arguments...);
    if (three) return new Op<3, 2>(s, arguments...);
    if (dense) return new Op<5, 1>(s, arguments...);
    return new Op<5, 2>(s, arguments...);
}

}  // namespace taxon
