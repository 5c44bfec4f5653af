/*
 * The C ABI of Taxon's image library: decoding as OpenCV 4.6.0 does it. A handle belongs to one thread at a time;
 * different handles may work side by side. Nothing here starts threads or enters OpenMP. Every function that can fail
 * returns 0 or a status whose reason taxon_jpeg_error gives, without the file's name. Pictures are uint8 (H, W, C).
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
    TAXON_IMAGE_CUT_OFF     /* the file ends too early */
};

enum taxon_image_order { TAXON_IMAGE_BGR, TAXON_IMAGE_RGB, TAXON_IMAGE_GREY, TAXON_IMAGE_CMYK };

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

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop
#endif
