// image-fuzz SEED_FOLDER COUNT: decodes COUNT damaged copies of the files in a folder, the same ones in every run. A
// report of a sanitizer ends it with another exit code than 0. What is decoded lies in blocks of exactly its size, so
// that a byte read behind a file or written beside a picture is a report.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

#include <zlib.h>

#include "exif.h"
#include "taxon_image.h"

namespace {

using Bytes = std::vector<uint8_t>;

constexpr int64_t MOST_PIXELS = 1 << 19;    // larger ones are opened, not decoded: time
constexpr uint8_t UNTOUCHED = 0xA5;

struct Random {     // xorshift64*
    uint64_t state;
    uint64_t next() {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        return state * 0x2545F4914F6CDD1DULL;
    }
    size_t below(size_t bound) { return bound == 0 ? 0 : size_t((next() >> 16) % bound); }
};

std::vector<Bytes> read_seeds(const char *folder) {
    std::vector<std::filesystem::path> files;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    std::vector<Bytes> seeds;
    for (const auto &file : files) {
        std::ifstream in(file, std::ios::binary);
        Bytes bytes{std::istreambuf_iterator<char>(in), {}};
        if (bytes.size() > 3) seeds.push_back(std::move(bytes));
    }
    return seeds;
}

void flip(Bytes &b, Random &r) { b[r.below(b.size())] ^= uint8_t(1 << r.below(8)); }

void overwrite(Bytes &b, Random &r) {
    size_t at = r.below(std::min<size_t>(b.size(), r.below(2) ? b.size() : 700)), count = 1 + r.below(4);
    static const uint8_t extremes[] = {0, 1, 0x7F, 0x80, 0xFE, 0xFF};
    for (; count > 0 && at < b.size(); count--, at++) b[at] = r.below(2) ? extremes[r.below(6)] : uint8_t(r.next() >> 40);
}

void cut(Bytes &b, Random &r) { b.resize(1 + r.below(b.size())); }

void remove(Bytes &b, Random &r) {
    size_t from = r.below(b.size()), count = 1 + r.below(std::min<size_t>(b.size() - from, 64));
    if (count < b.size()) b.erase(b.begin() + from, b.begin() + from + count);
}

void repeat(Bytes &b, Random &r) {
    size_t from = r.below(b.size()), count = 1 + r.below(std::min<size_t>(b.size() - from, 256));
    Bytes part(b.begin() + from, b.begin() + from + count);
    b.insert(b.begin() + r.below(b.size()), part.begin(), part.end());
}

void splice(Bytes &b, const Bytes &other, Random &r) {
    size_t from = r.below(other.size()), count = 1 + r.below(std::min<size_t>(other.size() - from, 512));
    size_t at = r.below(b.size());
    b.insert(b.begin() + at, other.begin() + from, other.begin() + from + count);
}

Bytes damaged(const std::vector<Bytes> &seeds, Random &r) {
    Bytes b = seeds[r.below(seeds.size())];
    for (size_t n = r.below(6); n > 0; n--) {
        switch (r.below(8)) {
        case 0: case 1: flip(b, r); break;
        case 2: case 3: case 4: overwrite(b, r); break;
        case 5: if (r.below(3) == 0) cut(b, r); break;
        case 6: r.below(2) ? remove(b, r) : repeat(b, r); break;
        case 7: splice(b, seeds[r.below(seeds.size())], r); break;
        }
    }
    return b;
}

// Checksums of a damaged PNG made right, so that the damage is looked at.
void mend_png(Bytes &b) {
    for (size_t at = 8; b.size() - std::min(at, b.size()) >= 12;) {
        size_t length = size_t(b[at]) << 24 | b[at + 1] << 16 | b[at + 2] << 8 | b[at + 3];
        if (length > b.size() - at - 12) return;
        uint32_t sum = uint32_t(crc32(0, b.data() + at + 4, uInt(length + 4)));
        for (int i = 0; i < 4; i++) b[at + 8 + length + i] = uint8_t(sum >> (24 - 8 * i));
        at += 12 + length;
    }
}

// A picture's memory, rows apart by some bytes that must stay.
struct Target {
    int64_t width, height, row;
    std::unique_ptr<uint8_t[]> bytes;

    Target(int64_t used, int64_t rows, int64_t apart)
        : width(used), height(rows), row(used + apart), bytes(new uint8_t[size_t(row * (rows - 1) + used)]) {
        memset(bytes.get(), UNTOUCHED, size_t(row * (rows - 1) + used));
    }

