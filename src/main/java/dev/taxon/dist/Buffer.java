package dev.taxon.dist;

import dev.taxon.tensor.Region;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Native memory that is used again and grows. */
final class Buffer implements AutoCloseable {
    private @Nullable Region region;

    /** The first {@code bytes} of it; what was in it is lost when it grows. */
    MemorySegment of(long bytes) {
        Region now = region;
        if (now == null || now.segment().byteSize() < bytes) {
            close();
            now = Region.ofBytes(bytes);
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
