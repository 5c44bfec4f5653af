package dev.taxon.checkpoint;

import dev.taxon.UserError;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a mapped zip file, with zip64. Stored members are slices of the mapping; java.util.zip would copy
 * them and stops at 2 GiB. Source: PKWARE's APPNOTE, sections 4.3 and 4.5.3.
 */
final class ZipArchive {
    static final int LOCAL = 0x04034b50;
    static final int CENTRAL = 0x02014b50;
    static final int END = 0x06054b50;
    static final int END64 = 0x06064b50;
    static final int LOCATOR64 = 0x07064b50;
    static final int ZIP64_EXTRA = 1;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int END_BYTES = 22;
    private static final int CENTRAL_BYTES = 46;
    private static final int LOCAL_BYTES = 30;
    private static final long FULL = 0xFFFFFFFFL;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final int ENCRYPTED = 1;
    private static final long DEFLATE_RATIO = 1040; // deflate's limit is 1032 to 1
    private static final int CHUNK = 1 << 30;

    private final MemorySegment file;
    private final String name;
    private final Map<String, Member> members = new LinkedHashMap<>();

    /** A member as the central directory describes it; sizes and offset in bytes. */
    record Member(String name, int flags, int method, int crc, long packed, long size, long header) {}

    /** @throws UserError if there is no directory, or it is damaged */
    ZipArchive(MemorySegment file, String name) {
        this.file = file;
        this.name = name;
        long end = findEnd();
        long count = u16(end + 10);
        long size = u32(end + 12);
        long offset = u32(end + 16);
        long locator = end - 20;
        if (locator >= 0 && file.get(INT, locator) == LOCATOR64) {
            long end64 = file.get(LONG, locator + 8);
            if (end64 < 0 || end64 > locator - 56 || file.get(INT, end64) != END64) {
                throw damaged("its directory's end record is broken");
            }
            count = file.get(LONG, end64 + 32);
            size = file.get(LONG, end64 + 40);
            offset = file.get(LONG, end64 + 48);
        }
        if (offset < 0 || size < 0 || offset > end - size || count < 0 || count > size / CENTRAL_BYTES) {
            throw damaged("its directory lies outside of the file");
        }
        readDirectory(offset, offset + size, count);
    }

    static boolean isZip(MemorySegment file) {
        return file.byteSize() >= 4 && file.get(INT, 0) == LOCAL;
    }

    Map<String, Member> members() {
        return members;
    }

    @Nullable
    Member find(String member) {
        return members.get(member);
    }

    /**
     * The contents of a member, checked against its CRC-32 (unless that is 0: PyTorch can be told not to compute it).
     *
     * @param memory where inflated contents go
     */
    MemorySegment contents(Member member, Budget memory) {
        MemorySegment data = slice(member);
        MemorySegment plain = switch (member.method) {
            case STORED -> data;
            case DEFLATED -> inflate(member, data, memory);
            default ->
                throw damaged(member.name + " is packed by method " + member.method
                        + ", and Taxon reads stored and deflated members");
        };
        if (plain.byteSize() != member.size || (member.crc != 0 && crc(plain) != member.crc)) {
            throw damaged("the checksum of " + member.name + " does not match");
        }
        return plain;
    }

    private MemorySegment slice(Member member) {
        long h = member.header;
        if (h < 0 || h > file.byteSize() - LOCAL_BYTES || file.get(INT, h) != LOCAL) {
            throw damaged("the header of " + member.name + " is missing");
        }
        long start = h + LOCAL_BYTES + u16(h + 26) + u16(h + 28);
        if ((member.flags & ENCRYPTED) != 0) {
            throw UserError.of("%s is an encrypted archive; save it without a password", name);
        }
        if (member.packed < 0 || start > file.byteSize() - member.packed) {
            throw damaged(member.name + " goes beyond its end");
        }
        return file.asSlice(start, member.packed);
    }

