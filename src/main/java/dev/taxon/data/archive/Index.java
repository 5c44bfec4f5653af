package dev.taxon.data.archive;

import dev.taxon.data.archive.IndexHeader.Stale;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** An index in memory, mapped: members in the order of their names. It is looked into in place; nothing is copied. */
final class Index {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int CHUNK = 1 << 30;

    private final MemorySegment bytes;
    private final IndexHeader header;
    private final long sizes;
    private final long nameEnds;
    private final long packedSizes;
    private final long checksums;
    private final long names;

    /** An index that begins {@code bytes}. @throws Stale if it cannot be used */
    Index(MemorySegment bytes) throws Stale {
        if (bytes.byteSize() < IndexHeader.BYTES) {
            throw new Stale("is cut off");
        }
        this.header = IndexHeader.read(bytes.asSlice(0, IndexHeader.BYTES).asByteBuffer());
        if (header.length() != bytes.byteSize()) {
            throw new Stale("is cut off");
        }
        this.bytes = bytes;
        long n = header.count();
        sizes = IndexHeader.BYTES + n * Long.BYTES;
        nameEnds = sizes + n * Integer.BYTES;
        packedSizes = nameEnds + n * Integer.BYTES;
        checksums = packedSizes + ((header.flags() & IndexHeader.PACKED) != 0 ? n * Integer.BYTES : 0);
        names = checksums + ((header.flags() & IndexHeader.CHECKED) != 0 ? n * Integer.BYTES : 0);
        check();
    }

    private void check() throws Stale {
        CRC32 crc = new CRC32();
        for (long at = IndexHeader.BYTES; at < bytes.byteSize(); at += CHUNK) {
            crc.update(bytes.asSlice(at, Math.min(CHUNK, bytes.byteSize() - at)).asByteBuffer());
        }
        int before = 0;
        boolean ordered = (int) crc.getValue() == header.crc();
        for (int i = 0; ordered && i < header.count(); i++) {
            int end = nameEnd(i);
            ordered = end >= before && end <= header.nameBytes();
            before = end;
        }
        if (!ordered) {
            throw new Stale("is damaged");
        }
    }

    Identity identity() {
        return header.identity();
    }

    int count() {
        return header.count();
    }

    /** The place of a member's first byte in the archive. */
    long offset(int member) {
        return bytes.get(LONG, IndexHeader.BYTES + (long) member * Long.BYTES);
    }

    /** Bytes of a member, unpacked; {@link IndexWriter#TOO_LONG} from 2 GiB on. */
    int size(int member) {
        return bytes.get(INT, sizes + (long) member * Integer.BYTES);
    }

    /** Bytes of its deflated form, or {@link IndexHeader#STORED}. */
    int packed(int member) {
        return (header.flags() & IndexHeader.PACKED) == 0
                ? IndexHeader.STORED
                : bytes.get(INT, packedSizes + (long) member * Integer.BYTES);
    }

    /** CRC-32 of its unpacked bytes; 0: unknown. */
    int crc(int member) {
        return (header.flags() & IndexHeader.CHECKED) == 0
                ? 0
                : bytes.get(INT, checksums + (long) member * Integer.BYTES);
    }

    String name(int member) {
        return new String(nameBytes(member).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    /** A member's name in UTF-8; that of a folder ends with {@code /}. */
    MemorySegment nameBytes(int member) {
        int from = nameStart(member);
        return bytes.asSlice(names + from, nameEnd(member) - from);
    }

    /** Where a member's name begins in the block of all names; for {@link #count}, where the block ends. */
    int nameStart(int member) {
        return member == 0 ? 0 : nameEnd(member - 1);
    }

    /** Copies part of the block of all names to the start of {@code to}. */
    void copyNames(int from, int length, byte[] to) {
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, names + from, to, 0, length);
    }

    private int nameEnd(int member) {
        return bytes.get(INT, nameEnds + (long) member * Integer.BYTES);
    }

    /** The first member whose name is not less than {@code name}, by bytes; {@link #count} if there is none. */
    int lowerBound(String name) {
        MemorySegment wanted = MemorySegment.ofArray(name.getBytes(StandardCharsets.UTF_8));
        int low = 0;
        int high = count();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (compare(nameBytes(middle), wanted) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The member of that name; −1 if there is none. */
    int find(String name) {
        int place = lowerBound(name);
        return place < count() && name.equals(name(place)) ? place : -1;
    }

    private static int compare(MemorySegment a, MemorySegment b) {
        long at = a.mismatch(b);
        if (at < 0) {
            return 0;
        }
        if (at == a.byteSize() || at == b.byteSize()) {
            return Long.compare(a.byteSize(), b.byteSize());
        }
        return Byte.compareUnsigned(a.get(ValueLayout.JAVA_BYTE, at), b.get(ValueLayout.JAVA_BYTE, at));
    }
}
