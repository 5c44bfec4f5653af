package dev.taxon.data.image;

import dev.taxon.data.transform.ImageError;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The bytes of a file, read one after the other. Reading past their end is an {@link ImageError}. */
final class ByteInput {
    private final String name;
    private final byte[] bytes;
    private long at;

    ByteInput(String name, MemorySegment file) {
        this.name = name;
        this.bytes = file.toArray(ValueLayout.JAVA_BYTE);
    }

    ImageError error(String reason) {
        return new ImageError(name, reason);
    }

    long position() {
        return at;
    }

    /** Goes on at a place, which may lie behind the end: only reading there fails. */
    void seek(long position) {
        at = position;
    }

    void skip(long count) {
        at += count;
    }

    /** Refuses a file that holds less than {@code count} more bytes. */
    void require(long count) {
        if (at < 0 || count > bytes.length - at) {
            throw error("it is cut off: it has " + bytes.length + " bytes");
        }
    }

    /** One byte, 0 to 255. */
    int u8() {
        require(1);
        return bytes[(int) at++] & 0xFF;
    }

    /** Two bytes, the low one first. */
    int u16() {
        return u8() | u8() << 8;
    }

    /** Four bytes, the low one first. */
    int i32() {
        return u16() | u16() << 16;
    }

    void read(byte[] dst, int count) {
        require(count);
        System.arraycopy(bytes, (int) at, dst, 0, count);
        at += count;
    }
}
