// Source: OpenCV 4.6, modules/imgproc/src/resize.cpp; Pillow 9.4, src/libImaging/Resample.c (the algorithms).
#include "axis.h"

#include <algorithm>
#include <cmath>

namespace taxon {

namespace {

constexpr int ONE = 1 << 11;
constexpr int PILLOW_BITS = 22;
constexpr double NOTHING = 1e-3;    // a smaller part of a pixel does not count

int fixed_point(float weight) {
    return int(std::min(std::max(std::rint(double(weight * ONE)), -32768.0), 32767.0));
}

void cubic(float x, float *out) {
    const float a = -0.75f;
    out[0] = ((a * (x + 1) - 5 * a) * (x + 1) + 8 * a) * (x + 1) - 4 * a;
    out[1] = ((a + 2) * x - (a + 3)) * x * x + 1;
    out[2] = ((a + 2) * (1 - x) - (a + 3)) * (1 - x) * (1 - x) + 1;
    out[3] = 1 - out[0] - out[1] - out[2];
}

void lanczos(float x, float *out) {
    static const double half = std::sqrt(0.5);
    // cosine and sine of -3/4 pi i: what turns the first tap's sine into that of tap i
    static const double turns[8][2] = {
        {1, 0}, {-half, -half}, {0, 1}, {half, -half}, {-1, 0}, {half, half}, {0, -1}, {-half, half}};
    double angle = -(x + 3) * M_PI * 0.25, sine = std::sin(angle), cosine = std::cos(angle);
    float sum = 0;
    for (int i = 0; i < 8; i++) {
        float distance = x + 3 - i;
        double y = -distance * M_PI * 0.25;
        // on a pixel its weight outweighs all others
        out[i] = std::fabs(distance) < 1e-6f ? 1e30f : float((turns[i][0] * sine + turns[i][1] * cosine) / (y * y));
        sum += out[i];
    }
    float share = 1 / sum;
    for (int i = 0; i < 8; i++) out[i] *= share;
}

int clamp(int i, int input) { return std::min(std::max(i, 0), input - 1); }

double step(const Side &side) { return 1 / (side.output / double(side.input)); }

}  // namespace

void Axis::begin(const Side &side, int taps, size_t most) {
    count_ = side.count;
    taps_ = taps;
    if (taps > 0) {
        index_.room(size_t(count_) * taps);
        weight_.room(size_t(count_) * taps);
    } else {
        first_.room(count_);
        start_.room(count_ + 1);
        start_[0] = 0;
        weight_.room(most);
        part_.room(most);
    }
}

Span Axis::span(int input) const {
    Span span{input, 0};
    for (int i = 0; i < count_; i++) {
        int low = taps_ > 0 ? *std::min_element(index(i), index(i) + taps_) : first_[i];
        int high = taps_ > 0 ? *std::max_element(index(i), index(i) + taps_) + 1 : first_[i] + length(i);
        span.begin = std::min(span.begin, low);
        span.end = std::max(span.end, high);
    }
    return span;
}

void Axis::rebase(int origin) {
    for (size_t i = 0; taps_ > 0 && i < size_t(count_) * taps_; i++) index_[i] -= origin;
    for (int i = 0; taps_ == 0 && i < count_; i++) first_[i] -= origin;
}

Span Axis::linear(const Side &side, bool clamped, bool area) {
    begin(side, 2, 0);
    double inverse = side.output / double(side.input), scale = 1 / inverse;
    for (int i = 0; i < count_; i++) {
        int out = side.from + i;
        float position = float((out + 0.5) * scale - 0.5);
        int floor = int(std::floor(area ? out * scale : double(position)));
        float fraction = position - floor;
        if (area) {
            float part = float(out + 1 - (floor + 1) * inverse);
            fraction = part <= 0 ? 0 : part - std::floor(part);
        }
        if (clamped && (floor < 0 || floor >= side.input - 1)) {
            floor = clamp(floor, side.input);
            fraction = 0;
        }
        index_[2 * i] = clamp(floor, side.input);
        index_[2 * i + 1] = clamp(floor + 1, side.input);
        weight_[2 * i] = int(std::rint(double((1 - fraction) * ONE)));
        weight_[2 * i + 1] = int(std::rint(double(fraction * ONE)));
    }
    return span(side.input);
}

Span Axis::kernel(const Side &side, int taps) {
    begin(side, taps, 0);
    double scale = step(side);
    float weights[8];
    for (int i = 0; i < count_; i++) {
        float position = float((side.from + i + 0.5) * scale - 0.5);
        int floor = int(std::floor(position));
        if (taps == 4) {
            cubic(position - floor, weights);
        } else {
            lanczos(position - floor, weights);
        }
        for (int k = 0; k < taps; k++) {
            index_[size_t(i) * taps + k] = clamp(floor - taps / 2 + 1 + k, side.input);
            weight_[size_t(i) * taps + k] = fixed_point(weights[k]);
        }
    }
    return span(side.input);
}

Span Axis::area(const Side &side) {
    double scale = step(side);
    begin(side, 0, size_t(side.count) * (size_t(scale) + 3));
    for (int i = 0; i < count_; i++) {
        double from = (side.from + i) * scale, to = from + scale, cell = std::min(scale, side.input - from);
        int last = std::min(int(std::floor(to)), side.input - 1), first = std::min(int(std::ceil(from)), last);
        int at = start_[i];
        first_[i] = first;
        if (first - from > NOTHING) {
            first_[i] = first - 1;
            part_[at++] = float((first - from) / cell);
        }
        for (int k = first; k < last; k++) part_[at++] = float(1 / cell);
        if (to - last > NOTHING) part_[at++] = float(std::min(std::min(to - last, 1.0), cell) / cell);
        start_[i + 1] = at;
    }
    return span(side.input);
}

Span Axis::pillow(const Side &side, double support, double (*filter)(double)) {
    double scale = side.input / double(side.output), stretch = std::max(scale, 1.0), reach = support * stretch;
    size_t most = size_t(std::ceil(reach)) * 2 + 1;
    begin(side, 0, most * side.count);
    for (int i = 0; i < count_; i++) {
        double center = (side.from + i + 0.5) * scale;
        int first = std::max(0, int(center - reach + 0.5)), end = std::min(side.input, int(center + reach + 0.5));
        int at = start_[i];
        double total = 0, exact, shrink = 1 / stretch;
        for (int k = first; k < end; k++) total += filter((k - center + 0.5) * shrink);
        for (int k = first; k < end; k++) {
            exact = filter((k - center + 0.5) * shrink);
            if (total != 0) exact /= total;
            weight_[at++] = int(exact * (1 << PILLOW_BITS) + (exact < 0 ? -0.5 : 0.5));
        }
        first_[i] = first;
        start_[i + 1] = at;
    }
    return span(side.input);
}

}  // namespace taxon
