package dev.taxon.data.image;

/**
 * What precedes the pixels of a bitmap, as OpenCV reads it.
 *
 * @param offset where the pixels begin
 * @param bits a pixel: 1, 4, 8, 15 (5 each), 16 (5, 6, 5), 24 or 32
 * @param run run-length coded; else plain rows
 * @param alpha whether OpenCV counts a fourth channel
 * @param grey whether OpenCV counts one channel
 * @param palette blue, green and red of each entry; empty above 8 bits
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, not compared
record BmpHeader(
        long offset,
        int width,
        int height,
        boolean topDown,
        int bits,
        boolean run,
        boolean alpha,
        boolean grey,
        byte[] palette) {
    private static final int CORE = 12; // OS/2
    private static final int INFO = 36; // the fields that OpenCV needs
    private static final int PALETTE = 256;

    private static final int RLE8 = 1;
    private static final int RLE4 = 2;
    private static final int BIT_FIELDS = 3;

    static BmpHeader read(ByteInput in) {
        in.seek(10);
        int offset = in.i32();
        int size = in.i32();
        if (offset < 0 || (size != CORE && size < INFO)) {
            throw in.error("its header of " + size + " bytes is of an unknown kind");
        }
        return size == CORE ? core(in, offset) : info(in, offset, size);
    }

    private static BmpHeader core(ByteInput in, int offset) {
        int width = in.u16();
        int height = in.u16();
        int bits = in.i32() >>> 16;
        checkSize(in, width, height);
        if (!hasPlainRows(bits)) {
            throw in.error("its " + bits + " bits a pixel are of an unknown kind");
        }
        byte[] palette = bits <= 8 ? palette(in, 1 << bits, 3) : new byte[0];
        return new BmpHeader(offset, width, height, false, bits, false, false, true, palette);
    }

    private static BmpHeader info(ByteInput in, int offset, int size) {
        int width = in.i32();
        int height = in.i32();
        int bits = in.i32() >>> 16;
        int compression = in.i32();
        in.skip(12);
        int colors = in.i32();
        in.skip(size - INFO);
        checkSize(in, width, height);
        boolean run = (bits == 4 && compression == RLE4) || (bits == 8 && compression == RLE8);
        boolean plain = compression == 0 && (bits == 16 || hasPlainRows(bits));
        boolean fields = compression == BIT_FIELDS && (bits == 16 || bits == 32);
        if (!run && !plain && !fields) {
            throw in.error("its " + bits + " bits a pixel with compression " + compression + " are of an unknown kind");
        }
        byte[] palette = new byte[0];
        if (bits <= 8) {
            if (colors < 0 || colors > PALETTE) {
                throw in.error("its palette has " + colors + " entries");
            }
            palette = palette(in, colors == 0 ? 1 << bits : colors, 4);
        }
        int layout = bits == 16 ? sixteenBits(in, fields) : bits;
        boolean grey = bits <= 8 && isGrey(palette, 1 << bits);
        return new BmpHeader(
                offset, width, Math.abs(height), height < 0, layout, run, bits == 32 && fields, grey, palette);
    }

    private static boolean hasPlainRows(int bits) {
        return bits == 1 || bits == 4 || bits == 8 || bits == 24 || bits == 32;
    }

    /** Bytes of a row that is not run-length coded: whole words of 4 bytes. */
    long rowBytes() {
        return ((long) width * (bits == 15 ? 16 : bits) + 31) / 32 * 4;
    }

    private static void checkSize(ByteInput in, int width, int height) {
        if (width <= 0 || height == 0 || height == Integer.MIN_VALUE) {
            throw in.error("its header states " + width + "x" + height + " pixels");
        }
    }

    /** 15 or 16: how many bits of the two bytes are used. */
    private static int sixteenBits(ByteInput in, boolean fields) {
        if (!fields) {
            return 15;
        }
        int red = in.i32();
        int green = in.i32();
        int blue = in.i32();
        if (blue == 0x1F && green == 0x3E0 && red == 0x7C00) {
            return 15;
        }
        if (blue == 0x1F && green == 0x7E0 && red == 0xF800) {
            return 16;
        }
        throw in.error(String.format("its colour masks %x, %x, %x are of an unknown kind", red, green, blue));
    }

    /** Always 256 entries, black where the file has none. */
    private static byte[] palette(ByteInput in, int entries, int entryBytes) {
        byte[] read = new byte[entries * entryBytes];
        in.read(read, read.length);
        byte[] palette = new byte[PALETTE * 3];
        for (int i = 0; i < entries; i++) {
            System.arraycopy(read, i * entryBytes, palette, i * 3, 3);
        }
        return palette;
    }

    private static boolean isGrey(byte[] palette, int entries) {
        for (int i = 0; i < entries; i++) {
            if (palette[3 * i] != palette[3 * i + 1] || palette[3 * i] != palette[3 * i + 2]) {
                return false;
            }
        }
        return true;
    }
}
