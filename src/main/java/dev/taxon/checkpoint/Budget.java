package dev.taxon.checkpoint;

import dev.taxon.UserError;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Memory that one file may take beyond its mapping, for members that are packed and tensors that are not contiguous. The
 * first {@value #IN_MEMORY} bytes are plain memory; what comes after lies in a mapped temporary file, so that a model's weights
 * are never in memory twice.
 */
final class Budget {
    private static final long FREE = 1L << 30;
    private static final long PER_BYTE = 16;
    private static final long IN_MEMORY = 32L << 20;
    private static final long BLOCK = 64L << 20;
    private static final long ALIGNMENT = 64;

    private final Arena arena;
    private final String name;
    private final long limit;
    private long used;
    private MemorySegment block = MemorySegment.NULL;
    private long blockUsed;

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
        return used <= IN_MEMORY ? arena.allocate(bytes, ALIGNMENT) : fromBlock(bytes);
    }

    private MemorySegment fromBlock(long bytes) {
        long aligned = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        if (aligned > block.byteSize() - blockUsed) {
            block = temporary(Math.max(aligned, BLOCK));
            blockUsed = 0;
        }
        MemorySegment taken = block.asSlice(blockUsed, bytes);
        blockUsed += aligned;
        return taken;
    }

    /** A mapped file without a name. It is filled with zeros first: a full disk must be an error here, not a fault later. */
    private MemorySegment temporary(long bytes) {
        try {
            Path file = Files.createTempFile("taxon-", ".unpacked");
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
                ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
                for (long at = 0; at < bytes; ) {
                    zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - at));
                    at += channel.write(zeros, at);
                }
                return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
            }
        } catch (IOException e) {
            throw new UserError(
                    name + " cannot be unpacked into a temporary file of " + (bytes >> 20) + " MiB: " + e
                            + "; make room there, or give another folder with -Djava.io.tmpdir",
                    e);
        }
    }
}
