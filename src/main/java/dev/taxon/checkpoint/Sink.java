package dev.taxon.checkpoint;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;

/** A file being written front to back. Segments of any kind pass through one small buffer. */
final class Sink {
    private static final int CHUNK = 1 << 20;

    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
    private final MemorySegment chunk = MemorySegment.ofBuffer(buffer);
    private long position;

    Sink(FileChannel channel) {
        this.channel = channel;
    }

    long position() {
        return position;
    }

    /** Appends {@code data}; returns its CRC-32. */
    int write(MemorySegment data) throws IOException {
        CRC32 crc = new CRC32();
        for (long at = 0; at < data.byteSize(); at += CHUNK) {
            int length = (int) Math.min(CHUNK, data.byteSize() - at);
            MemorySegment.copy(data, at, chunk, 0, length);
            crc.update(buffer.slice(0, length));
            drain(buffer.slice(0, length), position);
            position += length;
        }
        return (int) crc.getValue();
    }

    int write(byte[] data) throws IOException {
        return write(MemorySegment.ofArray(data));
    }

    /** Appends what was put into {@code filled}. */
    void write(ByteBuffer filled) throws IOException {
        write(MemorySegment.ofBuffer(filled.flip()));
    }

    /** Overwrites bytes that were written before by what was put into {@code filled}. */
    void patch(ByteBuffer filled, long at) throws IOException {
        drain(filled.flip(), at);
    }

    private void drain(ByteBuffer bytes, long at) throws IOException {
        long to = at;
        while (bytes.hasRemaining()) {
            to += channel.write(bytes, to);
        }
    }
}
