package dev.taxon.data.archive;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * The first 64 bytes of an index.
 *
 * @param flags {@link #PACKED}, {@link #CHECKED}
 * @param count members
 * @param nameBytes length of all names together
 * @param identity of the archive
 * @param crc CRC-32 of what stands behind the header
 */
record IndexHeader(int flags, int count, long nameBytes, Identity identity, int crc) {
    static final int BYTES = 64;
    /** There is a table of packed sizes. */
    static final int PACKED = 1;
    /** There is a table of checksums. */
    static final int CHECKED = 2;
    /** In the table of packed sizes: this member is stored. */
    static final int STORED = -2;

    private static final String MAGIC = "TAXONIDX";
    private static final int VERSION = 1;
    private static final int END = 56; // its own checksum stands there

    /** As it stands in the file. */
    ByteBuffer bytes() {
        ByteBuffer b = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        b.put(MAGIC.getBytes(StandardCharsets.US_ASCII)).putInt(VERSION).putInt(flags);
        b.putLong(identity.size()).putLong(identity.modified()).putInt(identity.ends());
        b.putInt(count).putLong(nameBytes).putInt(crc);
        b.position(END).putInt(checksum(b));
        return b.rewind();
    }

    /**
     * Reads a header.
     *
     * @param bytes at least {@link #BYTES}
     * @throws Stale if it is none of this version, or damaged
     */
    static IndexHeader read(ByteBuffer bytes) throws Stale {
        ByteBuffer b = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        byte[] magic = new byte[MAGIC.length()];
        b.get(magic);
        if (!MAGIC.equals(new String(magic, StandardCharsets.US_ASCII))) {
            throw new Stale("is no index");
        }
        int version = b.getInt();
        if (version != VERSION) {
            throw new Stale("is of version " + version + ", and this is version " + VERSION);
        }
        int flags = b.getInt();
        Identity identity = new Identity(b.getLong(), b.getLong(), b.getInt());
        IndexHeader header = new IndexHeader(flags, b.getInt(), b.getLong(), identity, b.getInt());
        if (b.getInt(END) != checksum(b) || header.count < 0 || header.nameBytes < 0) {
            throw new Stale("is damaged");
        }
        return header;
    }

    private static int checksum(ByteBuffer header) {
        CRC32 crc = new CRC32();
        crc.update(header.duplicate().position(0).limit(END));
        return (int) crc.getValue();
    }

    /** Length of the whole index. */
    long length() {
        long tables = 2L + Integer.bitCount(flags & (PACKED | CHECKED));
        return BYTES + count * (Long.BYTES + tables * Integer.BYTES) + nameBytes;
    }

    /** An index that cannot be used, and why: "is damaged". It is made anew. */
    static final class Stale extends Exception {
        private static final long serialVersionUID = 1;

        Stale(String why) {
            super(why);
        }
    }
}
