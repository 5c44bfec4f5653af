/*
 * The C ABI of Taxon's image library: decoding as OpenCV 4.6.0 does it. A handle belongs to one thread at a time;
 * different handles may work side by side. Nothing here starts threads or enters OpenMP. Every function that can fail
 * returns 0 or a status; the reason for a picture's, taxon_…_error gives without the file's name. Pictures are uint8
 * (H, W, C).
 */
#ifndef TAXON_IMAGE_H
#define TAXON_IMAGE_H

#include <stdint.h>

#pragma GCC visibility push(default)
#ifdef __cplusplus
extern "C" {
#endif

enum taxon_image_status {
    TAXON_IMAGE_OK,
    TAXON_IMAGE_BROKEN,     /* no picture, or one of a kind that is not supported */
    TAXON_IMAGE_CUT_OFF,    /* the file ends too early */
    TAXON_IMAGE_NO_MEMORY,
    TAXON_IMAGE_ANIMATED    /* and its frames are not decoded */
};

enum taxon_image_order {
    TAXON_IMAGE_BGR, TAXON_IMAGE_RGB, TAXON_IMAGE_GREY,
    TAXON_IMAGE_CMYK,       /* JPEG of four components, as stored */
    TAXON_IMAGE_STORED      /* PNG: the channels and 8 or 16 bits (big-endian) that the file has, palettes looked up */
};

/* --- JPEG --- */
typedef struct taxon_jpeg taxon_jpeg;

/* Places in what taxon_jpeg_open tells. */
enum taxon_jpeg_info {
    TAXON_JPEG_WIDTH,           /* as stored */
    TAXON_JPEG_HEIGHT,
    TAXON_JPEG_SCALED_WIDTH,    /* as decoded: ceil(width / scale) */
    TAXON_JPEG_SCALED_HEIGHT,
    TAXON_JPEG_COMPONENTS,      /* 1, 3 or 4 */
    TAXON_JPEG_ORIENTATION,     /* by EXIF, 1 to 8 */
    TAXON_JPEG_PROGRESSIVE,     /* 0 or 1 */
    TAXON_JPEG_INFO
};

enum taxon_jpeg_flag {
    TAXON_JPEG_KEEP_CUT_OFF = 1 /* a file that ends too early is the picture that OpenCV makes of it */
};

taxon_jpeg *taxon_jpeg_create(void);    /* NULL when there is no memory */
void taxon_jpeg_destroy(taxon_jpeg *jpeg);
const char *taxon_jpeg_error(const taxon_jpeg *jpeg);      /* why the last call failed */
const char *taxon_jpeg_warning(const taxon_jpeg *jpeg);    /* first damage met by the last decode, or "" */

/* Reads the header. scale is 1, 2, 4 or 8: by the DCT, so other numbers than full size. bytes stay the caller's and are
   read by taxon_jpeg_decode too. */
int taxon_jpeg_open(taxon_jpeg *jpeg, int32_t *info /* TAXON_JPEG_INFO */, const uint8_t *bytes, int64_t size, int scale);

/* A region (x, y, w, h) of the scaled picture, not turned, into dst (h, row_bytes): bit for bit that part of the whole
   picture. May be called again for another region. */
int taxon_jpeg_decode(
    taxon_jpeg *jpeg, uint8_t *dst, int64_t row_bytes, const int32_t *region /* 4 */, int order, int flags);

/* --- PNG --- */
typedef struct taxon_png taxon_png;

/* Places in what taxon_png_open tells, and taxon_png_decode completes. */
enum taxon_png_info {
    TAXON_PNG_WIDTH,
    TAXON_PNG_HEIGHT,
    TAXON_PNG_CHANNELS,         /* 1 grey, 2 grey and alpha, 3 RGB (also by a palette), 4 RGB and alpha */
    TAXON_PNG_BITS,             /* 8 (also for fewer) or 16 */
    TAXON_PNG_TRANSPARENT,      /* 1: colours, or entries of the palette, are marked as transparent (tRNS) */
    TAXON_PNG_ORIENTATION,      /* by EXIF, 1 to 8; known after taxon_png_decode */
    TAXON_PNG_INFO
};

taxon_png *taxon_png_create(void);      /* NULL when there is no memory */
void taxon_png_destroy(taxon_png *png);
const char *taxon_png_error(const taxon_png *png);
const char *taxon_png_warning(const taxon_png *png);

/* Reads all before the pixels. bytes and info stay the caller's and are used by taxon_png_decode too. */
int taxon_png_open(taxon_png *png, int32_t *info /* TAXON_PNG_INFO */, const uint8_t *bytes, int64_t size);

/* The open picture, not turned, into dst (height, row_bytes). Once for each taxon_png_open. */
int taxon_png_decode(taxon_png *png, uint8_t *dst, int64_t row_bytes, int order);

/* --- WebP --- */

/* Places in what taxon_webp_open tells. */
enum taxon_webp_info { TAXON_WEBP_WIDTH, TAXON_WEBP_HEIGHT, TAXON_WEBP_ALPHA /* 0 or 1 */, TAXON_WEBP_INFO };

int taxon_webp_open(int32_t *info /* TAXON_WEBP_INFO */, const uint8_t *bytes, int64_t size);

/* A picture that taxon_webp_open accepted, as BGR or RGB into dst (height, row_bytes); alpha is dropped. */
int taxon_webp_decode(uint8_t *dst, int64_t row_bytes, const uint8_t *bytes, int64_t size, int order);
const char *taxon_webp_error(int status);   /* what a status of these two means */

/* --- files --- */

/* All of a file. Returns its size; dst holds it unless that is more than room. Negative: an errno. */
int64_t taxon_file_read(uint8_t *dst, int64_t room, const char *path);

/* --- resizing of uint8 pictures, bit for bit as OpenCV 4.6.0 and Pillow 9.4 --- */
typedef struct taxon_resizer taxon_resizer;     /* buffers that are used again */

enum taxon_filter {
    TAXON_BILINEAR, TAXON_BICUBIC, TAXON_AREA, TAXON_LANCZOS,   /* OpenCV's */
    TAXON_PILLOW_BOX, TAXON_PILLOW_BILINEAR, TAXON_PILLOW_HAMMING, TAXON_PILLOW_BICUBIC, TAXON_PILLOW_LANCZOS
};

taxon_resizer *taxon_resizer_create(void);      /* NULL when there is no memory */
void taxon_resizer_destroy(taxon_resizer *resizer);

/* A part (x, y, w, h) of the resized picture is wanted; region (x, y, w, h) is what it needs of the input. */
int taxon_resizer_plan(
    taxon_resizer *resizer, int32_t *region /* 4 */, int filter,
    const int32_t *sizes /* 4: input height, width, output height, width */, const int32_t *part /* 4 */);

/* That part, of what was planned last. */
int taxon_resizer_run(
    taxon_resizer *resizer, uint8_t *dst /* (h, w, channels) of the part */, int64_t dst_row_bytes,
    const uint8_t *src /* (h, w, channels) of the region */, int64_t src_row_bytes, int channels);

/* --- into a batch --- */

/* Places in the sizes of taxon_batch_write. */
enum taxon_batch_size {
    TAXON_BATCH_HEIGHT,     /* of the result */
    TAXON_BATCH_WIDTH,
    TAXON_BATCH_CHANNELS,   /* 1 or 3 */
    TAXON_BATCH_TOP,        /* the row that src begins with */
    TAXON_BATCH_LEFT,
    TAXON_BATCH_SIZES
};

enum taxon_batch_flag {
    TAXON_BATCH_SWAP = 1,   /* exchange red and blue; mean, scale and border are in the order after it */
    TAXON_BATCH_PLANAR = 2, /* the result is (C, H, W), not (H, W, C) */
    TAXON_BATCH_HALF = 4    /* values are rounded to float16 */
};

/* Pixel (y, x) of the result is pixel (rows[y], columns[x]) of the picture, as float((x - mean) * scale), or the border
   where either is -1. */
void taxon_batch_write(
    float *dst,             /* (H, W, C) or (C, H, W), `at` floats behind dst */
    int64_t at, const uint8_t *src, int64_t row_bytes,
    const int32_t *rows,    /* (H) */
    const int32_t *columns, /* (W) */
    const int32_t *sizes,   /* TAXON_BATCH_SIZES */
    const float *mean,      /* (C) */
    const double *scale,    /* (C) */
    const float *border,    /* (C) */
    int flags);

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop
#endif
