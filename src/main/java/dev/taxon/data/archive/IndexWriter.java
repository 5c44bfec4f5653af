package dev.taxon.data.archive;

import dev.taxon.data.archive.Members.Sorted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Writes an index: a header, then one table a field, then the names, all little-endian. A table of packed sizes, and one
 * of checksums, is there only where a member has one.
 */
final class IndexWriter {
    /** Longer members are no images; an index says so by this size. */
    static final int TOO_LONG = -1;

    private static final int CHUNK = 1 << 16;

    private final FileChannel channel;
    private final CRC32 crc = new CRC32();
    private final ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    private long length;

    private IndexWriter(FileChannel channel) {
        this.channel = channel;
    }

    /** Writes from the channel's position on. @return bytes written */
    static long write(FileChannel channel, Sorted members, Identity identity) throws IOException {
        long start = channel.position();
        channel.position(start + IndexHeader.BYTES);
        IndexWriter out = new IndexWriter(channel);
        int flags = out.tables(members);
        out.flush();
        long namesLength = out.names(members);
        out.flush();
        IndexHeader header = new IndexHeader(flags, members.count(), namesLength, identity, (int) out.crc.getValue());
        ByteBuffer head = header.bytes();
        while (head.hasRemaining()) {
            channel.write(head, start + head.position());
        }
        return IndexHeader.BYTES + out.length;
    }

    private int tables(Sorted members) throws IOException {
        int flags = 0;
        for (int i = 0; i < members.count(); i++) {
            flags |= members.packed(i) == Members.STORED ? 0 : IndexHeader.PACKED;
            flags |= members.crc(i) == 0 ? 0 : IndexHeader.CHECKED;
        }
        for (int i = 0; i < members.count(); i++) {
            room(Long.BYTES).putLong(members.offset(i));
        }
        for (int i = 0; i < members.count(); i++) {
            room(Integer.BYTES).putInt(size(members.size(i)));
        }
        int end = 0;
        for (int i = 0; i < members.count(); i++) {
            end += members.nameLength(i);
            room(Integer.BYTES).putInt(end);
        }
        for (int i = 0; (flags & IndexHeader.PACKED) != 0 && i < members.count(); i++) {
            room(Integer.BYTES)
                    .putInt(members.packed(i) == Members.STORED ? IndexHeader.STORED : size(members.packed(i)));
        }
        for (int i = 0; (flags & IndexHeader.CHECKED) != 0 && i < members.count(); i++) {
            room(Integer.BYTES).putInt(members.crc(i));
        }
        return flags;
    }

    private long names(Sorted members) throws IOException {
        long before = length;
        for (int i = 0; i < members.count(); i++) {
            for (byte b : members.name(i).getBytes(StandardCharsets.UTF_8)) {
                room(1).put(b);
            }
        }
        flush();
        return length - before;
    }

    private static int size(long bytes) {
        return bytes > Integer.MAX_VALUE ? TOO_LONG : (int) bytes;
    }

    private ByteBuffer room(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            flush();
        }
        return buffer;
    }

    private void flush() throws IOException {
        buffer.flip();
        crc.update(buffer.duplicate());
        length += buffer.remaining();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }
}
