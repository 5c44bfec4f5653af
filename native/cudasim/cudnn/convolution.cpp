#include "convolution.h"

#include <algorithm>

#include "../dense/gemm.h"
#include "../dense/tf32.h"

namespace cudasim::cudnn {

namespace {

// One group of one image: the dimensions of its matrix product.
struct Shape {
    int64_t channels, filters;  // of the group
    int64_t taps;               // channels · R · S
    int64_t points;             // P · Q
};

Shape shapeOf(const Filter &w, const Convolution &conv, const Tensor &y) {
    return {w.c, w.k / conv.groups, int64_t{w.c} * w.r * w.s, int64_t{y.h()} * y.w()};
}

// Calls visit(tap, point, index into the group's (C, H, W)) for all taps that are not in the padding.
template <class Visit>
void eachTap(const Tensor &x, const Filter &w, const Convolution &conv, const Tensor &y, Visit visit) {
    int64_t tap = 0, points = int64_t{y.h()} * y.w();
    for (int c = 0; c < w.c; c++) {
        for (int r = 0; r < w.r; r++) {
            for (int s = 0; s < w.s; s++, tap++) {
                int row = conv.mode == 1 ? r : w.r - 1 - r, column = conv.mode == 1 ? s : w.s - 1 - s;
                for (int p = 0; p < y.h(); p++) {
                    int h = p * conv.strideH - conv.padH + row * conv.dilationH;
                    if (h < 0 || h >= x.h()) continue;
                    int64_t line = (int64_t{c} * x.h() + h) * x.w();
                    for (int q = 0; q < y.w(); q++) {
                        int v = q * conv.strideW - conv.padW + column * conv.dilationW;
                        if (v >= 0 && v < x.w()) visit(tap * points + int64_t{p} * y.w() + q, line + v);
                    }
                }
            }
        }
    }
}

// (rows, columns) → (columns, rows)
Dense transposed(const float *matrix, int64_t rows, int64_t columns) {
    Dense out(static_cast<size_t>(rows * columns));
    for (int64_t i = 0; i < rows; i++) {
        for (int64_t j = 0; j < columns; j++) out[static_cast<size_t>(j * rows + i)] = matrix[i * columns + j];
    }
    return out;
}

}  // namespace

Tensor Filter::tensor() const {
    Tensor out;
    int sizes[] = {k, c, r, s}, strides[4];
    packed(format, 4, sizes, strides);
    setTensor(&out, type, 4, sizes, strides);
    return out;
}

int Convolution::outputH(const Tensor &x, const Filter &w) const {
    return 1 + (x.h() + 2 * padH - ((w.r - 1) * dilationH + 1)) / strideH;
}

int Convolution::outputW(const Tensor &x, const Filter &w) const {
    return 1 + (x.w() + 2 * padW - ((w.s - 1) * dilationW + 1)) / strideW;
}

Dense convolve(const Tensor &x, const Dense &xData, const Filter &filter, const Dense &w, const Convolution &conv,
        const Tensor &y) {
    Shape shape = shapeOf(filter, conv, y);
    Dense out(static_cast<size_t>(y.elements()));
    Dense columns(static_cast<size_t>(shape.taps * shape.points));
    for (int n = 0; n < x.n(); n++) {
        for (int g = 0; g < conv.groups; g++) {
            const float *image = xData.data() + (int64_t{n} * x.c() + g * shape.channels) * x.h() * x.w();
            std::fill(columns.begin(), columns.end(), 0.0f);
            eachTap(x, filter, conv, y, [&](int64_t to, int64_t from) { columns[static_cast<size_t>(to)] = image[from]; });
            multiply(shape.filters, shape.points, shape.taps, w.data() + g * shape.filters * shape.taps, columns.data(),
                    out.data() + (int64_t{n} * y.c() + g * shape.filters) * shape.points);
        }
    }
    return out;
}

Dense convolveBackData(
        const Tensor &x, const Filter &filter, const Dense &w, const Convolution &conv, const Tensor &y, const Dense &dy) {
    Shape shape = shapeOf(filter, conv, y);
    Dense dx(static_cast<size_t>(x.elements()));
    Dense columns(static_cast<size_t>(shape.taps * shape.points));
    for (int g = 0; g < conv.groups; g++) {
        Dense turned = transposed(w.data() + g * shape.filters * shape.taps, shape.filters, shape.taps);
        for (int n = 0; n < x.n(); n++) {
            multiply(shape.taps, shape.points, shape.filters, turned.data(),
                    dy.data() + (int64_t{n} * y.c() + g * shape.filters) * shape.points, columns.data());
            float *image = dx.data() + (int64_t{n} * x.c() + g * shape.channels) * x.h() * x.w();
            eachTap(x, filter, conv, y, [&](int64_t from, int64_t to) { image[to] += columns[static_cast<size_t>(from)]; });
        }
    }
    return dx;
}

Dense convolveBackFilter(const Tensor &x, const Dense &xData, const Filter &filter, const Convolution &conv, const Tensor &y,
        const Dense &dy) {
    Shape shape = shapeOf(filter, conv, y);
    Dense dw(static_cast<size_t>(filter.tensor().elements()));
    std::vector<double> sums(dw.size());
    Dense columns(static_cast<size_t>(shape.taps * shape.points));
    Dense part(static_cast<size_t>(shape.filters * shape.taps));
    for (int n = 0; n < x.n(); n++) {
        for (int g = 0; g < conv.groups; g++) {
            const float *image = xData.data() + (int64_t{n} * x.c() + g * shape.channels) * x.h() * x.w();
            std::fill(columns.begin(), columns.end(), 0.0f);
            eachTap(x, filter, conv, y, [&](int64_t to, int64_t from) { columns[static_cast<size_t>(to)] = image[from]; });
            Dense turned = transposed(columns.data(), shape.taps, shape.points);
            multiply(shape.filters, shape.taps, shape.points,
                    dy.data() + (int64_t{n} * y.c() + g * shape.filters) * shape.points, turned.data(), part.data());
            size_t first = static_cast<size_t>(g * shape.filters * shape.taps);
            for (size_t i = 0; i < part.size(); i++) sums[first + i] += part[i];
        }
    }
    for (size_t i = 0; i < dw.size(); i++) dw[i] = static_cast<float>(sums[i]);
    return dw;
}

void roundAsMath(const Convolution &conv, int type, Dense &operand) {
    if (type == FLOAT && conv.math != FMA_MATH && setting(Setting::COMPUTE_MAJOR) >= 8) toTf32(operand);
}

}  // namespace cudasim::cudnn
