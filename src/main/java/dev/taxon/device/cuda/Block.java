package dev.taxon.device.cuda;

import org.jspecify.annotations.Nullable;

/** A stretch of an arena, needed from the first to the last op that uses it. */
class Block implements Operand {
    private static final long ALIGNMENT = 256; // what cuMemAlloc gives

    private final @Nullable ActivationArena arena;
    private final long bytes;
    private int first = Integer.MAX_VALUE;
    private int last = -1;
    private long offset = -1;
    private int generation = -1;
    private Address pointer = Address.NULL;

    Block(ActivationArena arena, long bytes) {
        this.arena = arena;
        this.bytes = bytes;
    }

    /** Of memory elsewhere. */
    Block(long bytes) {
        arena = null;
        this.bytes = bytes;
    }

    final long bytes() {
        return bytes;
    }

    /** Where it lies now; valid once the program is planned. */
    @Override
    public Address pointer() {
        if (arena == null) {
            throw new IllegalStateException("a block outside an arena says itself where it lies");
        }
        if (generation != arena.generation()) {
            pointer = new Address(arena.address() + offset);
            generation = arena.generation();
        }
        return pointer;
    }

    /** Notes that op {@code index} uses it. */
    final void use(int index) {
        first = Math.min(first, index);
        last = Math.max(last, index);
    }

    /** Keeps it for as long as the program lives: the caller reads or writes it between passes. */
    final Block pin() {
        first = -1;
        last = Integer.MAX_VALUE;
        return this;
    }

    final boolean isPinned() {
        return last == Integer.MAX_VALUE;
    }

    final boolean overlapsInTime(Block other) {
        return first <= other.last && other.first <= last;
    }

    /** Size in the plan, a multiple of the alignment. */
    final long extent() {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    final long offset() {
        return offset;
    }

    final void place(long at) {
        offset = at;
    }
}
