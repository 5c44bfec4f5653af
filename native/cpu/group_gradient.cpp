// Backward weights of a grouped 3×3 convolution: each thread sums over some of the units, or over some of the rows, and then the
// sums are added in order.
#include "group_conv2d.h"
#include "group_rows.h"

namespace taxon {
namespace {

// Rows of the source and of the gradient that meet one row of the window.
struct Meeting {
    const float *x, *d;
    int64_t xRow, xPitch, dRow, dPitch, rows, columns;
};

// Adds to sums (channel, column of the window, LANES) what CHANNELS channels from i on give. Stride 1: column j of the source
// meets the gradient's j, j − 1 and j − 2. Stride 2: columns 2m and 2m + 1 meet m and m − 1.
template <int S, int CHANNELS, bool SHUFFLED>
void gradient(float *sums, const Meeting &m, int64_t i, const int32_t (*lanes)[LANES]) {
    Vec acc[CHANNELS][3] = {};
    for (int64_t r = 0; r < m.rows; r++) {
        const float *x = m.x + r * m.xRow, *d = m.d + r * m.dRow;
        for (int64_t j = 0; j < m.columns; j++, x += S * m.xPitch, d += m.dPitch) {
            if constexpr (S == 1) {
                Vec d0 = keep(load(d + 2 * m.dPitch)), d1 = keep(load(d + m.dPitch)), d2 = keep(load(d));
#pragma GCC unroll 8
                for (int c = 0; c < CHANNELS; c++) {
                    Vec v = keep(pick<SHUFFLED>(x, i + c, lanes));
                    acc[c][0] += v * d0;
                    acc[c][1] += v * d1;
                    acc[c][2] += v * d2;
                }
            } else {
                Vec d0 = keep(load(d + m.dPitch)), d2 = keep(load(d));
#pragma GCC unroll 8
                for (int c = 0; c < CHANNELS; c++) {
                    Vec v = keep(pick<SHUFFLED>(x, i + c, lanes));
                    acc[c][0] += v * d0;
                    acc[c][2] += v * d2;
                    acc[c][1] += pick<SHUFFLED>(x + m.xPitch, i + c, lanes) * d0;
                }
            }
        }
    }
#pragma GCC unroll 8
    for (int c = 0; c < CHANNELS; c++) {
#pragma GCC unroll 3
        for (int t = 0; t < 3; t++) {
            float *to = sums + (c * 3 + t) * LANES;
            store(to, load(to) + acc[c][t]);
        }
    }
}

template <int S, int CHANNELS>
struct GroupGradient : OwnConv2d {
    static constexpr bool SHUFFLED = CHANNELS < LANES;
    GroupWindow w;
    Units units;
    bool byUnit;  // threads have units of their own, and share the sums; else each has rows, and sums of its own
    Cut cut;

    explicit GroupGradient(const GroupWindow &window)
        : w(window), units(w.groups, w.src.channels / w.groups),
          byUnit(units.count() % omp_get_max_threads() == 0 || units.count() >= 8 * omp_get_max_threads()),
          cut(w.n, w.dst.height, S, x(nullptr).row() + d(nullptr).row(),
                  byUnit ? std::max<int64_t>(1, units.count() / omp_get_max_threads()) : units.count()) {
        implementation = LANES == 16 ? "taxon:group_conv:avx512" : "taxon:group_conv:avx2";
        int64_t team = omp_get_max_threads();
        scratchBytes = 4 * (team * copied() + (byUnit ? 1 : team) * sumFloats());
    }

    Copy x(float *data) const {
        int64_t left = S == 1 ? 0 : w.padW, needed = S == 1 ? 0 : 2 * w.dst.width + 2, pitch = units.width();
        int64_t columns = std::max(needed, left + w.src.width);
        return {data, columns, pitch, left, ((cut.rows - 1) * S + 3) * columns * pitch};
    }
    Copy d(float *data) const {
        int64_t left = S == 1 ? 2 : 1, pitch = units.width();
        int64_t columns = std::max(left + w.dst.width + 1, S == 1 ? w.src.width + w.padW + 2 : 0);
        return {data, columns, pitch, left, cut.rows * columns * pitch};
    }
    int64_t copied() const { return cut.units * (x(nullptr).unitFloats + d(nullptr).unitFloats); }
    int64_t vectorFloats() const { return 9 * units.channels * LANES; }
    int64_t unitFloats() const { return units.width() / LANES * vectorFloats(); }
    int64_t sumFloats() const { return units.count() * unitFloats(); }

