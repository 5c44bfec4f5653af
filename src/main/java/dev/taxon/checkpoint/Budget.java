package dev.taxon.checkpoint;

import dev.taxon.UserError;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory that one file may take beyond its mapping, for members that are packed and tensors that are not contiguous. */
final class Budget {
    private static final long FREE = 1L << 30;
    private static final long PER_BYTE = 16;

    private final Arena arena;
    private final String name;
    private final long limit;
    private long used;

    Budget(Arena arena, long fileBytes, String name) {
        this.arena = arena;
        this.name = name;
        limit = FREE + PER_BYTE * fileBytes;
    }

    /** Zeroed memory that lives as long as the arena. @throws UserError if the file asks for far more than it holds */
    MemorySegment allocate(long bytes) {
        if (bytes > limit - used) {
            throw UserError.of(
                    "%s unpacks to more than %d bytes, far more than it holds; it is damaged, or meant to fill the memory",
                    name, limit);
        }
        used += bytes;
        return arena.allocate(bytes, 64);
    }
}
