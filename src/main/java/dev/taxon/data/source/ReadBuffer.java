package dev.taxon.data.source;

import dev.taxon.tensor.Region;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Off-heap room for one encoded image, used again and again. Grows when an image needs more. For one thread at a time. */
public final class ReadBuffer implements AutoCloseable {
    private static final long LEAST = 1 << 18; // most photographs at ImageNet's size

    private @Nullable Region region;

    /** Room for {@code bytes} bytes, 64-byte aligned; what it holds is left from before. */
    public MemorySegment room(long bytes) {
        Region now = region;
        if (now == null || now.segment().byteSize() < bytes) {
            close();
            now = Region.ofBytes(Math.max(LEAST, Long.highestOneBit(Math.max(bytes - 1, 1)) << 1));
            region = now;
        }
        return now.segment().asSlice(0, bytes);
    }

    @Override
    public void close() {
        if (region != null) {
            region.close();
            region = null;
        }
    }
}