    void backward_weights(float *diffWeights, float *diffBias, const float *diffDst, const float *src, int accumulate,
            void *scratch) const override {
        int64_t parts = 1;
        auto *sums = static_cast<float *>(scratch);  // (unit, vector, row of the window, channel, column, LANES)
        float *copies = sums + (byUnit ? 1 : omp_get_max_threads()) * sumFloats();
#pragma omp parallel if (w.n * w.dst.height * w.dst.width * w.dst.channels > SERIAL)
        {
            int64_t me = omp_get_thread_num();
            Copy xs = x(copies + me * copied()), ds = d(xs.data + cut.units * xs.unitFloats);
            Range mine{0, units.count()}, tasks{0, w.n * cut.bands};
            float *own = sums;
            if (byUnit) {
                mine = share(units.count());
            } else {
#pragma omp single nowait
                parts = omp_get_num_threads();
                tasks = share(w.n * cut.bands);
                own += me * sumFloats();
            }
            std::memset(xs.data, 0, copied() * sizeof(float));
            std::memset(own + mine.begin * unitFloats(), 0, (mine.end - mine.begin) * unitFloats() * sizeof(float));
            for (int64_t task = tasks.begin; task < tasks.end; task++) {
                Range band = cut.band(task % cut.bands, w.dst.height);
                Range read{std::max<int64_t>(0, band.begin * S - w.padH), std::min((band.end - 1) * S - w.padH + 3, w.src.height)};
                if (read.begin >= read.end) continue;
                for (int64_t c = 0; mine.begin + c * cut.units < mine.end; c++) {
                    Range part = cut.chunk(c, mine);
                    xs.fill(src, w.src, task / cut.bands, read, units, part);
                    ds.fill(diffDst, w.dst, task / cut.bands, band, units, part);
                    Copy x = xs, d = ds;
                    for (int64_t u = part.begin; u < part.end; u++, x.data += xs.unitFloats, d.data += ds.unitFloats) {
                        add(own + u * unitFloats(), x, d, band, read);
                    }
                }
            }
#pragma omp barrier
#pragma omp for schedule(static)
            for (int64_t u = 0; u < units.count(); u++) finish(diffWeights, sums, parts, u, accumulate);
        }
        if (diffBias) taxon_column_sum(diffBias, diffDst, accumulate, w.n * w.dst.height * w.dst.width, w.dst.channels);
    }

    // What a band of rows gives to a unit's sums.
    void add(float *sums, const Copy &xs, const Copy &ds, Range band, Range read) const {
        for (int64_t t = 0; t < 3; t++) {
            int64_t begin = band.begin, end = band.end;
            while (begin < end && begin * S - w.padH + t < 0) begin++;
            while (begin < end && (end - 1) * S - w.padH + t >= w.src.height) end--;
            if (begin == end) continue;
            Meeting m{xs.data + (begin * S - w.padH + t - read.begin) * xs.row(),
                    ds.data + (begin - band.begin) * ds.row() + (S == 1 ? w.padW * ds.pitch : 0), S * xs.row(), xs.pitch, ds.row(),
                    ds.pitch, end - begin, S == 1 ? w.src.width : w.dst.width + 1};
            for (int64_t v = 0; v < units.width(); v += LANES, m.d += LANES) {
                float *to = sums + v / LANES * vectorFloats() + t * units.channels * 3 * LANES;
                for (int64_t i = 0; i < units.channels; i += CHANNELS, to += CHANNELS * 3 * LANES) {
                    gradient<S, CHANNELS, SHUFFLED>(to, m, i, units.lanes);
                }
            }
        }
    }

    void finish(float *diffWeights, const float *sums, int64_t parts, int64_t unit, int accumulate) const {
        int64_t first = units.start(unit), skipped = units.shuffled ? unit * LANES - first : 0;
        for (int64_t v = 0; v < units.width(); v += LANES) {
            const float *from = sums + unit * unitFloats() + v / LANES * vectorFloats();
            for (int64_t i = 0; i < 9 * units.channels; i++) {
                int64_t t = i / (3 * units.channels), channel = i / 3 % units.channels;
                const float *s = from + ((t * units.channels + channel) * 3 + i % 3) * LANES;
                Vec y = load(s);
                for (int64_t p = 1; p < parts; p++) y += load(s + p * sumFloats());
                for (int64_t l = skipped; l < LANES; l++) {
                    float *to = diffWeights + ((first + v + l) * units.channels + channel) * 9 + t * 3 + i % 3;
                    *to = (accumulate ? *to : 0.f) + y[l];
                }
            }
        }
    }
};

template <int CHANNELS>
OwnConv2d *make(const GroupWindow &w) {
    if (w.stride == 1) return new GroupGradient<1, CHANNELS>(w);
    return new GroupGradient<2, CHANNELS>(w);
}

}  // namespace

// Measured on ResNeXt-50's windows, on a Xeon (Sapphire Rapids): of other groups oneDNN's kernels are as fast or faster.
OwnConv2d *group_conv2d_backward_weights(const int64_t *s) {
    int64_t channels = s[TAXON_IN_C] / s[TAXON_GROUPS];
    bool faster = channels == 4 || (LANES == 16 && channels == 8);
    if (s[TAXON_STRIDE_H] > 1) faster = LANES == 16 && channels == 8 && s[TAXON_GROUPS] >= 16;
    if (!group_covered(s) || !faster) return nullptr;
    GroupWindow w(s);
    return channels == 4 ? make<4>(w) : make<8>(w);
}

}  // namespace taxon
