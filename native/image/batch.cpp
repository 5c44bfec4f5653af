// Writes a picture into a batch: crop, border, mirroring, exchange of red and blue, normalization and layout in one pass.
// A value x becomes float(double(x - mean) * scale): mmcv's imnormalize through OpenCV, bit for bit.
#include <immintrin.h>

#include <cmath>
#include <cstring>

#include "taxon_image.h"

namespace {

constexpr int LANES = 8;    // pixels that vector code takes at once

// What stands in a row or column of the result: the border alone, or pixels in a run without a break.
struct Run {
    int begin, end;     // of the result
    int first, step;    // first input index, and 1 or -1
};

struct Output {
    float *dst;
    int height, width, channels;
    bool swap, planar, half;
    const float *mean;
    const double *scale;
    const float *border;

    int source_channel(int c) const { return swap ? channels - 1 - c : c; }
    float *place(int y, int x, int c) const {
        int64_t at = planar ? (int64_t(c) * height + y) * width + x : (int64_t(y) * width + x) * channels + c;
        return dst + at;
    }
    float value(uint8_t x, int c) const {
        float y = float(double(x - mean[c]) * scale[c]);
        return half ? _cvtsh_ss(_cvtss_sh(y, _MM_FROUND_TO_NEAREST_INT)) : y;
    }
};

// --- one value at a time ---

void fill(const Output &out, int y, int from, int to) {
    for (int x = from; x < to; x++) {
        for (int c = 0; c < out.channels; c++) *out.place(y, x, c) = out.border[c];
    }
}

void copy(const Output &out, int y, int x, const uint8_t *pixel) {
    for (int c = 0; c < out.channels; c++) *out.place(y, x, c) = out.value(pixel[out.source_channel(c)], c);
}

// --- eight values at a time ---

struct Eight {
    __m256 mean;
    __m256d scale_low, scale_high;
};

__m256 normalized(__m128i bytes, const Eight &by, bool half) {
    __m256 x = _mm256_sub_ps(_mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(bytes)), by.mean);
    __m256d low = _mm256_mul_pd(_mm256_cvtps_pd(_mm256_castps256_ps128(x)), by.scale_low);
    __m256d high = _mm256_mul_pd(_mm256_cvtps_pd(_mm256_extractf128_ps(x, 1)), by.scale_high);
    __m256 y = _mm256_set_m128(_mm256_cvtpd_ps(high), _mm256_cvtpd_ps(low));
    return half ? _mm256_cvtph_ps(_mm256_cvtps_ph(y, _MM_FROUND_TO_NEAREST_INT)) : y;
}

// Values `at` to `at + 7` of eight pixels, whose channels are interleaved or all `channel`.
Eight eight(const Output &out, int at, int channel) {
    float mean[LANES];
    double scale[LANES];
    for (int i = 0; i < LANES; i++) {
        int c = channel >= 0 ? channel : (at + i) % out.channels;
        mean[i] = out.mean[c];
        scale[i] = out.scale[c];
    }
    return {_mm256_loadu_ps(mean), _mm256_loadu_pd(scale), _mm256_loadu_pd(scale + 4)};
}

__m128i load(const uint8_t *from) { return _mm_loadu_si128(reinterpret_cast<const __m128i *>(from)); }

// Eight colour pixels in the input's order are 24 bytes: which of them a vector of the result takes, from two loads of 16.
struct Pick {
    __m128i low, high;  // of bytes 0 to 15, and of bytes 8 to 23
};

Pick pick(const Output &out, int at, int channel, int step) {
    int8_t low[16], high[16];
    memset(low, -1, sizeof low);
    memset(high, -1, sizeof high);
    for (int i = 0; i < LANES; i++) {
        int pixel = channel >= 0 ? i : (at + i) / 3, c = channel >= 0 ? channel : (at + i) % 3;
        int byte = (step > 0 ? pixel : LANES - 1 - pixel) * 3 + out.source_channel(c);
        (byte < 16 ? low : high)[i] = int8_t(byte < 16 ? byte : byte - 8);
    }
    return {load(reinterpret_cast<uint8_t *>(low)), load(reinterpret_cast<uint8_t *>(high))};
}

// Writes whole vectors of a run of colour pixels; which rows, is the caller's matter.
class Colors {
public:
    Colors(const Output &out, int step) : out_(out), step_(step) {
        for (int k = 0; k < 3; k++) {
            int channel = out.planar ? k : -1;
            by_[k] = eight(out, k * LANES, channel);
            picks_[k] = pick(out, k * LANES, channel, step);
        }
    }

