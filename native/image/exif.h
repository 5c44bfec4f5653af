// Orientation out of EXIF data.
#pragma once

#include <cstddef>
#include <cstdint>

namespace taxon {

// The orientation, 1 to 8, that a TIFF header with its first directory states; 1 where it states none or nonsense.
// Entries count up to the first damaged one, as in OpenCV.
int exif_orientation(const uint8_t *tiff, size_t size);

}  // namespace taxon
