// JPEG by libjpeg-turbo, with the settings of OpenCV's decoder: accurate integer DCT, smooth chroma upsampling.
#include "taxon_image.h"

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <jpeglib.h>
#include <jerror.h>

#include "exif.h"

namespace {

constexpr int64_t MAX_SIDE = 1 << 20, MAX_PIXELS = 1 << 30;     // OpenCV's limits
constexpr long MAX_POOL_BYTES = 1L << 30;    // coefficients of a progressive picture are held whole
constexpr int MAX_SCANS = 500;               // each costs a pass over the picture, in a few bytes of a hostile file
constexpr int64_t CHECKED_PIXELS = 1 << 24;  // from here on a file must be long enough for what its header says
constexpr JDIMENSION ROWS = 8;                      // read at once
constexpr int EXIF_PREFIX = 6;               // "Exif", 0, 0
constexpr int EXIF_MARKER = JPEG_APP0 + 1;
// Columns beside the region that smooth upsampling looks at, or spoils, at the edge of what is decoded; and the fewest
// columns that keep libjpeg's smooth upsampling on, at two samples of the coarsest component.
constexpr JDIMENSION MARGIN = 2, FEWEST_COLUMNS = 2 * MAX_SAMP_FACTOR;

}  // namespace

struct taxon_jpeg {
    jpeg_decompress_struct codec;
    jpeg_error_mgr errors;
    jpeg_source_mgr source;
    jpeg_progress_mgr progress;
    jmp_buf failure;
    const uint8_t *bytes;
    size_t size;
    int scale;
    bool created;
    bool has_header;    // the header is read
    bool at_data;       // and the data are not
    bool suspending;    // at the end of the bytes: stop, or go on behind an end marker of our own
    bool ran_out;       // the bytes ended too early
    bool ends;          // an end marker follows the first scan's header
    uint8_t *scratch;   // ROWS rows
    size_t scratch_bytes;
    char error[JMSG_LENGTH_MAX + 64];
    char warning[JMSG_LENGTH_MAX];
};

