#include "group_conv2d.h"

#include "finish.h"
#include "group_rows.h"

namespace taxon {
namespace {

#if defined(__AVX512F__)
constexpr int WIDE = 14, MIDDLE = 7, NARROW = 4, WIDE_PAIRS = 7, NARROW_PAIRS = 3;  // columns at a time
#else
constexpr int WIDE = 7, MIDDLE = 7, NARROW = 4, WIDE_PAIRS = 4, NARROW_PAIRS = 2;
#endif

// Rows of the source and the weights that meet them.
struct Lines {
    const float *src[3], *weights[3];
    int count = 0;
    void add(const float *row, const float *window) {
        src[count] = row;
        weights[count++] = window;
    }
};

// A row of results, LANES of its channels.
struct Result {
    float *row;
    int64_t columns, channels;
    Vec bias;
    Finish finish;
    bool past;  // the caches

    void put(int64_t column, Vec y) const {
        if (column < 0 || column >= columns) return;
        float *to = row + column * channels;
        if (finish.sum) y += load(to);
        if (past) stream(to, finish(y));
        else store(to, finish(y));
    }
};

// How P columns of results meet the columns of the source, S apart.
template <int S, int P>
struct Gather {
    static constexpr int SEEN = (P - 1) * S + 3, RESULTS = P, STEP = S;
    static constexpr int result(int j, int t) { return j >= t && (j - t) % S == 0 && (j - t) / S < P ? (j - t) / S : -1; }
};

// Backward data of stride 2, from one column before: column j gives to the results 2j − 2 … 2j.
template <int P>
struct Scatter {
    static constexpr int SEEN = P + 1, RESULTS = 2 * P, STEP = 1;
    static constexpr int result(int j, int t) { return 2 * j - 2 + t >= 0 && 2 * j - 2 + t < 2 * P ? 2 * j - 2 + t : -1; }
};

// Results from column `first` on, from the source's columns at x. Weights: (row, channel, column, LANES).
template <class Walk, bool SHUFFLED>
void block(const Result &to, int64_t first, const Lines &lines, int64_t column, const Copy &copy, const Units &units) {
    Vec acc[Walk::RESULTS];
#pragma GCC unroll 16
    for (int p = 0; p < Walk::RESULTS; p++) acc[p] = to.bias;
    for (int l = 0; l < lines.count; l++) {
        const float *x = lines.src[l] + column * copy.pitch, *w = lines.weights[l];
        for (int64_t i = 0; i < units.channels; i++, w += 3 * LANES) {
            Vec k[3];
            Mask lanes = load_mask(units.lanes[SHUFFLED ? i : 0]);
#pragma GCC unroll 3
            for (int t = 0; t < 3; t++) k[t] = keep(load(w + t * LANES));
#pragma GCC unroll 32
            for (int j = 0; j < Walk::SEEN; j++) {
                const float *pixel = x + j * (SHUFFLED ? LANES : copy.pitch);
                Vec v = keep(SHUFFLED ? shuffle(load(pixel), lanes) : splat(pixel[i]));
#pragma GCC unroll 3
                for (int t = 0; t < 3; t++) {
                    if (Walk::result(j, t) >= 0) acc[Walk::result(j, t)] += v * k[t];
                }
            }
        }
    }
#pragma GCC unroll 16
    for (int p = 0; p < Walk::RESULTS; p++) to.put(first + p, acc[p]);
}

// A convolution, or its transpose: S is the step in the source, or in the results if transposed.
template <int S, bool TRANSPOSED, bool SHUFFLED>
struct GroupConv2d : OwnConv2d {
    static constexpr bool SCATTERS = TRANSPOSED && S == 2;
    GroupWindow w;  // its src is what is read
    Units units;
    Finish finish;
    int64_t padH, padW;
    Cut cut;
    int64_t unitRows;  // of the source, at most

    GroupConv2d(const GroupWindow &window, int flags, const double *numbers)
        : w(window), units(w.groups, w.src.channels / w.groups), finish(flags, numbers),
          padH(TRANSPOSED && S == 1 ? 2 - w.padH : w.padH), padW(TRANSPOSED && S == 1 ? 2 - w.padW : w.padW),
          cut(w.n, w.dst.height, SCATTERS ? 1 : S, copyAt(nullptr).row(), units.count()),
          unitRows(SCATTERS ? cut.rows / 2 + 2 : (cut.rows - 1) * S + 3) {
        implementation = LANES == 16 ? "taxon:group_conv:avx512" : "taxon:group_conv:avx2";
        packedBytes = units.count() * unitFloats() * 4;
        scratchBytes = omp_get_max_threads() * copied() * 4;
    }

