#ifndef TAXON_IMAGE_AXIS_H
#define TAXON_IMAGE_AXIS_H

#include <cstdint>

#include "buffer.h"

namespace taxon {

// One side of a resize: `input` pixels become `output`, of which `count` from `from` on are wanted.
struct Side {
    int input, output, from, count;
};

// The pixels of a half-open range.
struct Span {
    int begin, end;
};

// Which input pixels each wanted output pixel takes from, and how much of each. Indices are absolute until `rebase`.
class Axis {
public:
    // OpenCV's INTER_LINEAR: two taps in 11-bit fixed point. `clamp`: a place outside takes the edge pixel alone.
    // `area`: INTER_AREA's variant for sides that grow.
    Span linear(const Side &side, bool clamp, bool area);
    // OpenCV's INTER_CUBIC (4 taps) and INTER_LANCZOS4 (8 taps) in 11-bit fixed point.
    Span kernel(const Side &side, int taps);
    // OpenCV's INTER_AREA for sides that shrink: the part of each input pixel in float32.
    Span area(const Side &side);
    // Pillow's filter that is 0 beyond `support`, in 22-bit fixed point.
    Span pillow(const Side &side, double support, double (*filter)(double));

    // Forgets all pixels.
    void clear() { count_ = 0; }
    // Makes indices count from `origin`.
    void rebase(int origin);

    int count() const { return count_; }
    int taps() const { return taps_; }
    // taps() indices of an output pixel; equal ones at the picture's edges.
    const int32_t *index(int i) const { return index_.data() + size_t(i) * taps_; }
    const int32_t *weight(int i) const { return weight_.data() + size_t(i) * taps_; }
    // Where the run of taps begins, and how many there are: for `area` and `pillow`, whose taps are neighbours.
    int first(int i) const { return first_[i]; }
    int length(int i) const { return start_[i + 1] - start_[i]; }
    const int32_t *weights(int i) const { return weight_.data() + start_[i]; }
    const float *parts(int i) const { return part_.data() + start_[i]; }

private:
    void begin(const Side &side, int taps, size_t most);
    Span span(int input) const;

    int count_ = 0, taps_ = 0;
    Buffer<int32_t> index_, weight_, first_, start_;
    Buffer<float> part_;
};

}  // namespace taxon

#endif