namespace {

const JOCTET END[2] = {0xFF, JPEG_EOI};

struct Region {
    uint8_t *dst;
    int64_t row_bytes;
    JDIMENSION x, y, width, height;
    int order;
};

taxon_jpeg *owner(j_common_ptr codec) { return static_cast<taxon_jpeg *>(codec->client_data); }
taxon_jpeg *owner(j_decompress_ptr codec) { return static_cast<taxon_jpeg *>(codec->client_data); }

// --- callbacks of libjpeg ---

[[noreturn]] void fail_cut_off(taxon_jpeg *jpeg) {
    if (!jpeg->has_header) {
        snprintf(jpeg->error, sizeof jpeg->error, "it is cut off inside of its header");
    } else if (jpeg_has_multiple_scans(&jpeg->codec)) {
        snprintf(jpeg->error, sizeof jpeg->error, "it is cut off before the end of its scans");
    } else {
        snprintf(
            jpeg->error, sizeof jpeg->error, "it is cut off near row %u of %u", jpeg->codec.output_scanline,
            jpeg->codec.output_height);
    }
    longjmp(jpeg->failure, TAXON_IMAGE_CUT_OFF);
}

void on_error(j_common_ptr codec) {
    taxon_jpeg *jpeg = owner(codec);
    if (jpeg->ran_out) fail_cut_off(jpeg);
    codec->err->format_message(codec, jpeg->error);
    longjmp(jpeg->failure, TAXON_IMAGE_BROKEN);
}

void on_message(j_common_ptr codec, int level) {
    taxon_jpeg *jpeg = owner(codec);
    if (level < 0 && jpeg->warning[0] == 0) codec->err->format_message(codec, jpeg->warning);
}

[[noreturn]] void fail(taxon_jpeg *jpeg, const char *reason) {
    snprintf(jpeg->error, sizeof jpeg->error, "%s", reason);
    longjmp(jpeg->failure, TAXON_IMAGE_BROKEN);
}

void on_progress(j_common_ptr codec) {
    taxon_jpeg *jpeg = owner(codec);
    if (jpeg->codec.input_scan_number > MAX_SCANS) fail(jpeg, "it has more than 500 scans");
}

void nothing(j_decompress_ptr) {}

boolean refill(j_decompress_ptr codec) {
    taxon_jpeg *jpeg = owner(codec);
    jpeg->ran_out = true;
    if (jpeg->suspending) return FALSE;
    jpeg->source.next_input_byte = END;
    jpeg->source.bytes_in_buffer = sizeof END;
    return TRUE;
}

void skip(j_decompress_ptr codec, long count) {
    taxon_jpeg *jpeg = owner(codec);
    if (count <= 0) return;
    if (size_t(count) > jpeg->source.bytes_in_buffer) {
        jpeg->source.next_input_byte += jpeg->source.bytes_in_buffer;
        jpeg->source.bytes_in_buffer = 0;
        refill(codec);
    } else {
        jpeg->source.next_input_byte += count;
        jpeg->source.bytes_in_buffer -= count;
    }
}

// --- steps; each runs under a guard ---

bool has_end(const uint8_t *bytes, size_t size, size_t from) {
    for (size_t i = size; i >= from + 2; i--) {
        if (bytes[i - 1] == JPEG_EOI && bytes[i - 2] == 0xFF) return true;
    }
    return false;
}

// A Huffman code has a bit at least, and a block one code in the first scan, two where there is no other.
bool can_hold(const taxon_jpeg *jpeg) {
    const jpeg_decompress_struct &codec = jpeg->codec;
    if (codec.arith_code || int64_t(codec.image_width) * codec.image_height < CHECKED_PIXELS) return true;
    int64_t blocks = int64_t(codec.comp_info[0].width_in_blocks) * codec.comp_info[0].height_in_blocks;
    return int64_t(jpeg->size) * 8 >= blocks * (codec.progressive_mode ? 1 : 2);
}

void read_header(taxon_jpeg *jpeg) {
    jpeg_decompress_struct &codec = jpeg->codec;
    if (jpeg->created) jpeg_destroy_decompress(&codec);     // tables of another file must not outlive it
    jpeg->created = jpeg->has_header = jpeg->ran_out = false;
    codec.client_data = jpeg;
    codec.err = jpeg_std_error(&jpeg->errors);
    jpeg->errors.error_exit = on_error;
    jpeg->errors.emit_message = on_message;
    jpeg_create_decompress(&codec);
    jpeg->created = true;
    codec.mem->max_memory_to_use = MAX_POOL_BYTES;
    jpeg->progress.progress_monitor = on_progress;
    codec.progress = &jpeg->progress;
    jpeg->source = {jpeg->bytes, jpeg->size, nothing, refill, skip, jpeg_resync_to_restart, nothing};
    codec.src = &jpeg->source;
    jpeg_save_markers(&codec, EXIF_MARKER, 0xFFFF);
    if (jpeg_read_header(&codec, TRUE) != JPEG_HEADER_OK || jpeg->ran_out) fail_cut_off(jpeg);
    jpeg->has_header = true;
    int64_t width = codec.image_width, height = codec.image_height;
    if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS) {
        fail(jpeg, "it has more than 2^30 pixels, the limit");
    }
    if (!can_hold(jpeg)) fail(jpeg, "it is too short for the picture size that it states");
    codec.scale_num = 1;
    codec.scale_denom = jpeg->scale;
    jpeg_calc_output_dimensions(&codec);
    if (!jpeg->suspending) {
        jpeg->ends = has_end(jpeg->bytes, jpeg->size, jpeg->source.next_input_byte - jpeg->bytes);
    }
    jpeg->at_data = true;
}

int orientation(const jpeg_decompress_struct &codec) {
    // OpenCV looks at the first APP1 segment only, without checking that it is EXIF.
    jpeg_saved_marker_ptr marker = codec.marker_list;
    while (marker && marker->marker != EXIF_MARKER) marker = marker->next;
    if (!marker || marker->data_length <= EXIF_PREFIX) return 1;
    return taxon::exif_orientation(marker->data + EXIF_PREFIX, marker->data_length - EXIF_PREFIX);
}