    private MemorySegment inflate(Member member, MemorySegment packed, Budget memory) {
        if (member.size < 0 || member.size / DEFLATE_RATIO > packed.byteSize()) {
            throw damaged(member.name + " claims an impossible size of " + member.size + " bytes");
        }
        MemorySegment out = memory.allocate(member.size);
        try (Inflater inflater = new Inflater(true)) {
            long read = 0;
            long written = 0;
            while (!inflater.finished()) {
                if (inflater.needsInput() && read < packed.byteSize()) {
                    ByteBuffer next = chunk(packed, read);
                    read += next.remaining();
                    inflater.setInput(next);
                }
                int n = inflater.inflate(chunk(out, written));
                written += n;
                if (n == 0 && !inflater.finished() && (written == member.size || read == packed.byteSize())) {
                    throw damaged(member.name + " does not unpack to its size");
                }
            }
            if (written != member.size) {
                throw damaged(member.name + " does not unpack to its size");
            }
        } catch (DataFormatException e) {
            throw damaged(member.name + " does not unpack");
        }
        return out;
    }

    private static int crc(MemorySegment data) {
        CRC32 crc = new CRC32();
        for (long at = 0; at < data.byteSize(); at += CHUNK) {
            crc.update(chunk(data, at));
        }
        return (int) crc.getValue();
    }

    private static ByteBuffer chunk(MemorySegment data, long at) {
        return data.asSlice(at, Math.min(CHUNK, data.byteSize() - at)).asByteBuffer();
    }

    private long findEnd() {
        long last = file.byteSize() - END_BYTES;
        for (long at = last; at >= Math.max(0, last - 0xFFFF); at--) {
            if (file.get(INT, at) == END && u16(at + 20) == last - at) {
                return at;
            }
        }
        throw UserError.of(
                "%s is cut off: it starts as a zip file and has no directory; copy or download it again", name);
    }

    private void readDirectory(long from, long to, long count) {
        long at = from;
        for (long i = 0; i < count; i++) {
            if (at > to - CENTRAL_BYTES || file.get(INT, at) != CENTRAL) {
                throw damaged("entry " + i + " of its directory is broken");
            }
            int nameBytes = u16(at + 28);
            int extraBytes = u16(at + 30);
            long next = at + CENTRAL_BYTES + nameBytes + extraBytes + u16(at + 32);
            if (next > to) {
                throw damaged("entry " + i + " of its directory is broken");
            }
            byte[] text = file.asSlice(at + CENTRAL_BYTES, nameBytes).toArray(ValueLayout.JAVA_BYTE);
            Member member = new Member(
                    new String(text, StandardCharsets.UTF_8),
                    u16(at + 8),
                    u16(at + 10),
                    file.get(INT, at + 16),
                    u32(at + 20),
                    u32(at + 24),
                    u32(at + 42));
            long extra = at + CENTRAL_BYTES + nameBytes;
            if (members.put(member.name, zip64(member, extra, extra + extraBytes)) != null) {
                throw damaged("its directory lists " + member.name + " twice");
            }
            at = next;
        }
    }

    /** Replaces each field that is full by the next int64 of the zip64 extra field. */
    private Member zip64(Member m, long from, long to) {
        for (long at = from; at <= to - 4; at += 4 + u16(at + 2)) {
            if (u16(at) != ZIP64_EXTRA) {
                continue;
            }
            long[] fields = {m.size, m.packed, m.header};
            long field = at + 4;
            for (int i = 0; i < fields.length; i++) {
                if (fields[i] == FULL && field <= Math.min(to, at + 4 + u16(at + 2)) - 8) {
                    fields[i] = file.get(LONG, field);
                    field += 8;
                }
            }
            return new Member(m.name, m.flags, m.method, m.crc, fields[1], fields[0], fields[2]);
        }
        return m;
    }

    private int u16(long at) {
        return file.get(SHORT, at) & 0xFFFF;
    }

    private long u32(long at) {
        return file.get(INT, at) & 0xFFFFFFFFL;
    }

    private UserError damaged(String what) {
        return UserError.of("%s is damaged: %s; copy or download it again", name, what);
    }
}
