#include "exif.h"

namespace taxon {
namespace {

constexpr uint16_t MARK = 42;
constexpr size_t ENTRY_BYTES = 12;
constexpr int AS_STORED = 1;

struct Tiff {
    const uint8_t *bytes;
    size_t size;
    bool little;

    bool holds(size_t offset, size_t count) const { return offset <= size && count <= size - offset; }

    bool read16(size_t offset, uint32_t &value) const {
        if (!holds(offset, 2)) return false;
        uint32_t first = bytes[offset], second = bytes[offset + 1];
        value = little ? first | second << 8 : first << 8 | second;
        return true;
    }

    bool read32(size_t offset, uint32_t &value) const {
        uint32_t first, second;
        if (!read16(offset, first) || !read16(offset + 2, second)) return false;
        value = little ? first | second << 16 : first << 16 | second;
        return true;
    }

    bool rationals(size_t entry, int count) const {
        uint32_t offset;
        return read32(entry + 8, offset) && holds(offset, 8 * size_t(count));
    }

    // OpenCV looks for a long text at its offset, and for a short one behind the TIFF header.
    bool text(size_t entry) const {
        uint32_t length, offset = 8;
        if (!read32(entry + 4, length) || (length > 4 && !read32(entry + 8, offset))) return false;
        return holds(offset, length);
    }

    // Whether OpenCV reads this entry without an error; an error ends the directory.
    bool readable(size_t entry, uint32_t tag) const {
        uint32_t ignored;
        switch (tag) {
        case 0x010E: case 0x010F: case 0x0110: case 0x0131: case 0x0132: case 0x8298:
            return text(entry);     // description, make, model, software, date, copyright
        case 0x011A: case 0x011B:
            return rationals(entry, 1);     // resolution
        case 0x013E:
            return rationals(entry, 2);     // white point
        case 0x0211:
            return rationals(entry, 3);     // YCbCr coefficients
        case 0x013F: case 0x0214:
            return rationals(entry, 6);     // chromaticities, reference black and white
        case 0x0128: case 0x0213:
            return read16(entry + 8, ignored);  // resolution unit, YCbCr positioning
        default:
            return true;
        }
    }
};

}  // namespace

int exif_orientation(const uint8_t *bytes, size_t size) {
    if (size < 2) return AS_STORED;
    Tiff tiff{bytes, size, bytes[0] == 'I' && bytes[1] == 'I'};     // anything else counts as big-endian
    uint32_t mark, directory, entries;
    if (!tiff.read16(2, mark) || mark != MARK || !tiff.read32(4, directory) || !tiff.read16(directory, entries)) {
        return AS_STORED;
    }
    for (uint32_t i = 0; i < entries; i++) {
        size_t entry = size_t(directory) + 2 + i * ENTRY_BYTES;
        uint32_t tag, orientation;
        if (!tiff.read16(entry, tag) || !tiff.readable(entry, tag)) return AS_STORED;
        if (tag == 0x0112) {    // the first one counts
            bool valid = tiff.read16(entry + 8, orientation) && orientation >= 1 && orientation <= 8;
            return valid ? int(orientation) : AS_STORED;
        }
    }
    return AS_STORED;
}

}  // namespace taxon