void tell(taxon_jpeg *jpeg, int32_t *info) {
    const jpeg_decompress_struct &codec = jpeg->codec;
    info[TAXON_JPEG_WIDTH] = codec.image_width;
    info[TAXON_JPEG_HEIGHT] = codec.image_height;
    info[TAXON_JPEG_SCALED_WIDTH] = codec.output_width;
    info[TAXON_JPEG_SCALED_HEIGHT] = codec.output_height;
    info[TAXON_JPEG_COMPONENTS] = codec.num_components;
    info[TAXON_JPEG_ORIENTATION] = orientation(codec);
    info[TAXON_JPEG_PROGRESSIVE] = codec.progressive_mode;
}

// A progressive picture whose scans leave coefficients unknown is smoothed across blocks, out of any region.
bool smoothed(const jpeg_decompress_struct &codec) {
    if (!codec.progressive_mode || codec.coef_bits == nullptr) return false;
    for (int c = 0; c < codec.num_components; c++) {
        for (int k = 1; k < DCTSIZE2; k++) {
            if (codec.coef_bits[c][k] != 0) return true;
        }
    }
    return false;
}

#if JPEG_LIB_VERSION >= 70
int block(const jpeg_decompress_struct &codec) { return codec.min_DCT_h_scaled_size; }
int block(const jpeg_component_info &component) { return component.DCT_h_scaled_size; }
#else
int block(const jpeg_decompress_struct &codec) { return codec.min_DCT_scaled_size; }
int block(const jpeg_component_info &component) { return component.DCT_scaled_size; }
#endif

// libjpeg counts a cropped row wrongly where a scaled component is upsampled by another factor than unscaled.
bool can_crop(const jpeg_decompress_struct &codec) {
    for (int c = 0; c < codec.num_components; c++) {
        const jpeg_component_info &component = codec.comp_info[c];
        int growth = block(component) / block(codec);
        bool full_size = component.h_samp_factor * growth == codec.max_h_samp_factor
            && component.v_samp_factor * growth == codec.max_v_samp_factor;
        if (growth != 1 && !full_size) return false;
    }
    return true;
}

// Decodes few columns more than the region's; the first of them.
JDIMENSION crop(jpeg_decompress_struct &codec, const Region &region) {
    JDIMENSION full = codec.output_width;
    if (region.width == full || !can_crop(codec)) return 0;
    JDIMENSION columns = block(codec) * codec.max_h_samp_factor;
    JDIMENSION left = region.x / columns * columns;
    while (left > 0 && (region.x - left < MARGIN || full - left < FEWEST_COLUMNS)) left -= columns;
    JDIMENSION right = std::max(region.x + region.width + MARGIN, left + FEWEST_COLUMNS);
    JDIMENSION width = std::min(right, full) - left;
    jpeg_crop_scanline(&codec, &left, &width);
    return left;
}

// From libjpeg's row to ours, which begins `x` pixels into it.
void convert(const taxon_jpeg *jpeg, const Region &region, JDIMENSION x, const uint8_t *row, uint8_t *dst) {
    int channels = jpeg->codec.out_color_components;
    row += size_t(x) * channels;
    if (channels != 4 || region.order == TAXON_IMAGE_CMYK) {
        memcpy(dst, row, size_t(region.width) * channels);
        return;
    }
    int red = region.order == TAXON_IMAGE_RGB ? 0 : 2;
    for (JDIMENSION i = 0; i < region.width; i++, row += 4) {
        int k = row[3];
        int r = k - ((255 - row[0]) * k >> 8), g = k - ((255 - row[1]) * k >> 8), b = k - ((255 - row[2]) * k >> 8);
        if (region.order == TAXON_IMAGE_GREY) {
            dst[i] = uint8_t((b * 1868 + g * 9617 + r * 4899 + (1 << 13)) >> 14);
        } else {
            dst[3 * i + red] = uint8_t(r);
            dst[3 * i + 1] = uint8_t(g);
            dst[3 * i + 2 - red] = uint8_t(b);
        }
    }
}

