// The C ABI of resizing: which way a filter goes at given sizes, and what part of the input it needs.
#include "resize.h"

#include <cmath>
#include <cstring>
#include <new>

#include "taxon_image.h"

using taxon::Pixels;
using taxon::Plan;
using taxon::Side;
using taxon::Span;
using taxon::WritablePixels;

namespace {

enum class Way { COPY, LINEAR, KERNEL, HALVES, BLOCKS, AREA, PILLOW };

double sinc(double x) { return x == 0 ? 1 : std::sin(x * M_PI) / (x * M_PI); }

double box(double x) { return x > -0.5 && x <= 0.5 ? 1 : 0; }

double bilinear(double x) {
    x = std::fabs(x);
    return x < 1 ? 1 - x : 0;
}

double hamming(double x) {
    x = std::fabs(x);
    return x >= 1 ? 0 : sinc(x) * (0.54 + 0.46 * std::cos(x * M_PI));
}

double bicubic(double x) {
    x = std::fabs(x);
    return x < 1 ? (1.5 * x - 2.5) * x * x + 1 : x < 2 ? (((x - 5) * x + 8) * x - 4) * -0.5 : 0;
}

double lanczos(double x) { return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0; }

}  // namespace

struct taxon_resizer {
    Way way;
    bool along_y, along_x;  // PILLOW
    Plan plan;
    taxon::Workspace workspace;
};

namespace {

void pillow(taxon_resizer &r, Span &rows, Span &columns, double support, double (*filter)(double)) {
    r.way = Way::PILLOW;
    r.along_y = r.plan.y.input != r.plan.y.output;
    r.along_x = r.plan.x.input != r.plan.x.output;
    if (r.along_y) rows = r.workspace.y.pillow(r.plan.y, support, filter);
    if (r.along_x) columns = r.workspace.x.pillow(r.plan.x, support, filter);
}

void linear(taxon_resizer &r, Span &rows, Span &columns, bool area) {
    r.way = Way::LINEAR;
    rows = r.workspace.y.linear(r.plan.y, false, area);
    columns = r.workspace.x.linear(r.plan.x, true, area);
}

void kernel(taxon_resizer &r, Span &rows, Span &columns, int taps) {
    r.way = Way::KERNEL;
    rows = r.workspace.y.kernel(r.plan.y, taps);
    columns = r.workspace.x.kernel(r.plan.x, taps);
}

void blocks(taxon_resizer &r, Span &rows, Span &columns, Way way) {
    r.way = way;
    int high = r.plan.y.input / r.plan.y.output, wide = r.plan.x.input / r.plan.x.output;
    rows = {r.plan.y.from * high, (r.plan.y.from + r.plan.y.count) * high};
    columns = {r.plan.x.from * wide, (r.plan.x.from + r.plan.x.count) * wide};
}

// OpenCV's INTER_AREA, which goes other ways where a side grows or every output pixel is a block of whole pixels.
void area(taxon_resizer &r, Span &rows, Span &columns, bool halves) {
    const Side &y = r.plan.y, &x = r.plan.x;
    if (y.output > y.input || x.output > x.input) {
        linear(r, rows, columns, true);
    } else if (y.input % y.output == 0 && x.input % x.output == 0) {
        blocks(r, rows, columns, halves ? Way::HALVES : Way::BLOCKS);
    } else {
        r.way = Way::AREA;
        rows = r.workspace.y.area(y);
        columns = r.workspace.x.area(x);
    }
}

void choose(taxon_resizer &r, int filter) {
    const Side &y = r.plan.y, &x = r.plan.x;
    Span rows{y.from, y.from + y.count}, columns{x.from, x.from + x.count};
    bool same = y.input == y.output && x.input == x.output;
    bool halves = y.input == 2 * y.output && x.input == 2 * x.output;   // OpenCV averages 2 x 2 then
    r.workspace.y.clear();
    r.workspace.x.clear();
    if (same) {
        r.way = Way::COPY;
    } else {
        switch (filter) {
        case TAXON_BILINEAR: halves ? blocks(r, rows, columns, Way::HALVES) : linear(r, rows, columns, false); break;
        case TAXON_BICUBIC: kernel(r, rows, columns, 4); break;
        case TAXON_AREA: area(r, rows, columns, halves); break;
        case TAXON_LANCZOS: kernel(r, rows, columns, 8); break;
        case TAXON_PILLOW_BOX: pillow(r, rows, columns, 0.5, box); break;
        case TAXON_PILLOW_BILINEAR: pillow(r, rows, columns, 1, bilinear); break;
        case TAXON_PILLOW_HAMMING: pillow(r, rows, columns, 1, hamming); break;
        case TAXON_PILLOW_BICUBIC: pillow(r, rows, columns, 2, bicubic); break;
        case TAXON_PILLOW_LANCZOS: pillow(r, rows, columns, 3, lanczos); break;
        }
    }
    r.plan.top = rows.begin;
    r.plan.height = rows.end - rows.begin;
    r.plan.left = columns.begin;
    r.plan.width = columns.end - columns.begin;
    r.workspace.y.rebase(rows.begin);
    r.workspace.x.rebase(columns.begin);
}

void run(taxon_resizer &r, WritablePixels dst, Pixels src, int channels) {
    switch (r.way) {
    case Way::COPY:
        for (int y = 0; y < r.plan.height; y++) memcpy(dst.row(y), src.row(y), size_t(r.plan.width) * channels);
        break;
    case Way::LINEAR: resize_linear(r.workspace, r.plan, dst, src, channels); break;
    case Way::KERNEL: resize_kernel(r.workspace, r.plan, dst, src, channels); break;
    case Way::HALVES: taxon::resize_halves(r.plan, dst, src, channels); break;
    case Way::BLOCKS: taxon::resize_blocks(r.plan, dst, src, channels); break;
    case Way::AREA: resize_area(r.workspace, r.plan, dst, src, channels); break;
    case Way::PILLOW: resize_pillow(r.workspace, r.plan, r.along_y, r.along_x, dst, src, channels); break;
    }
}

}  // namespace

extern "C" {

taxon_resizer *taxon_resizer_create(void) { return new (std::nothrow) taxon_resizer(); }

void taxon_resizer_destroy(taxon_resizer *resizer) { delete resizer; }

int taxon_resizer_plan(
    taxon_resizer *resizer, int32_t *region, int filter, const int32_t *sizes, const int32_t *part) {
    try {
        resizer->plan.y = {sizes[0], sizes[2], part[1], part[3]};
        resizer->plan.x = {sizes[1], sizes[3], part[0], part[2]};
        choose(*resizer, filter);
        region[0] = resizer->plan.left;
        region[1] = resizer->plan.top;
        region[2] = resizer->plan.width;
        region[3] = resizer->plan.height;
        return TAXON_IMAGE_OK;
    } catch (const std::bad_alloc &) {
        return TAXON_IMAGE_NO_MEMORY;
    }
}

int taxon_resizer_run(
    taxon_resizer *resizer, uint8_t *dst, int64_t dst_row_bytes, const uint8_t *src, int64_t src_row_bytes,
    int channels) {
    try {
        run(*resizer, {dst, dst_row_bytes}, {src, src_row_bytes}, channels);
        return TAXON_IMAGE_OK;
    } catch (const std::bad_alloc &) {
        return TAXON_IMAGE_NO_MEMORY;
    }
}

}  // extern "C"
