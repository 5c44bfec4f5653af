package dev.taxon.data.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;

/** Writes a packed file: members in the order in which they come, then their index. */
public final class PackedWriter {
    private final FileChannel channel;
    private final Members members = new Members();

    /** Begins a file at the channel's start. */
    public PackedWriter(FileChannel channel) throws IOException {
        this.channel = channel;
        channel.position(Packed.BYTES);
    }

    /** Adds a folder, which may stay empty. */
    public void addFolder(String name) {
        members.addFolder(name);
    }

    /** Adds a file behind the others. */
    public void add(String name, byte[] bytes) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        members.add(name, channel.position(), bytes.length, Members.STORED, (int) crc.getValue());
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            channel.write(left);
        }
    }

    /** Bytes so far. */
    public long length() throws IOException {
        return channel.position();
    }

    /** Writes index and header. @return the file's length */
    public long finish() throws IOException {
        long index = channel.position();
        long indexLength = IndexWriter.write(channel, members.sorted(), Identity.NONE);
        channel.write(new Packed(index, indexLength).bytes(), 0);
        return index + indexLength;
    }
}