J_COLOR_SPACE color_space(const taxon_jpeg *jpeg, int order) {
    if (jpeg->codec.num_components == 4) return JCS_CMYK;
    switch (order) {
    case TAXON_IMAGE_BGR: return JCS_EXT_BGR;
    case TAXON_IMAGE_RGB: return JCS_EXT_RGB;
    case TAXON_IMAGE_GREY: return JCS_GRAYSCALE;
    default: return JCS_CMYK;   // which libjpeg refuses
    }
}

uint8_t *scratch(taxon_jpeg *jpeg, size_t bytes) {
    if (bytes > jpeg->scratch_bytes) {
        free(jpeg->scratch);
        jpeg->scratch = static_cast<uint8_t *>(malloc(bytes));
        jpeg->scratch_bytes = jpeg->scratch ? bytes : 0;
        if (!jpeg->scratch) fail(jpeg, "there is no memory for its rows");
    }
    return jpeg->scratch;
}

void check_whole(taxon_jpeg *jpeg) {
    if (jpeg->ran_out) fail_cut_off(jpeg);
}

// At least one row, at most `count`, into rows of libjpeg's own width.
JDIMENSION read_rows(taxon_jpeg *jpeg, JSAMPROW *rows, JDIMENSION count) {
    JDIMENSION got = jpeg_read_scanlines(&jpeg->codec, rows, count);
    check_whole(jpeg);
    if (got == 0) fail(jpeg, "no more rows came out of it");
    return got;
}

void start(taxon_jpeg *jpeg, const Region &region) {
    if (!jpeg->at_data) read_header(jpeg);
    jpeg->at_data = false;
    jpeg->codec.out_color_space = color_space(jpeg, region.order);
    if (!jpeg_start_decompress(&jpeg->codec)) fail_cut_off(jpeg);   // not all scans of a progressive picture are there
}

void decode(taxon_jpeg *jpeg, const Region &region) {
    jpeg_decompress_struct &codec = jpeg->codec;
    start(jpeg, region);
    check_whole(jpeg);
    bool skip = !smoothed(codec);   // otherwise the rows above must be decoded
    JDIMENSION left = skip ? crop(codec, region) : 0;
    size_t channels = codec.out_color_components, row_bytes = codec.output_width * channels;
    uint8_t *rows = scratch(jpeg, ROWS * row_bytes);
    JSAMPROW into[ROWS];
    for (JDIMENSION i = 0; i < ROWS; i++) into[i] = rows + i * row_bytes;
    if (skip) jpeg_skip_scanlines(&codec, region.y);
    while (codec.output_scanline < region.y) {
        read_rows(jpeg, into, std::min(region.y - codec.output_scanline, ROWS));
    }
    bool in_place = codec.output_width == region.width && (channels != 4 || region.order == TAXON_IMAGE_CMYK);
    for (JDIMENSION y = 0; y < region.height;) {
        JDIMENSION count = std::min(region.height - y, ROWS);
        uint8_t *dst = region.dst + y * region.row_bytes;
        if (in_place) {
            for (JDIMENSION i = 0; i < count; i++) into[i] = dst + i * region.row_bytes;
        }
        count = read_rows(jpeg, into, count);
        for (JDIMENSION i = 0; !in_place && i < count; i++) {
            convert(jpeg, region, region.x - left, into[i], dst + i * region.row_bytes);
        }
        y += count;
    }
    // Whether a file without an end marker is whole is known at its last row only.
    for (JDIMENSION i = 0; i < ROWS; i++) into[i] = rows + i * row_bytes;
    while (!jpeg->ends && codec.output_scanline < codec.output_height) read_rows(jpeg, into, ROWS);
}

