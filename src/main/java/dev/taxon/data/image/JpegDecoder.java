package dev.taxon.data.image;

import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.Decoding;
import dev.taxon.data.transform.ImageError;
import dev.taxon.data.transform.Orientation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Decodes JPEG files with libjpeg-turbo, to the bit as OpenCV 4.6.0 does. Open a file, ask for its size, decode a region
 * of it. One thread at a time; a decoder may be used for any number of files, and its native memory goes when it is
 * unreachable.
 */
public final class JpegDecoder {
    private final MemorySegment handle;
    private final MemorySegment info;
    private final MemorySegment region;
    private final NativeBuffer input = new NativeBuffer();
    private String name = "";
    private int flags; // enum taxon_jpeg_flag
    private MemorySegment file = MemorySegment.NULL; // kept reachable while native code may read it

    public JpegDecoder() {
        Arena arena = Arena.ofAuto();
        handle = ImageLibrary.create(ImageLibrary.JPEG_CREATE, ImageLibrary.JPEG_DESTROY, arena);
        info = arena.allocate(ValueLayout.JAVA_INT, ImageLibrary.JPEG_INFO);
        region = arena.allocate(ValueLayout.JAVA_INT, 4);
    }

    /** Whether a file begins as JPEG files do. */
    public static boolean accepts(MemorySegment bytes) {
        return bytes.byteSize() > 2
                && bytes.get(ValueLayout.JAVA_BYTE, 0) == (byte) 0xFF
                && bytes.get(ValueLayout.JAVA_BYTE, 1) == (byte) 0xD8
                && bytes.get(ValueLayout.JAVA_BYTE, 2) == (byte) 0xFF;
    }

    /**
     * Reads a file's header.
     *
     * @param fileName how messages name the file
     * @param bytes the whole file; native memory is read where it lies, also by {@link #decode}
     * @param scale 1, or 2, 4 or 8 for a picture that is smaller by that factor, computed by the inverse DCT: faster, but
     *     with other numbers than resizing would give
     * @throws ImageError if it is no JPEG, its header is broken, or it is of a kind that libjpeg lacks
     */
    public void open(String fileName, MemorySegment bytes, int scale) {
        flags = 0;
        open(fileName, inNative(bytes), bytes.byteSize(), scale);
    }

    /**
     * Reads a file's header, for the picture that {@code how} asks for.
     *
     * @throws ImageError as above
     */
    void open(String fileName, MemorySegment bytes, Decoding how) {
        open(fileName, inNative(bytes), bytes.byteSize(), how);
    }

    /** The same for a file in the first {@code size} bytes of a native buffer. */
    void open(String fileName, MemorySegment bytes, long size, Decoding how) {
        flags = how.keepTruncated() ? ImageLibrary.KEEP_CUT_OFF : 0;
        open(fileName, bytes, size, 1);
        int scale = how.scale(fullWidth(), fullHeight());
        if (scale > 1) {
            open(fileName, bytes, size, scale);
        }
    }

    private MemorySegment inNative(MemorySegment bytes) {
        return bytes.isNative() ? bytes : input.first(bytes.byteSize()).copyFrom(bytes);
    }

    private void open(String fileName, MemorySegment bytes, long size, int scale) {
        if (scale != 1 && scale != 2 && scale != 4 && scale != 8) {
            throw new IllegalArgumentException("a JPEG is scaled by 1, 2, 4 or 8, not " + scale);
        }
        name = fileName;
        file = bytes;
        try {
            check((int) ImageLibrary.JPEG_OPEN.invokeExact(handle, info, file, size, scale));
        } catch (Throwable e) {
            throw ImageLibrary.unexpected(e);
        }
    }

    /** Pixels a row of the scaled picture, as stored. */
    public int width() {
        return info(ImageLibrary.JPEG_SCALED_WIDTH);
    }

    /** Rows of the scaled picture, as stored. */
    public int height() {
        return info(ImageLibrary.JPEG_SCALED_HEIGHT);
    }

    /** Pixels a row of the picture at scale 1, as stored. */
    public int fullWidth() {
        return info(ImageLibrary.JPEG_WIDTH);
    }

    /** Rows of the picture at scale 1, as stored. */
    public int fullHeight() {
        return info(ImageLibrary.JPEG_HEIGHT);
    }

    /** 1: grey; 3: colour; 4: CMYK or YCCK. */
    public int components() {
        return info(ImageLibrary.JPEG_COMPONENTS);
    }

    /** How the stored picture must be turned. */
    public Orientation orientation() {
        return Orientation.of(info(ImageLibrary.JPEG_ORIENTATION));
    }

    private int info(int place) {
        return info.getAtIndex(ValueLayout.JAVA_INT, place);
    }

    /**
     * Decodes a region of the open file, bit for bit what decoding the whole picture and cropping would give. May be
     * called again for another region.
     *
     * @param dst native memory for uint8 (height, width, C), in the given order
     * @param rowBytes from one row in {@code dst} to the next
     * @param x first column, of the scaled picture as stored
     * @param y first row
     * @throws ImageError if the data are broken or cut off
     */
    public void decode(MemorySegment dst, long rowBytes, int x, int y, int width, int height, ChannelOrder order) {
        int code = switch (order) {
            case BGR -> ImageLibrary.BGR;
            case RGB -> ImageLibrary.RGB;
            case GREY -> ImageLibrary.GREY;
        };
        decode(dst, rowBytes, x, y, width, height, code, order.channels());
    }

    /** The same for a file of four components, as it stores them: uint8 (height, width, 4). */
    void decodeCmyk(MemorySegment dst, long rowBytes, int x, int y, int width, int height) {
        decode(dst, rowBytes, x, y, width, height, ImageLibrary.CMYK, 4);
    }

    private void decode(MemorySegment dst, long rowBytes, int x, int y, int width, int height, int code, int channels) {
        long rowUsed = (long) width * channels;
        if (rowBytes < rowUsed || dst.byteSize() < (height - 1) * rowBytes + rowUsed || !dst.isNative()) {
            throw new IllegalArgumentException(
                    dst + " cannot hold " + height + " rows of " + rowUsed + " bytes, " + rowBytes + " apart");
        }
        region.setAtIndex(ValueLayout.JAVA_INT, 0, x);
        region.setAtIndex(ValueLayout.JAVA_INT, 1, y);
        region.setAtIndex(ValueLayout.JAVA_INT, 2, width);
        region.setAtIndex(ValueLayout.JAVA_INT, 3, height);
        try {
            check((int) ImageLibrary.JPEG_DECODE.invokeExact(handle, dst, rowBytes, region, code, flags));
        } catch (Throwable e) {
            throw ImageLibrary.unexpected(e);
        }
    }

    private void check(int status) throws Throwable {
        if (status != 0) {
            throw ImageLibrary.error(name, status, (MemorySegment) ImageLibrary.JPEG_ERROR.invokeExact(handle));
        }
    }
}