    int64_t vectorFloats() const { return 9 * units.channels * LANES; }
    int64_t unitFloats() const { return units.width() / LANES * vectorFloats(); }
    int64_t copied() const { return cut.units * unitRows * copyAt(nullptr).row(); }
    Copy copyAt(float *data) const {
        int64_t left = SCATTERS ? 1 : padW;
        int64_t needed = SCATTERS ? (w.dst.width + padW) / 2 + WIDE_PAIRS + 2 : (w.dst.width + MIDDLE) * S + 3;
        int64_t columns = std::max(needed, left + w.src.width), pitch = units.width();
        return {data, columns, pitch, left, unitRows * columns * pitch};
    }

    // [unit][vector][row][channel read][column][LANES]
    void pack_weights(float *packed, const float *weights, void *) override {
#pragma omp parallel for schedule(static) if (w.src.channels * units.channels * 9 > SERIAL)
        for (int64_t u = 0; u < units.count(); u++) {
            float *to = packed + u * unitFloats();
            for (int64_t v = 0; v < units.width(); v += LANES) {
                int64_t c0 = units.start(u) + v;
                for (int64_t i = 0; i < 9 * units.channels; i++, to += LANES) {
                    int64_t tap = i / (3 * units.channels) * 3 + i % 3, channel = i / 3 % units.channels;
                    for (int64_t l = 0; l < LANES; l++) to[l] = weight(weights, channel, c0 + l, tap);
                }
            }
        }
    }

    // Weights (to, from / groups, 3, 3) of the convolution, or of that whose transpose this is.
    float weight(const float *weights, int64_t channel, int64_t result, int64_t tap) const {
        if (!TRANSPOSED) return weights[(result * units.channels + channel) * 9 + tap];
        int64_t group = result / units.channels;
        return weights[((group * units.channels + channel) * units.channels + result % units.channels) * 9 + (S == 1 ? 8 - tap : tap)];
    }

    void forward(float *dst, const float *src, const float *weights, const float *bias, void *scratch) const override {
        run(dst, src, weights, bias, scratch);
    }
    void backward_data(float *diffSrc, const float *diffDst, const float *weights, void *scratch) const override {
        run(diffSrc, diffDst, weights, nullptr, scratch);
    }

    void run(float *dst, const float *src, const float *weights, const float *bias, void *scratch) const {
        bool past = !finish.sum && streams_rows(dst, w.n * w.dst.height * w.dst.width * w.dst.channels, w.dst.channels);
#pragma omp parallel if (w.n * w.dst.height * w.dst.width * w.dst.channels > SERIAL)
        {
            Copy copy = copyAt(static_cast<float *>(scratch) + omp_get_thread_num() * copied());
            std::memset(copy.data, 0, copied() * sizeof(float));
            Range mine = share(w.n * cut.bands * cut.chunks);
            for (int64_t task = mine.begin; task < mine.end; task++) {
                int64_t image = task / cut.chunks / cut.bands;
                Range part = cut.chunk(task % cut.chunks, {0, units.count()});
                Range results = cut.band(task / cut.chunks % cut.bands, w.dst.height), read = seen(results);
                copy.fill(src, w.src, image, read, units, part);
                Copy own = copy;
                for (int64_t u = part.begin; u < part.end; u++, own.data += copy.unitFloats) {
                    unit(dst + image * w.dst.height * w.dst.width * w.dst.channels, weights, bias, u, results, read, own, past);
                }
            }
            fence();
        }
    }

    // Rows of an image's results, a unit's channels.
    void unit(float *image, const float *weights, const float *bias, int64_t u, Range results, Range read, const Copy &copy,
            bool past) const {
        for (int64_t v = 0; v < units.width(); v += LANES) {
            int64_t channel = units.start(u) + v;
            const float *k = weights + u * unitFloats() + v / LANES * vectorFloats();
            Vec start = bias ? load(bias + channel) : Vec{};
            for (int64_t y = results.begin; y < results.end; y++) {
                float *row = image + y * w.dst.width * w.dst.channels + channel;
                resultRow({row, w.dst.width, w.dst.channels, start, finish, past}, lines(y, read, copy, k), copy);
            }
        }
    }

