package dev.taxon.data.archive;

import dev.taxon.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/**
 * A packed file: a header of 64 bytes, the members one behind the other, and an index that has a checksum of each.
 *
 * @param index where the index begins
 * @param length its length; it ends the file
 */
record Packed(long index, long length) {
    static final String MAGIC = "TAXONPAK";
    static final int BYTES = 64;

    private static final int VERSION = 1;

    /** The header as it stands in the file. */
    ByteBuffer bytes() {
        ByteBuffer b = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        b.put(MAGIC.getBytes(StandardCharsets.US_ASCII)).putInt(VERSION).putInt(0);
        return b.putLong(index).putLong(length).rewind();
    }

    /**
     * Reads the header of a file that begins with {@link #MAGIC}.
     *
     * @throws UserError if it is of another version, or cut off
     */
    static Packed read(FileChannel channel, String name) throws IOException {
        ByteBuffer b = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (b.hasRemaining() && channel.read(b, b.position()) >= 0) {
            // a read may bring less than was asked for
        }
        UserError.require(!b.hasRemaining(), "%s is cut off; copy it again", name);
        int version = b.getInt(MAGIC.length());
        UserError.require(
                version == VERSION,
                "%s is a packed file of version %d, and this is version %d; make it again with 'data prepare'",
                name,
                version,
                VERSION);
        Packed packed = new Packed(b.getLong(MAGIC.length() + 8), b.getLong(MAGIC.length() + 16));
        UserError.require(
                packed.index >= BYTES && packed.length >= 0 && packed.index == channel.size() - packed.length,
                "%s is cut off or damaged: its index is not at its end; copy it again",
                name);
        return packed;
    }
}