// What OpenCV makes of a file that ends too early: the last whole row over and over.
void decode_cut_off(taxon_jpeg *jpeg, const Region &region) {
    jpeg_decompress_struct &codec = jpeg->codec;
    jpeg->at_data = false;
    start(jpeg, region);
    JSAMPROW row = scratch(jpeg, size_t(codec.output_width) * codec.out_color_components);
    for (JDIMENSION y = 0; y < region.y + region.height; y++) {
        jpeg_read_scanlines(&codec, &row, 1);
        if (codec.output_scanline == 0) fail_cut_off(jpeg);
        if (y >= region.y) convert(jpeg, region, region.x, row, region.dst + (y - region.y) * region.row_bytes);
    }
}

// --- guards: libjpeg's errors come back here and never leave the library ---

int guarded_header(taxon_jpeg *jpeg, int32_t *info) {
    int status = setjmp(jpeg->failure);
    if (status != 0) return status;
    read_header(jpeg);
    tell(jpeg, info);
    return TAXON_IMAGE_OK;
}

int guarded(taxon_jpeg *jpeg, const Region &region, void (*step)(taxon_jpeg *, const Region &)) {
    int status = setjmp(jpeg->failure);
    if (status == 0) step(jpeg, region);
    jpeg_abort_decompress(&jpeg->codec);    // frees what this picture took
    jpeg->at_data = false;
    return status;
}

bool inside(const jpeg_decompress_struct &codec, const int32_t *r) {
    return r[0] >= 0 && r[1] >= 0 && r[2] > 0 && r[3] > 0 && uint32_t(r[0]) + uint32_t(r[2]) <= codec.output_width
        && uint32_t(r[1]) + uint32_t(r[3]) <= codec.output_height;
}

}  // namespace

extern "C" {

taxon_jpeg *taxon_jpeg_create(void) { return static_cast<taxon_jpeg *>(calloc(1, sizeof(taxon_jpeg))); }

void taxon_jpeg_destroy(taxon_jpeg *jpeg) {
    if (!jpeg) return;
    if (jpeg->created) jpeg_destroy_decompress(&jpeg->codec);
    free(jpeg->scratch);
    free(jpeg);
}

const char *taxon_jpeg_error(const taxon_jpeg *jpeg) { return jpeg->error; }

const char *taxon_jpeg_warning(const taxon_jpeg *jpeg) { return jpeg->warning; }

int taxon_jpeg_open(taxon_jpeg *jpeg, int32_t *info, const uint8_t *bytes, int64_t size, int scale) {
    jpeg->bytes = bytes;
    jpeg->size = size_t(size);
    jpeg->scale = scale;
    jpeg->suspending = false;
    jpeg->warning[0] = 0;
    return guarded_header(jpeg, info);
}

int taxon_jpeg_decode(
    taxon_jpeg *jpeg, uint8_t *dst, int64_t row_bytes, const int32_t *region, int order, int flags) {
    // The scaled size, also after a decode that cropped.
    if (!jpeg->at_data) {
        int32_t info[TAXON_JPEG_INFO];
        int status = guarded_header(jpeg, info);
        if (status != 0) return status;
    }
    if (!inside(jpeg->codec, region)) {
        snprintf(
            jpeg->error, sizeof jpeg->error, "region (%d, %d, %d, %d) is not inside of %u x %u pixels", region[0],
            region[1], region[2], region[3], jpeg->codec.output_width, jpeg->codec.output_height);
        return TAXON_IMAGE_BROKEN;
    }
    Region r{dst, row_bytes, JDIMENSION(region[0]), JDIMENSION(region[1]), JDIMENSION(region[2]),
        JDIMENSION(region[3]), order};
    jpeg->warning[0] = 0;
    int status = guarded(jpeg, r, decode);
    if (status == TAXON_IMAGE_CUT_OFF && (flags & TAXON_JPEG_KEEP_CUT_OFF)) {
        jpeg->suspending = true;
        status = guarded(jpeg, r, decode_cut_off);
        jpeg->suspending = false;
    }
    return status;
}

}  // extern "C"
