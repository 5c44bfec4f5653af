package dev.taxon.checkpoint.pickle;

import dev.taxon.UserError;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Bytes that are read forwards; every read checks what is left, and every failure names the file and the byte. */
public final class PickleInput {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble BIG_DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int LINE_LIMIT = 1 << 16;

    private final MemorySegment bytes;
    private final String name;
    private long position;

    /** @param name what messages call it: a path, or a path and an archive member */
    public PickleInput(MemorySegment bytes, String name) {
        this.bytes = bytes;
        this.name = name;
    }

    public String name() {
        return name;
    }

    public long position() {
        return position;
    }

    public long size() {
        return bytes.byteSize();
    }

    public long remaining() {
        return bytes.byteSize() - position;
    }

    int u8() {
        return bytes.get(ValueLayout.JAVA_BYTE, advance(1)) & 0xFF;
    }

    int u16() {
        return bytes.get(SHORT, advance(2)) & 0xFFFF;
    }

    int i32() {
        return bytes.get(INT, advance(4));
    }

    long u32() {
        return i32() & 0xFFFFFFFFL;
    }

    /** A little-endian int64. */
    public long i64() {
        return bytes.get(LONG, advance(8));
    }

    double f64() {
        return bytes.get(BIG_DOUBLE, advance(8));
    }

    /** The next {@code count} bytes, not copied. */
    public MemorySegment take(long count) {
        return bytes.asSlice(advance(count), count);
    }

    /** Copies the next {@code count} bytes. */
    byte[] copy(long count) {
        long at = position;
        MemorySegment slice = take(count);
        if (count > Integer.MAX_VALUE - 8) {
            throw damaged(at, count + " bytes in one value");
        }
        return slice.toArray(ValueLayout.JAVA_BYTE);
    }

    /** Text up to a line feed, as Latin-1, without the line feed. */
    String line() {
        long start = position;
        StringBuilder text = new StringBuilder();
        for (int c = u8(); c != '\n'; c = u8()) {
            if (text.length() == LINE_LIMIT) {
                throw damaged(start, "a line of more than " + LINE_LIMIT + " characters");
            }
            text.append((char) c);
        }
        return text.toString();
    }

    /** The error for contents that make no sense at byte {@code at}. */
    public UserError damaged(long at, String what) {
        return UserError.of("%s is damaged: at byte %d it has %s; copy or download it again", name, at, what);
    }

    private long advance(long count) {
        if (count < 0) {
            throw damaged(position, "a length of " + count);
        }
        if (count > remaining()) {
            throw UserError.of(
                    "%s is cut off: it ends at byte %d, where at least %d more should follow; copy or download it again",
                    name, size(), count - remaining());
        }
        long at = position;
        position += count;
        return at;
    }
}
