#ifndef TAXON_IMAGE_RESIZE_H
#define TAXON_IMAGE_RESIZE_H

#include <cstdint>

#include "axis.h"
#include "buffer.h"

namespace taxon {

// A picture of uint8 (H, W, channels) that is not ours; `row_bytes` from one row to the next.
struct Pixels {
    const uint8_t *data;
    int64_t row_bytes;
    const uint8_t *row(int y) const { return data + y * row_bytes; }
};

struct WritablePixels {
    uint8_t *data;
    int64_t row_bytes;
    uint8_t *row(int y) const { return data + y * row_bytes; }
};

// The wanted part of a resize and the part of the input that it takes. Axes count from the region's corner.
struct Plan {
    Side y, x;
    int top, left;      // of the region
    int height, width;  // of the region
};

// What the ways to resize share: axes, and rows that are resized along x and not yet along y.
struct Workspace {
    Axis y, x;
    Buffer<int16_t> shorts;
    Buffer<int32_t> ints;
    Buffer<float> floats;
    Buffer<uint8_t> bytes;
};

// Each writes plan.y.count rows of plan.x.count pixels.
void resize_linear(Workspace &w, const Plan &plan, WritablePixels dst, Pixels src, int channels);
void resize_kernel(Workspace &w, const Plan &plan, WritablePixels dst, Pixels src, int channels);
void resize_halves(const Plan &plan, WritablePixels dst, Pixels src, int channels);
void resize_blocks(const Plan &plan, WritablePixels dst, Pixels src, int channels);
void resize_area(Workspace &w, const Plan &plan, WritablePixels dst, Pixels src, int channels);
void resize_pillow(Workspace &w, const Plan &plan, bool along_y, bool along_x, WritablePixels dst, Pixels src,
    int channels);

// Taps of a row along x in 11-bit fixed point: `count` pixels of 3 channels to int32 sums. `row_bytes` may be read.
void taps_along_x(int32_t *dst, const uint8_t *row, int row_bytes, const Axis &x, int channels);

}  // namespace taxon

#endif
