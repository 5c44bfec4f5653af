// What the kernels of grouped convolution share: which channels are worked at together, and the copy of rows in which a
// thread finds them next to one another, with zeros around them.
#pragma once

#include <algorithm>

#include "own_conv2d.h"
#include "vec.h"
#include "winograd_tiles.h"

namespace taxon {

struct GroupWindow {
    int64_t n, groups, stride, padH, padW;
    Image4 src, dst;  // with the channels of all groups

    explicit GroupWindow(const int64_t *s)
        : n(s[TAXON_N]), groups(s[TAXON_GROUPS]), stride(s[TAXON_STRIDE_H]), padH(s[TAXON_PAD_H]), padW(s[TAXON_PAD_W]),
          src{s[TAXON_IN_H], s[TAXON_IN_W], s[TAXON_IN_C]}, dst{s[TAXON_OUT_H], s[TAXON_OUT_W], s[TAXON_OUT_C]} {}
};

inline Mask load_mask(const int32_t *p) {
    Mask m;
    std::memcpy(&m, p, sizeof m);
    return m;
}

// A unit is one vector of several groups (shuffled: channel i of each lane's group comes by a shuffle), or one group with
// vectors of its own, whose channels are broadcast from memory. Groups write as many channels as they read.
struct Units {
    int64_t groups, channels;  // of a group
    bool shuffled;
    int32_t lanes[LANES / 2][LANES] = {};  // shuffled: the lane that holds channel i of each lane's group

    Units(int64_t groups, int64_t channels) : groups(groups), channels(channels), shuffled(channels < LANES) {
        for (int64_t i = 0; shuffled && i < channels; i++) {
            for (int64_t l = 0; l < LANES; l++) lanes[i][l] = (int32_t)(l / channels * channels + i);
        }
    }
    // Channels that fill vectors, and one vector at least.
    static bool cover(int64_t groups, int64_t channels) {
        return channels % LANES == 0 || (channels >= 4 && LANES % channels == 0 && groups * channels >= LANES);
    }

    int64_t count() const { return shuffled ? vectors(groups * channels) : groups; }
    // The last vector overlaps the one before when channels do not fill it: both hold the same results.
    int64_t start(int64_t unit) const { return shuffled ? std::min(unit * LANES, groups * channels - LANES) : unit * channels; }
    int64_t width() const { return shuffled ? LANES : channels; }  // floats of a pixel
};

// A unit's channels of a pixel: all lanes of a vector that shares groups, or one number for all lanes.
template <bool SHUFFLED>
inline Vec pick(const float *pixel, int64_t channel, const int32_t (*lanes)[LANES]) {
    return SHUFFLED ? shuffle(load(pixel), load_mask(lanes[channel])) : splat(pixel[channel]);
}

// Units' rows of `columns` pixels of `pitch` floats, of which those before `left` and behind the image stay zero.
struct Copy {
    float *data;
    int64_t columns, pitch, left, unitFloats;

    int64_t row() const { return columns * pitch; }
    // Whole pixels at a time: memory gives what lies together faster.
    void fill(const float *images, const Image4 &shape, int64_t image, Range rows, const Units &units, Range part) const {
        const float *from = images + (image * shape.height + rows.begin) * shape.width * shape.channels;
        for (int64_t r = 0; r < rows.end - rows.begin; r++) {
            float *to = data + r * row() + left * pitch;
            for (int64_t x = 0; x < shape.width; x++, from += shape.channels, to += pitch) {
                for (int64_t u = part.begin; u < part.end; u++) {
                    const float *pixel = from + units.start(u);
                    float *own = to + (u - part.begin) * unitFloats;
                    for (int64_t b = 0; b < pitch; b += LANES) store(own + b, load(pixel + b));
                }
            }
        }
    }
};

constexpr int64_t COPIED = 32 << 10;      // bytes of a unit's rows that a thread copies at a time,
constexpr int64_t TOGETHER = 256 << 10;   // and of all units; the second-level cache holds them

// How results are cut: rows and units at which a thread works at a time, as even as they come.
struct Cut {
    int64_t rows, bands, units, chunks;

    Cut(int64_t n, int64_t height, int64_t stride, int64_t rowFloats, int64_t count) {
        int64_t fit = std::clamp<int64_t>((COPIED / 4 / rowFloats - 2) / stride, 1, height);
        bands = (height + fit - 1) / fit;
        rows = (height + bands - 1) / bands;
        bands = (height + rows - 1) / rows;
        units = std::clamp<int64_t>(TOGETHER / 4 / (rowFloats * (rows * stride + 2)), 1, count);
        while (units > 1 && n * bands * ((count + units - 1) / units) < 8 * omp_get_max_threads()) units = (units + 1) / 2;
        chunks = (count + units - 1) / units;
        units = (count + chunks - 1) / chunks;
        chunks = (count + units - 1) / units;
    }
    Range band(int64_t i, int64_t height) const { return {i * rows, std::min((i + 1) * rows, height)}; }
    Range chunk(int64_t i, Range all) const { return {all.begin + i * units, std::min(all.begin + (i + 1) * units, all.end)}; }
};

inline bool group_covered(const int64_t *s) {
    return s[TAXON_GROUPS] > 1 && s[TAXON_IN_C] == s[TAXON_OUT_C] && Units::cover(s[TAXON_GROUPS], s[TAXON_IN_C] / s[TAXON_GROUPS])
            && s[TAXON_K_H] == 3 && s[TAXON_K_W] == 3 && s[TAXON_STRIDE_H] == s[TAXON_STRIDE_W] && s[TAXON_STRIDE_H] <= 2
            && s[TAXON_DILATION_H] == 1 && s[TAXON_DILATION_W] == 1 && s[TAXON_PAD_H] < 3 && s[TAXON_PAD_W] < 3;
}

}  // namespace taxon