    // Rows of the source that rows of results see.
    Range seen(Range results) const {
        int64_t begin = results.begin * S - padH, end = (results.end - 1) * S - padH + 3;
        if (SCATTERS) {
            begin = (results.begin + padH - 1) / 2;  // rounded up from two rows of the window
            end = (results.end - 1 + padH) / 2 + 1;
        }
        begin = std::max<int64_t>(begin, 0);
        return {begin, std::max(begin, std::min(end, w.src.height))};
    }

    Lines lines(int64_t y, Range read, const Copy &copy, const float *weights) const {
        Lines lines;
        for (int64_t t = 0; t < 3; t++) {
            int64_t row = SCATTERS ? (y + padH - t) / 2 : y * S - padH + t;
            if (SCATTERS && (y + padH < t || (y + padH - t) % 2 != 0)) continue;
            if (row < read.begin || row >= read.end) continue;
            lines.add(copy.data + (row - read.begin) * copy.row(), weights + t * 3 * units.channels * LANES);
        }
        return lines;
    }

    void resultRow(const Result &to, const Lines &lines, const Copy &copy) const {
        if constexpr (SCATTERS) {
            int64_t pairs = (to.columns + padW + 1) / 2;
            for (int64_t q = 0; q < pairs;) {
                bool wide = pairs - q > NARROW_PAIRS;
                auto run = wide ? block<Scatter<WIDE_PAIRS>, SHUFFLED> : block<Scatter<NARROW_PAIRS>, SHUFFLED>;
                run(to, 2 * q - padW, lines, q, copy, units);
                q += wide ? WIDE_PAIRS : NARROW_PAIRS;
            }
        } else {
            for (int64_t x = 0; x < to.columns;) {
                int64_t left = to.columns - x, size = left >= WIDE ? WIDE : left > NARROW ? MIDDLE : NARROW;
                auto run = size == WIDE ? block<Gather<S, WIDE>, SHUFFLED>
                        : size == MIDDLE ? block<Gather<S, MIDDLE>, SHUFFLED> : block<Gather<S, NARROW>, SHUFFLED>;
                run(to, x, lines, x * S, copy, units);
                x += size;
            }
        }
    }
};

template <bool TRANSPOSED>
OwnConv2d *make(const GroupWindow &w, int flags, const double *numbers) {
    bool shuffled = w.src.channels / w.groups < LANES;
    if (w.stride == 1 && shuffled) return new GroupConv2d<1, TRANSPOSED, true>(w, flags, numbers);
    if (w.stride == 1) return new GroupConv2d<1, TRANSPOSED, false>(w, flags, numbers);
    if (shuffled) return new GroupConv2d<2, TRANSPOSED, true>(w, flags, numbers);
    return new GroupConv2d<2, TRANSPOSED, false>(w, flags, numbers);
}

}  // namespace

// Measured on ResNeXt-50's windows, on a Xeon (Sapphire Rapids): of other groups oneDNN's kernels are as fast or faster.
OwnConv2d *group_conv2d_forward(const int64_t *s, int flags, const double *numbers) {
    int64_t channels = s[TAXON_IN_C] / s[TAXON_GROUPS];
    int64_t most = LANES == 16 ? 8 : s[TAXON_STRIDE_H] > 1 ? 4 : 16;
    if (!group_covered(s) || !Finish::covers(flags) || channels > most) return nullptr;
    return make<false>(GroupWindow(s), flags, numbers);
}

OwnConv2d *group_conv2d_backward_data(const int64_t *s) {
    int64_t channels = s[TAXON_IN_C] / s[TAXON_GROUPS];
    bool large = s[TAXON_N] * s[TAXON_IN_H] * s[TAXON_IN_W] * s[TAXON_IN_C] >= STREAM;
    bool faster = channels <= (LANES == 16 ? 8 : 16);
    if (s[TAXON_STRIDE_H] > 1) faster = channels == 4 || (channels == 8 && LANES == 16) || (channels == 16 && large) || channels == 32;
    if (!group_covered(s) || !faster) return nullptr;
    GroupWindow w(s);
    std::swap(w.src, w.dst);
    return make<true>(w, 0, nullptr);
}

}  // namespace taxon
