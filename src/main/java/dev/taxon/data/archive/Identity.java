package dev.taxon.data.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;

/**
 * By what an index knows its archive again.
 *
 * @param size in bytes
 * @param modified in milliseconds since 1970
 * @param ends CRC-32 of the first and the last 64 KiB
 */
record Identity(long size, long modified, int ends) {
    /** Of an index that lies in its archive. */
    static final Identity NONE = new Identity(0, 0, 0);

    private static final int BLOCK = 1 << 16;

    static Identity of(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            CRC32 crc = new CRC32();
            update(crc, channel, 0);
            update(crc, channel, Math.max(0, size - BLOCK));
            return new Identity(size, Files.getLastModifiedTime(file).toMillis(), (int) crc.getValue());
        }
    }

    private static void update(CRC32 crc, FileChannel channel, long from) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        while (block.hasRemaining() && channel.read(block, from + block.position()) > 0) {
            // a read may bring less than was asked for
        }
        crc.update(block.flip());
    }
}
