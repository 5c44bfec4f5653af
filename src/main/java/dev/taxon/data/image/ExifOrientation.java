package dev.taxon.data.image;

import dev.taxon.data.transform.Orientation;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A picture's orientation as Pillow finds it: tag 0x0112 of the first directory of the first EXIF block. OpenCV, whose rule
 * native code has, takes whatever the first APP1 segment of a JPEG holds for EXIF. Source: Exif 2.3; RIFF for WebP.
 */
final class ExifOrientation {
    private static final int TAG = 0x0112;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int ENTRY = 12;
    private static final int APP1 = 0xE1;
    private static final int START_OF_SCAN = 0xDA;
    private static final int EXIF_PREFIX = 6; // "Exif", 0 and a byte
    private static final int RIFF_HEADER = 12;
    private static final int CHUNK_HEADER = 8;
    private static final ValueLayout.OfInt LITTLE = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private ExifOrientation() {}

    /** Of a JPEG. */
    static Orientation ofJpeg(MemorySegment bytes) {
        long at = 2;
        while (at + 4 <= bytes.byteSize() && u8(bytes, at) == 0xFF) {
            int marker = u8(bytes, at + 1);
            if (marker == 0xFF) { // a fill byte
                at++;
                continue;
            }
            int length = u8(bytes, at + 2) << 8 | u8(bytes, at + 3);
            if (marker == START_OF_SCAN || length < 2 || at + 2 + length > bytes.byteSize()) {
                break;
            }
            if (marker == APP1 && length > 2 + EXIF_PREFIX && isExif(bytes, at + 4)) {
                return ofTiff(bytes.asSlice(at + 4 + EXIF_PREFIX, length - 2 - EXIF_PREFIX));
            }
            at += 2 + length;
        }
        return Orientation.AS_STORED;
    }

    private static boolean isExif(MemorySegment bytes, long at) {
        return bytes.get(LITTLE, at) == 0x66697845 && u8(bytes, at + 4) == 0; // "Exif"
    }

    /** Of a WebP. */
    static Orientation ofWebp(MemorySegment bytes) {
        long at = RIFF_HEADER;
        while (at + CHUNK_HEADER <= bytes.byteSize()) {
            long size = bytes.get(LITTLE, at + 4) & 0xFFFF_FFFFL;
            long start = at + CHUNK_HEADER;
            if (bytes.get(LITTLE, at) == 0x46495845 && start + size <= bytes.byteSize()) { // "EXIF"
                boolean prefixed = size > EXIF_PREFIX && isExif(bytes, start);
                return ofTiff(
                        bytes.asSlice(prefixed ? start + EXIF_PREFIX : start, prefixed ? size - EXIF_PREFIX : size));
            }
            at = start + size + size % 2;
        }
        return Orientation.AS_STORED;
    }

    private static Orientation ofTiff(MemorySegment tiff) {
        if (tiff.byteSize() < 8) {
            return Orientation.AS_STORED;
        }
        ByteOrder order = u8(tiff, 0) == 'M' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        ValueLayout.OfInt ints = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
        ValueLayout.OfShort shorts = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
        long directory = tiff.get(ints, 4) & 0xFFFF_FFFFL;
        if (directory + 2 > tiff.byteSize()) {
            return Orientation.AS_STORED;
        }
        long code = 1;
        int entries = Short.toUnsignedInt(tiff.get(shorts, directory));
        for (int i = 0; i < entries; i++) {
            long at = directory + 2 + (long) i * ENTRY;
            if (at + ENTRY > tiff.byteSize()) {
                break;
            }
            if (Short.toUnsignedInt(tiff.get(shorts, at)) == TAG && tiff.get(ints, at + 4) == 1) {
                code = switch (tiff.get(shorts, at + 2)) {
                    case SHORT -> tiff.get(shorts, at + 8);
                    case LONG -> tiff.get(ints, at + 8);
                    default -> code;
                };
            }
        }
        return code >= 1 && code <= 8 ? Orientation.of((int) code) : Orientation.AS_STORED;
    }

    private static int u8(MemorySegment bytes, long at) {
        return bytes.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
    }
}
