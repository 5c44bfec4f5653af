// PNG by libpng, with the conversions that OpenCV's decoder asks for.
#include "taxon_image.h"

#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <png.h>

#include "exif.h"

struct taxon_png {
    jmp_buf failure;
    png_structp codec;
    png_infop info, end;
    int32_t *told;
    const uint8_t *bytes;
    size_t size, at;
    bool opened, ran_out;
    png_bytepp rows;    // libpng reads the passes of an interlaced picture into all rows
    size_t row_count;
    char error[512], warning[256];
};

namespace {

constexpr uint64_t MOST_EXPANSION = 1032;   // of deflate: 258 bytes for 2 bits

[[noreturn]] void fail(taxon_png *png, const char *reason) {
    snprintf(png->error, sizeof png->error, "%s", reason);
    longjmp(png->failure, png->ran_out ? TAXON_IMAGE_CUT_OFF : TAXON_IMAGE_BROKEN);
}

// --- callbacks of libpng ---

void on_error(png_structp codec, png_const_charp reason) {
    taxon_png *png = static_cast<taxon_png *>(png_get_error_ptr(codec));
    // "Invalid IHDR data" says less than the warning before it.
    const char *more = png->warning[0] ? ": " : "";
    char text[sizeof png->error + sizeof png->warning];
    snprintf(text, sizeof text, "%s%s%s", reason, more, png->warning);
    fail(png, text);
}

void on_warning(png_structp codec, png_const_charp reason) {
    taxon_png *png = static_cast<taxon_png *>(png_get_error_ptr(codec));
    if (png->warning[0] == 0) snprintf(png->warning, sizeof png->warning, "%s", reason);
}

void read_bytes(png_structp codec, png_bytep dst, size_t count) {
    taxon_png *png = static_cast<taxon_png *>(png_get_io_ptr(codec));
    if (count > png->size - png->at) {
        png->ran_out = true;
        fail(png, png->opened ? "it is cut off inside of its pixels" : "it is cut off before its pixels");
    }
    memcpy(dst, png->bytes + png->at, count);
    png->at += count;
}

// --- steps; each runs under a guard ---

void release(taxon_png *png) {
    if (png->codec) png_destroy_read_struct(&png->codec, &png->info, &png->end);
    png->codec = nullptr;
    png->info = png->end = nullptr;
    png->opened = false;
}

void open(taxon_png *png) {
    png->codec = png_create_read_struct(PNG_LIBPNG_VER_STRING, png, on_error, on_warning);
    if (!png->codec) fail(png, "there is no memory for its decoder");
    png->info = png_create_info_struct(png->codec);
    png->end = png_create_info_struct(png->codec);
    if (!png->info || !png->end) fail(png, "there is no memory for its decoder");
    png_set_read_fn(png->codec, png, read_bytes);
    png_read_info(png->codec, png->info);
    int32_t *told = png->told;
    png_byte color = png_get_color_type(png->codec, png->info);
    told[TAXON_PNG_WIDTH] = int32_t(png_get_image_width(png->codec, png->info));
    told[TAXON_PNG_HEIGHT] = int32_t(png_get_image_height(png->codec, png->info));
    told[TAXON_PNG_CHANNELS] = (color & PNG_COLOR_MASK_COLOR ? 3 : 1) + (color & PNG_COLOR_MASK_ALPHA ? 1 : 0);
    told[TAXON_PNG_BITS] = png_get_bit_depth(png->codec, png->info) == 16 ? 16 : 8;
    png_bytep alphas;
    png_color_16p transparent;
    int alpha_count = 0;
    png_get_tRNS(png->codec, png->info, &alphas, &alpha_count, &transparent);
    told[TAXON_PNG_TRANSPARENT] = alpha_count > 0;
    told[TAXON_PNG_ORIENTATION] = 1;
    uint64_t bytes = uint64_t(png_get_rowbytes(png->codec, png->info)) * uint32_t(told[TAXON_PNG_HEIGHT]);
    if (bytes / MOST_EXPANSION > png->size) fail(png, "it is too short for the picture size that it states");
    png->opened = true;
}

void convert(taxon_png *png, int order) {
    png_structp codec = png->codec;
    png_byte color = png_get_color_type(codec, png->info);
    bool colored = color & PNG_COLOR_MASK_COLOR;
    if (order != TAXON_IMAGE_STORED) {
        png_set_strip_16(codec);    // the high byte
        png_set_strip_alpha(codec);
    } else if (color == PNG_COLOR_TYPE_PALETTE) {
        png_set_strip_alpha(codec);     // which tRNS would add
    }
    if (color == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(codec);
    if (!colored && png_get_bit_depth(codec, png->info) < 8) png_set_expand_gray_1_2_4_to_8(codec);
    if (order == TAXON_IMAGE_BGR && colored) png_set_bgr(codec);
    if ((order == TAXON_IMAGE_BGR || order == TAXON_IMAGE_RGB) && !colored) png_set_gray_to_rgb(codec);
    if (order == TAXON_IMAGE_GREY) png_set_rgb_to_gray(codec, PNG_ERROR_ACTION_NONE, 0.299, 0.587);
    png_set_interlace_handling(codec);
    png_read_update_info(codec, png->info);
}

void point_rows(taxon_png *png, uint8_t *dst, int64_t row_bytes) {
    size_t height = size_t(png->told[TAXON_PNG_HEIGHT]);
    if (height > png->row_count) {
        free(png->rows);
        png->rows = static_cast<png_bytepp>(malloc(height * sizeof(png_bytep)));
        png->row_count = png->rows ? height : 0;
        if (!png->rows) fail(png, "there is no memory for its rows");
    }
    for (size_t y = 0; y < height; y++) png->rows[y] = dst + int64_t(y) * row_bytes;
}

void decode(taxon_png *png, uint8_t *dst, int64_t row_bytes, int order) {
    convert(png, order);
    if (png_get_rowbytes(png->codec, png->info) > size_t(row_bytes)) fail(png, "its rows are longer than expected");
    point_rows(png, dst, row_bytes);
    png_read_image(png->codec, png->rows);
    png_read_end(png->codec, png->end);
    png_uint_32 count = 0;
    png_bytep exif = nullptr;
    png_infop holder = png_get_valid(png->codec, png->info, PNG_INFO_eXIf) ? png->info : png->end;
    if (png_get_eXIf_1(png->codec, holder, &count, &exif) != 0 && exif) {
        png->told[TAXON_PNG_ORIENTATION] = taxon::exif_orientation(exif, count);
    }
}

}  // namespace

extern "C" {

taxon_png *taxon_png_create(void) { return static_cast<taxon_png *>(calloc(1, sizeof(taxon_png))); }

void taxon_png_destroy(taxon_png *png) {
    if (!png) return;
    release(png);
    free(png->rows);
    free(png);
}

const char *taxon_png_error(const taxon_png *png) { return png->error; }

const char *taxon_png_warning(const taxon_png *png) { return png->warning; }

int taxon_png_open(taxon_png *png, int32_t *info, const uint8_t *bytes, int64_t size) {
    release(png);
    png->told = info;
    png->bytes = bytes;
    png->size = size_t(size);
    png->at = 0;
    png->ran_out = false;
    png->warning[0] = 0;
    int status = setjmp(png->failure);
    if (status == 0) {
        open(png);
    } else {
        release(png);
    }
    return status;
}

int taxon_png_decode(taxon_png *png, uint8_t *dst, int64_t row_bytes, int order) {
    int status = setjmp(png->failure);
    if (status == 0) {
        if (!png->opened) fail(png, "it was not opened");
        decode(png, dst, row_bytes, order);
    }
    release(png);
    return status;
}

}  // extern "C"
