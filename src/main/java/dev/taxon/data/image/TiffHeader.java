package dev.taxon.data.image;

import java.util.Arrays;

/**
 * What the first directory of a TIFF tells of its pixels, of the kinds that OpenCV 4.6.0 reads and that are no JPEG or
 * fax inside. A chunk is a strip or a tile.
 *
 * @param bits a sample: 1, 8 or 16
 * @param samples a pixel
 * @param planar whether each sample has chunks of its own
 * @param predicted whether a sample is stored as the difference to its neighbour on the left
 * @param reversed whether the low bit of each byte comes first
 * @param extra what the sample behind the colours is, by the tag ExtraSamples; -1: it does not say
 * @param luminance whether colours are stored as luminance and differences, which a JPEG makes RGB of
 * @param tables that all chunks of JPEG use; empty for none
 * @param palette red, green and blue of each entry, 0 to 255; empty without one
 * @param orientation as by EXIF, 1 to 8
 * @param offsets of the chunks in the file: row by row, planes one after the other
 * @param sizes of the chunks in the file, in bytes
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, not compared
record TiffHeader(
        int width,
        int height,
        Colors colors,
        int bits,
        int samples,
        boolean planar,
        Packing packing,
        boolean predicted,
        boolean reversed,
        int extra,
        boolean luminance,
        byte[] tables,
        int[] palette,
        int orientation,
        int chunkWidth,
        int chunkHeight,
        long[] offsets,
        long[] sizes) {

    /** What the samples are: the tag PhotometricInterpretation. */
    enum Colors {
        WHITE_IS_ZERO(1),
        BLACK_IS_ZERO(1),
        RGB(3),
        PALETTE(1),
        CMYK(4);

        final int samples;

        Colors(int samples) {
            this.samples = samples;
        }
    }

    /** How chunks are packed: the tag Compression. */
    enum Packing {
        NONE,
        LZW,
        DEFLATE,
        PACK_BITS,
        JPEG
    }

    private static final int WIDTH = 256;
    private static final int HEIGHT = 257;
    private static final int BITS = 258;
    private static final int COMPRESSION = 259;
    private static final int PHOTOMETRIC = 262;
    private static final int FILL_ORDER = 266;
    private static final int STRIP_OFFSETS = 273;
    private static final int ORIENTATION = 274;
    private static final int SAMPLES = 277;
    private static final int STRIP_ROWS = 278;
    private static final int STRIP_SIZES = 279;
    private static final int PLANAR = 284;
    private static final int PREDICTOR = 317;
    private static final int COLOR_MAP = 320;
    private static final int TILE_WIDTH = 322;
    private static final int TILE_HEIGHT = 323;
    private static final int TILE_OFFSETS = 324;
    private static final int TILE_SIZES = 325;
    private static final int INK_SET = 332;
    private static final int EXTRA_SAMPLES = 338;
    private static final int SAMPLE_FORMAT = 339;
    private static final int JPEG_TABLES = 347;

    private static final int LUMINANCE = 6; // of PHOTOMETRIC
    private static final int JPEG = 7; // of COMPRESSION
    private static final int MAX_SAMPLES = 4;
    private static final int NOT_PREMULTIPLIED = 2; // of extra
    private static final long MAX_EXPANSION = 2048; // of a byte, by any packing; deflate's 1032 is the most

    static TiffHeader read(TiffDirectory directory, String name) {
        long width = directory.first(WIDTH, 0);
        long height = directory.first(HEIGHT, 0);
        Limits.check(name, width, height);
        Colors colors = colors(directory);
        int bits = bits(directory, colors);
        int samples = (int) directory.first(SAMPLES, 1);
        if (samples < colors.samples || samples > MAX_SAMPLES) {
            throw directory.error("it has " + samples + " samples a pixel; " + colors.samples + " to " + MAX_SAMPLES
                    + " are possible for its colours");
        }
        Packing packing = packing(directory);
        if (packing == Packing.JPEG
                && (bits != 8
                        || samples != colors.samples
                        || samples == MAX_SAMPLES
                        || colors == Colors.PALETTE
                        || (samples > 1 && directory.first(PLANAR, 1) == 2))) {
            throw directory.error("it is a TIFF with JPEG inside that is not grey, or colour in one plane, of 8 bits;"
                    + " convert it to PNG");
        }
        boolean differences = directory.first(PREDICTOR, 1) != 1;
        boolean predicted = differences && (packing == Packing.LZW || packing == Packing.DEFLATE);
        if (predicted && (directory.first(PREDICTOR, 1) != 2 || bits == 1)) {
            throw directory.error("its predictor " + directory.first(PREDICTOR, 1) + " is of an unknown kind");
        }
        boolean tiled = directory.has(TILE_WIDTH);
        long chunkWidth = tiled ? directory.first(TILE_WIDTH, 0) : width;
        long chunkHeight =
                tiled ? directory.first(TILE_HEIGHT, 0) : Math.min(height, directory.first(STRIP_ROWS, height));
        Limits.check(name, chunkWidth, chunkHeight);
        boolean planar = samples > 1 && directory.first(PLANAR, 1) == 2;
        long area = ceil(width, chunkWidth) * ceil(height, chunkHeight);
        if (area * chunkWidth * chunkHeight * bits / Byte.SIZE > directory.bytes().length * MAX_EXPANSION) {
            throw directory.error("its file of " + directory.bytes().length + " bytes is too short for " + width + "x"
                    + height + " pixels");
        }
        long chunks = area * (planar ? samples : 1);
        long[] offsets = chunks(directory, tiled ? TILE_OFFSETS : STRIP_OFFSETS, chunks);
        long[] sizes = chunks(directory, tiled ? TILE_SIZES : STRIP_SIZES, chunks);
        long orientation = directory.first(ORIENTATION, 1);
        return new TiffHeader(
                (int) width,
                (int) height,
                colors,
                bits,
                samples,
                planar,
                packing,
                predicted,
                directory.first(FILL_ORDER, 1) == 2,
                (int) directory.first(EXTRA_SAMPLES, -1),
                directory.first(PHOTOMETRIC, -1) == LUMINANCE,
                packing == Packing.JPEG ? tables(directory) : new byte[0],
                colors == Colors.PALETTE ? palette(directory, bits) : new int[0],
                orientation >= 1 && orientation <= 8 ? (int) orientation : 1,
                (int) chunkWidth,
                (int) chunkHeight,
                offsets,
                sizes);
    }

    /** Whether colours are to be multiplied by the fourth sample, as libtiff does. */
    boolean premultiply() {
        return colors == Colors.RGB && samples == MAX_SAMPLES && extra == NOT_PREMULTIPLIED;
    }

    /** Samples of a pixel in one chunk. */
    int chunkSamples() {
        return planar ? 1 : samples;
    }

    /** Bytes of a chunk's row, unpacked. */
    long rowBytes() {
        return ceil((long) chunkWidth * chunkSamples() * bits, Byte.SIZE);
    }

    private static long ceil(long value, long unit) {
        return (value + unit - 1) / unit;
    }

    private static Colors colors(TiffDirectory directory) {
        int code = (int) directory.first(PHOTOMETRIC, -1);
        return switch (code) {
            case 0 -> Colors.WHITE_IS_ZERO;
            case 1 -> Colors.BLACK_IS_ZERO;
            case 2 -> Colors.RGB;
            case 3 -> Colors.PALETTE;
            case 5 -> {
                if (directory.first(INK_SET, 1) != 1) {
                    throw directory.error("its inks are not cyan, magenta, yellow and black");
                }
                yield Colors.CMYK;
            }
            case LUMINANCE -> {
                if (directory.first(COMPRESSION, 1) != JPEG) {
                    throw directory.error("it is a TIFF of luminance and colour differences (YCbCr) that are no JPEG;"
                            + " convert it to PNG");
                }
                yield Colors.RGB;
            }
            default ->
                throw directory.error("it is a TIFF with colours of kind " + code
                        + "; grey, RGB, palette and CMYK are supported, so convert it to PNG");
        };
    }

    private static int bits(TiffDirectory directory, Colors colors) {
        long[] bits = directory.has(BITS) ? directory.all(BITS) : new long[] {1};
        boolean equal = bits.length > 0 && Arrays.stream(bits).allMatch(b -> b == bits[0]);
        boolean possible = equal
                && switch (colors) {
                    case WHITE_IS_ZERO, BLACK_IS_ZERO -> bits[0] == 1 || bits[0] == 8 || bits[0] == 16;
                    case PALETTE -> bits[0] == 1 || bits[0] == 8;
                    case RGB -> bits[0] == 8 || bits[0] == 16;
                    case CMYK -> bits[0] == 8;
                };
        if (!possible || directory.first(SAMPLE_FORMAT, 1) != 1) {
            throw directory.error("it is a TIFF with samples of " + (equal ? bits[0] : "different") + " bits"
                    + (directory.first(SAMPLE_FORMAT, 1) == 1 ? "" : " that are no whole numbers without a sign")
                    + ", which OpenCV does not read for these colours either; convert it to PNG");
        }
        return (int) bits[0];
    }

    private static Packing packing(TiffDirectory directory) {
        int code = (int) directory.first(COMPRESSION, 1);
        return switch (code) {
            case 1 -> Packing.NONE;
            case 5 -> Packing.LZW;
            case 8, 32946 -> Packing.DEFLATE;
            case JPEG -> Packing.JPEG;
            case 32773 -> Packing.PACK_BITS;
            default ->
                throw directory.error("it is a TIFF with compression " + code
                        + "; none, LZW, deflate, PackBits and JPEG are supported, so convert it to PNG");
        };
    }

    private static byte[] tables(TiffDirectory directory) {
        long[] values = directory.all(JPEG_TABLES);
        byte[] tables = new byte[values.length];
        for (int i = 0; i < tables.length; i++) {
            tables[i] = (byte) values[i];
        }
        return tables;
    }

    private static long[] chunks(TiffDirectory directory, int tag, long count) {
        long[] values = directory.all(tag);
        if (values.length < count) {
            throw directory.error(
                    "it is damaged: " + count + " strips or tiles are needed, and it tells of " + values.length);
        }
        return values;
    }

    /** 16 bits become 8 as in libtiff; but some writers store 8. */
    private static int[] palette(TiffDirectory directory, int bits) {
        long[] map = directory.all(COLOR_MAP);
        int entries = 1 << bits;
        if (map.length < 3 * entries) {
            throw directory.error("its palette has " + map.length / 3 + " of " + entries + " entries");
        }
        boolean wide = Arrays.stream(map, 0, 3 * entries).anyMatch(v -> v > 255);
        int[] palette = new int[3 * entries];
        for (int i = 0; i < palette.length; i++) {
            long value = map[i % 3 * entries + i / 3];
            palette[i] = (int) (wide ? value >> 8 : value);
        }
        return palette;
    }
}
