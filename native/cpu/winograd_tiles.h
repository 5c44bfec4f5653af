// Tiles of M × M outputs, and the planes that hold one number of each tile: P[EDGE²][channels / LANES][tiles][LANES]. A
// plane is a matrix that the products of packed_product.h read along the channels; planes are one cache line longer than
// they need, so that the numbers of one tile do not fall into one set of the first-level cache.
#pragma once

#include <algorithm>

#include "taxon.h"
#include "vec.h"

namespace taxon {

inline int64_t vectors(int64_t channels) { return (channels + LANES - 1) / LANES; }


// A block of tiles of one operand: where the numbers of a tile lie.
struct Planes {
    float *data;
    int64_t tiles, channels;
    static int64_t plane(int64_t tiles, int64_t channels) { return tiles * vectors(channels) * LANES + LINE; }
    int64_t pitch() const { return tiles * LANES; }  // from one vector of channels to the next
    float *at(int64_t xi, int64_t tile, int64_t vector) const {
        return data + xi * plane(tiles, channels) + vector * pitch() + tile * LANES;
    }
};

// An image (N, height, width, channels) of whose pixels a tile sees a window.
struct Image4 {
    int64_t height, width, channels;
};

// Rows and columns of tiles over the outputs, image after image.
struct TileGrid {
    int64_t rows, columns, count;
    TileGrid(int64_t n, int64_t height, int64_t width, int64_t m)
        : rows((height + m - 1) / m), columns((width + m - 1) / m), count(n * rows * columns) {}
    int64_t image(int64_t tile) const { return tile / (rows * columns); }
    int64_t row(int64_t tile) const { return tile / columns % rows; }
    int64_t column(int64_t tile) const { return tile % columns; }
};

// The EDGE × EDGE pixels from (top, left) of an image; those outside it are a row of zeros.
template <int EDGE>
struct TileWindow {
    const float *pixel[EDGE * EDGE];
    TileWindow(const float *images, const Image4 &shape, int64_t image, int64_t top, int64_t left, const float *zeros) {
        const float *base = images + image * shape.height * shape.width * shape.channels;
        for (int i = 0; i < EDGE; i++) {
            for (int j = 0; j < EDGE; j++) {
                int64_t y = top + i, x = left + j;
                bool inside = y >= 0 && y < shape.height && x >= 0 && x < shape.width;
                pixel[i * EDGE + j] = inside ? base + (y * shape.width + x) * shape.channels : zeros;
            }
        }
    }
};

}  // namespace taxon
