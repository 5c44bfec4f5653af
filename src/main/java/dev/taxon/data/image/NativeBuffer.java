package dev.taxon.data.image;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Native memory that is kept from picture to picture and replaced when one needs more. */
final class NativeBuffer {
    private static final long FIRST_BYTES = 1 << 20;

    private MemorySegment memory = MemorySegment.NULL;

    /** The first {@code bytes} of this buffer; what an earlier call returned is not to be used any more. */
    MemorySegment first(long bytes) {
        if (memory.byteSize() < bytes) {
            long doubled = Math.max(FIRST_BYTES, Math.max(bytes, 2 * memory.byteSize()));
            memory = Arena.ofAuto().allocate(doubled);
        }
        return memory.asSlice(0, bytes);
    }
}
