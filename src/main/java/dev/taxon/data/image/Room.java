package dev.taxon.data.image;

import dev.taxon.tensor.Region;
import java.lang.foreign.MemorySegment;

/** Native memory that is kept from picture to picture and grows when one needs more; growing forgets what is in it. */
final class Room implements AutoCloseable {
    private static final long FIRST_BYTES = 1 << 18;
    private static final long BEHIND = 64; // bytes that vector code may touch

    private Region region = Region.ofBytes(FIRST_BYTES);

    /** At least {@code bytes} bytes and some more; the whole room, so that nothing is allocated. */
    MemorySegment of(long bytes) {
        if (region.segment().byteSize() < bytes + BEHIND) {
            long grown = bytes + bytes / 2 + BEHIND;
            region.close();
            region = Region.ofBytes(grown);
        }
        return region.segment();
    }

    /** What there is now. */
    MemorySegment segment() {
        return region.segment();
    }

    @Override
    public void close() {
        region.close();
    }
}
