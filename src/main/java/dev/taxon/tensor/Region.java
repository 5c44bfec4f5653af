package dev.taxon.tensor;

import dev.taxon.UserError;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Owner of one block of zeroed native memory, 64-byte aligned. Closing frees it; tensors over it must be gone by then. */
public final class Region implements AutoCloseable {
    private static final long ALIGNMENT = 64;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment segment;

    private Region(long bytes) {
        try {
            segment = arena.allocate(Math.max(bytes, ALIGNMENT), ALIGNMENT).asSlice(0, bytes);
        } catch (OutOfMemoryError e) {
            arena.close();
            throw UserError.of(
                    "no room for %d MiB of native memory; lower data.samples_per_gpu or the size of the images",
                    bytes >> 20);
        }
    }

    /** A block of {@code bytes} zeros. @throws UserError if there is not so much memory */
    public static Region ofBytes(long bytes) {
        return new Region(bytes);
    }

    public static Region ofFloats(long count) {
        return new Region(count * Float.BYTES);
    }

    public MemorySegment segment() {
        return segment;
    }

    /** A view of {@code count} floats from float {@code offset}. */
    public MemorySegment floats(long offset, long count) {
        return segment.asSlice(offset * Float.BYTES, count * Float.BYTES);
    }

    public float get(long index) {
        return segment.getAtIndex(ValueLayout.JAVA_FLOAT, index);
    }

    public void set(long index, float value) {
        segment.setAtIndex(ValueLayout.JAVA_FLOAT, index, value);
    }

    @Override
    public void close() {
        arena.close();
    }
}