    // Pixels of the result from `x` on. Returns where it stopped.
    int write(int y, int x, int end, const uint8_t *row, int first) const {
        for (; x + LANES <= end; x += LANES, first += step_ * LANES) {
            const uint8_t *pixels = row + (step_ > 0 ? first : first - LANES + 1) * 3;
            __m128i low = load(pixels), high = load(pixels + 8);
            for (int k = 0; k < 3; k++) {
                __m128i bytes = _mm_or_si128(
                    _mm_shuffle_epi8(low, picks_[k].low), _mm_shuffle_epi8(high, picks_[k].high));
                float *to = out_.planar ? out_.place(y, x, k) : out_.place(y, x, 0) + k * LANES;
                _mm256_storeu_ps(to, normalized(bytes, by_[k], out_.half));
            }
        }
        return x;
    }

private:
    const Output &out_;
    int step_;
    Eight by_[3];
    Pick picks_[3];
};

// The same for pixels of one channel.
class Greys {
public:
    Greys(const Output &out, int step) : out_(out), step_(step), by_(eight(out, 0, 0)) {}

    int write(int y, int x, int end, const uint8_t *row, int first) const {
        const __m128i backwards = _mm_setr_epi8(7, 6, 5, 4, 3, 2, 1, 0, -1, -1, -1, -1, -1, -1, -1, -1);
        for (; x + LANES <= end; x += LANES, first += step_ * LANES) {
            const uint8_t *pixels = row + (step_ > 0 ? first : first - LANES + 1);
            __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i *>(pixels));
            if (step_ < 0) bytes = _mm_shuffle_epi8(bytes, backwards);
            _mm256_storeu_ps(out_.place(y, x, 0), normalized(bytes, by_, out_.half));
        }
        return x;
    }

private:
    const Output &out_;
    int step_;
    Eight by_;
};

// --- rows ---

// The one run of columns that are not border; false when they are no run.
bool find_run(Run &run, const int32_t *columns, int width) {
    run = {0, width, 0, 1};
    while (run.begin < width && columns[run.begin] < 0) run.begin++;
    while (run.end > run.begin && columns[run.end - 1] < 0) run.end--;
    if (run.begin == run.end) return true;
    run.first = columns[run.begin];
    if (run.end - run.begin > 1 && columns[run.begin + 1] < run.first) run.step = -1;
    for (int x = run.begin; x < run.end; x++) {
        if (columns[x] != run.first + (x - run.begin) * run.step) return false;
    }
    return true;
}

struct Input {
    const uint8_t *src;     // of pixel (top, left)
    int64_t row_bytes;
    const int32_t *rows, *columns;
    int top, left;

    const uint8_t *row(int y) const { return src + (rows[y] - top) * row_bytes; }
};

template <typename Vectors>
void write_run(const Output &out, const Input &in, const Run &run) {
    Vectors vectors(out, run.step);
    int channels = out.channels;
    for (int y = 0; y < out.height; y++) {
        if (in.rows[y] < 0) {
            fill(out, y, 0, out.width);
            continue;
        }
        const uint8_t *row = in.row(y);
        fill(out, y, 0, run.begin);
        int x = vectors.write(y, run.begin, run.end, row, run.first - in.left);
        for (int from = run.first - in.left + (x - run.begin) * run.step; x < run.end; x++, from += run.step) {
            copy(out, y, x, row + from * channels);
        }
        fill(out, y, run.end, out.width);
    }
}

void write_scattered(const Output &out, const Input &in) {
    for (int y = 0; y < out.height; y++) {
        for (int x = 0; x < out.width; x++) {
            if (in.rows[y] < 0 || in.columns[x] < 0) {
                fill(out, y, x, x + 1);
            } else {
                copy(out, y, x, in.row(y) + (in.columns[x] - in.left) * out.channels);
            }
        }
    }
}

}  // namespace

extern "C" void taxon_batch_write(
    float *dst, int64_t at, const uint8_t *src, int64_t row_bytes, const int32_t *rows, const int32_t *columns,
    const int32_t *sizes, const float *mean, const double *scale, const float *border, int flags) {
    Output out{dst + at, sizes[TAXON_BATCH_HEIGHT], sizes[TAXON_BATCH_WIDTH], sizes[TAXON_BATCH_CHANNELS],
        (flags & TAXON_BATCH_SWAP) != 0, (flags & TAXON_BATCH_PLANAR) != 0, (flags & TAXON_BATCH_HALF) != 0,
        mean, scale, border};
    Input in{src, row_bytes, rows, columns, sizes[TAXON_BATCH_TOP], sizes[TAXON_BATCH_LEFT]};
    Run run;
    if (!find_run(run, columns, out.width)) {
        write_scattered(out, in);
    } else if (out.channels == 3) {
        write_run<Colors>(out, in, run);
    } else {
        write_run<Greys>(out, in, run);
    }
}