    void check() const {
        for (int64_t y = 0; y + 1 < height; y++) {
            for (int64_t x = width; x < row; x++) {
                if (bytes[size_t(y * row + x)] != UNTOUCHED) {
                    fprintf(stderr, "bytes between rows were written\n");
                    abort();
                }
            }
        }
    }
};

bool decode_jpeg(taxon_jpeg *jpeg, const uint8_t *file, int64_t size, Random &r) {
    int32_t info[TAXON_JPEG_INFO];
    if (taxon_jpeg_open(jpeg, info, file, size, 1 << r.below(4)) != 0) return false;
    int32_t width = info[TAXON_JPEG_SCALED_WIDTH], height = info[TAXON_JPEG_SCALED_HEIGHT];
    if (int64_t(info[TAXON_JPEG_WIDTH]) * info[TAXON_JPEG_HEIGHT] > MOST_PIXELS) return false;
    bool done = true;
    for (int n = 0; n < 2; n++) {
        int32_t x = int32_t(r.below(width)), y = int32_t(r.below(height));
        int32_t region[4] = {x, y, 1 + int32_t(r.below(width - x)), 1 + int32_t(r.below(height - y))};
        if (n == 0) region[0] = region[1] = 0, region[2] = width, region[3] = height;
        int order = int(r.below(4));
        int64_t channels = order == TAXON_IMAGE_GREY ? 1 : order == TAXON_IMAGE_CMYK ? 4 : 3;
        Target target(region[2] * channels, region[3], int64_t(r.below(9)));
        int flags = r.below(3) == 0 ? TAXON_JPEG_KEEP_CUT_OFF : 0;
        done &= taxon_jpeg_decode(jpeg, target.bytes.get(), target.row, region, order, flags) == 0;
        target.check();
    }
    return done;
}

bool decode_png(taxon_png *png, const uint8_t *file, int64_t size, Random &r) {
    int32_t info[TAXON_PNG_INFO];
    if (taxon_png_open(png, info, file, size) != 0) return false;
    int64_t width = info[TAXON_PNG_WIDTH], height = info[TAXON_PNG_HEIGHT];
    if (width * height > MOST_PIXELS) return false;
    static const int orders[] = {TAXON_IMAGE_BGR, TAXON_IMAGE_RGB, TAXON_IMAGE_GREY, TAXON_IMAGE_STORED};
    int order = orders[r.below(4)];
    int64_t stored = info[TAXON_PNG_CHANNELS] * info[TAXON_PNG_BITS] / 8;
    int64_t pixel = order == TAXON_IMAGE_STORED ? stored : order == TAXON_IMAGE_GREY ? 1 : 3;
    Target target(width * pixel, height, int64_t(r.below(9)));
    bool done = taxon_png_decode(png, target.bytes.get(), target.row, order) == 0;
    target.check();
    return done;
}

bool decode_webp(const uint8_t *file, int64_t size, Random &r) {
    int32_t info[TAXON_WEBP_INFO];
    if (taxon_webp_open(info, file, size) != 0) return false;
    int64_t width = info[TAXON_WEBP_WIDTH], height = info[TAXON_WEBP_HEIGHT];
    if (width * height > MOST_PIXELS) return false;
    Target target(width * 3, height, int64_t(r.below(9)));
    int order = r.below(2) ? TAXON_IMAGE_BGR : TAXON_IMAGE_RGB;
    // libwebp counts whole rows, so the last one is whole too.
    std::unique_ptr<uint8_t[]> whole(new uint8_t[size_t(target.row * height)]);
    return taxon_webp_decode(whole.get(), target.row, file, size, order) == 0;
}

}  // namespace

int main(int count, char **arguments) {
    if (count != 3) {
        fprintf(stderr, "usage: image-fuzz SEED_FOLDER COUNT\n");
        return 2;
    }
    std::vector<Bytes> seeds = read_seeds(arguments[1]);
    if (seeds.empty()) {
        fprintf(stderr, "no seeds in %s\n", arguments[1]);
        return 2;
    }
    setvbuf(stdout, nullptr, _IOLBF, 0);
    long wanted = strtol(arguments[2], nullptr, 10), pictures = 0;
    taxon_jpeg *jpeg = taxon_jpeg_create();
    taxon_png *png = taxon_png_create();
    for (long i = 0; i < wanted; i++) {
        Random r{0x9E3779B97F4A7C15ULL * uint64_t(i + 1)};
        Bytes b = damaged(seeds, r);
        if (b[0] == 0x89 && r.below(4) != 0) mend_png(b);
        std::unique_ptr<uint8_t[]> exact(new uint8_t[b.size()]);
        memcpy(exact.get(), b.data(), b.size());
        int64_t size = int64_t(b.size());
        switch (exact[0]) {
        case 0xFF: pictures += decode_jpeg(jpeg, exact.get(), size, r); break;
        case 0x89: pictures += decode_png(png, exact.get(), size, r); break;
        case 'R': pictures += decode_webp(exact.get(), size, r); break;
        default: taxon::exif_orientation(exact.get(), b.size()); break;
        }
        if ((i + 1) % 10000 == 0) printf("%ld of %ld files, %ld still pictures\n", i + 1, wanted, pictures);
    }
    taxon_jpeg_destroy(jpeg);
    taxon_png_destroy(png);
    printf("%ld damaged files, %ld of them still pictures, no report\n", wanted, pictures);
    return 0;
}
