package dev.taxon.device.cpu;

import java.lang.foreign.MemorySegment;

/** A stretch of an arena, needed from the first to the last op that uses it. */
final class Block {
    private static final long ALIGNMENT = 64;

    private final ActivationArena arena;
    private final long bytes;
    private int first = Integer.MAX_VALUE;
    private int last = -1;
    private long offset = -1;

    Block(ActivationArena arena, long bytes) {
        this.arena = arena;
        this.bytes = bytes;
    }

    /** Where it lies now; valid once the program is planned. */
    long address() {
        return arena.address() + offset;
    }

    MemorySegment segment() {
        return arena.region().segment().asSlice(offset, bytes);
    }

    /** Notes that op {@code index} uses it. */
    void use(int index) {
        first = Math.min(first, index);
        last = Math.max(last, index);
    }

    /** Keeps it for as long as the program lives: the caller reads or writes it between passes. */
    Block pin() {
        first = -1;
        last = Integer.MAX_VALUE;
        return this;
    }

    boolean isPinned() {
        return last == Integer.MAX_VALUE;
    }

    boolean overlapsInTime(Block other) {
        return first <= other.last && other.first <= last;
    }

    /** Size in the plan, a multiple of the alignment. */
    long extent() {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    long offset() {
        return offset;
    }

    void place(long at) {
        offset = at;
    }
}
