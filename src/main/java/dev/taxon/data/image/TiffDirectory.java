package dev.taxon.data.image;

import dev.taxon.data.transform.ImageError;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/** The first directory of a TIFF: whole numbers by tag. Source: TIFF 6.0, section 2, and BigTIFF. */
final class TiffDirectory {
    private static final int CLASSIC = 42;
    private static final int BIG = 43;

    private static final int BYTE = 1;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int UNDEFINED = 7; // bytes
    private static final int LONG8 = 16;

    /** {@code count} values from {@code at} on. */
    private record Entry(int type, long count, long at) {}

    private final String name;
    private final ByteBuffer file;
    private final Map<Integer, Entry> entries = new HashMap<>();

    TiffDirectory(String name, MemorySegment bytes) {
        this.name = name;
        file = ByteBuffer.wrap(bytes.toArray(ValueLayout.JAVA_BYTE));
        file.order(file.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        boolean big = file.getShort(2) == BIG;
        long at = big ? number(LONG8, 8) : number(LONG, 4);
        long count = big ? number(LONG8, at) : number(SHORT, at);
        at += big ? Long.BYTES : Short.BYTES;
        int size = big ? 20 : 12; // bytes of an entry: tag, type, count, and the values or where they are
        int valueBytes = big ? Long.BYTES : Integer.BYTES;
        check(at, count, size);
        for (int i = 0; i < count; i++, at += size) {
            int type = (int) number(SHORT, at + 2);
            long values = number(big ? LONG8 : LONG, at + 4);
            long place = at + size - valueBytes;
            boolean inside = bytes(type) == 0 || (values >= 0 && values <= valueBytes / bytes(type));
            long from = inside ? place : number(big ? LONG8 : LONG, place);
            entries.putIfAbsent((int) number(SHORT, at), new Entry(type, values, from));
        }
    }

    static boolean starts(MemorySegment bytes) {
        if (bytes.byteSize() < 8) {
            return false;
        }
        int start = bytes.get(ValueLayout.JAVA_INT_UNALIGNED, 0);
        return start == 0x4949 + (CLASSIC << 16)
                || start == 0x4949 + (BIG << 16)
                || start == 0x4D4D + (CLASSIC << 24)
                || start == 0x4D4D + (BIG << 24);
    }

    ImageError error(String reason) {
        return new ImageError(name, reason);
    }

    /** How messages name the file. */
    String name() {
        return name;
    }

    ByteOrder byteOrder() {
        return file.order();
    }

    /** The whole file. */
    byte[] bytes() {
        return file.array();
    }

    boolean has(int tag) {
        return entries.containsKey(tag);
    }

    /** The first value of a tag, or {@code otherwise} where the tag is missing. */
    long first(int tag, long otherwise) {
        Entry entry = entries.get(tag);
        if (entry == null) {
            return otherwise;
        }
        if (entry.count < 1 || bytes(entry.type) == 0) {
            throw error("its tag " + tag + " is no whole number");
        }
        return number(entry.type, entry.at);
    }

    /** All values of a tag; none where the tag is missing. */
    long[] all(int tag) {
        Entry entry = entries.get(tag);
        if (entry == null) {
            return new long[0];
        }
        int bytes = bytes(entry.type);
        if (bytes == 0) {
            throw error("its tag " + tag + " is no list of whole numbers");
        }
        check(entry.at, entry.count, bytes);
        long[] values = new long[(int) entry.count];
        for (int i = 0; i < values.length; i++) {
            values[i] = number(entry.type, entry.at + (long) i * bytes);
        }
        return values;
    }

    /** Refuses {@code count} items of {@code size} bytes from {@code at} on that the file does not hold. */
    void check(long at, long count, int size) {
        long length = file.capacity();
        if (at < 0 || at > length || count < 0 || count > (length - at) / size) {
            throw error("it is cut off or damaged: it has " + length + " bytes, and states data behind their end");
        }
    }

    /** Bytes a value, or 0 for types that are no whole number without a sign. */
    private static int bytes(int type) {
        return switch (type) {
            case BYTE, UNDEFINED -> 1;
            case SHORT -> Short.BYTES;
            case LONG -> Integer.BYTES;
            case LONG8 -> Long.BYTES;
            default -> 0;
        };
    }

    private long number(int type, long at) {
        check(at, 1, bytes(type));
        int place = (int) at;
        return switch (type) {
            case BYTE, UNDEFINED -> file.get(place) & 0xFF;
            case SHORT -> file.getShort(place) & 0xFFFF;
            case LONG -> file.getInt(place) & 0xFFFF_FFFFL;
            default -> file.getLong(place);
        };
    }
}
