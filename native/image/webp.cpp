// WebP by libwebp, out of a Maven artifact that comes without its headers: what is used of its ABI is declared here.
#include "taxon_image.h"

#include <cstddef>
#include <cstring>

extern "C" {

struct WebPBitstreamFeatures {
    int width, height, has_alpha, has_animation, format;
    uint32_t reserved[5];
};

int WebPGetFeaturesInternal(const uint8_t *bytes, size_t size, WebPBitstreamFeatures *features, int abi);
uint8_t *WebPDecodeBGRInto(const uint8_t *bytes, size_t size, uint8_t *dst, size_t dst_bytes, int row_bytes);
uint8_t *WebPDecodeRGBInto(const uint8_t *bytes, size_t size, uint8_t *dst, size_t dst_bytes, int row_bytes);

}  // extern "C"

namespace {

constexpr int DECODER_ABI = 0x0200;     // libwebp compares the high byte
constexpr int NOT_ENOUGH_DATA = 7;      // of its VP8StatusCode
constexpr int64_t RIFF_HEADER = 8;      // which the file's own length leaves out

bool cut_off(const uint8_t *bytes, int64_t size) {
    uint32_t stated;
    if (size < RIFF_HEADER) return true;
    memcpy(&stated, bytes + 4, sizeof stated);
    return int64_t(stated) + RIFF_HEADER > size;
}

}  // namespace

extern "C" {

int taxon_webp_open(int32_t *info, const uint8_t *bytes, int64_t size) {
    WebPBitstreamFeatures features;
    int status = WebPGetFeaturesInternal(bytes, size_t(size), &features, DECODER_ABI);
    if (status == NOT_ENOUGH_DATA) return TAXON_IMAGE_CUT_OFF;
    if (status != 0) return TAXON_IMAGE_BROKEN;
    if (features.has_animation) return TAXON_IMAGE_ANIMATED;
    info[TAXON_WEBP_WIDTH] = features.width;
    info[TAXON_WEBP_HEIGHT] = features.height;
    info[TAXON_WEBP_ALPHA] = features.has_alpha;
    return TAXON_IMAGE_OK;
}

int taxon_webp_decode(uint8_t *dst, int64_t row_bytes, const uint8_t *bytes, int64_t size, int order) {
    WebPBitstreamFeatures features;
    if (WebPGetFeaturesInternal(bytes, size_t(size), &features, DECODER_ABI) != 0) return TAXON_IMAGE_BROKEN;
    size_t room = size_t(row_bytes) * size_t(features.height);
    uint8_t *done = order == TAXON_IMAGE_RGB ? WebPDecodeRGBInto(bytes, size_t(size), dst, room, int(row_bytes))
                                             : WebPDecodeBGRInto(bytes, size_t(size), dst, room, int(row_bytes));
    if (done) return TAXON_IMAGE_OK;
    return cut_off(bytes, size) ? TAXON_IMAGE_CUT_OFF : TAXON_IMAGE_BROKEN;
}

const char *taxon_webp_error(int status) {
    switch (status) {
    case TAXON_IMAGE_CUT_OFF: return "it is cut off";
    case TAXON_IMAGE_ANIMATED: return "it is animated; only single pictures can be read from WebP";
    default: return "its WebP data are damaged";
    }
}

}  // extern "C"
