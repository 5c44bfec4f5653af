package dev.taxon.device.cuda;

import dev.taxon.device.Program;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ops in the order in which they run, and the blocks that they use; lays the blocks out in one arena by liveness. */
final class Timeline {
    private final ActivationArena arena;
    private final List<Block> blocks = new ArrayList<>();
    private final List<Program.Kernel> kernels = new ArrayList<>();
    private List<Entry> ops = new ArrayList<>();
    private int clock;

    /** An op, and the kernel that it runs, if any. */
    record Entry(Op op, Program.@Nullable Kernel kernel) {}

    Timeline(ActivationArena arena) {
        this.arena = arena;
    }

    Block floats(long count) {
        return bytes(count * Float.BYTES);
    }

    Block bytes(long count) {
        Block block = new Block(arena, count);
        blocks.add(block);
        return block;
    }

    /** Adds an op that uses these blocks, and notes the kernel that it runs. */
    void add(String node, Program.Pass pass, String implementation, Op op, @Nullable Block... used) {
        Program.Kernel kernel = new Program.Kernel(node, pass, implementation);
        kernels.add(kernel);
        for (Block block : used) {
            if (block != null) {
                block.use(clock);
            }
        }
        ops.add(new Entry(op, kernel));
        clock++;
    }

    /** Adds an op that runs no kernel. */
    void addSilent(Op op) {
        ops.add(new Entry(op, null));
        clock++;
    }

    /** The ops since the last call: one pass. */
    List<Entry> takeOps() {
        List<Entry> taken = List.copyOf(ops);
        ops = new ArrayList<>();
        return taken;
    }

    List<Program.Kernel> kernels() {
        return List.copyOf(kernels);
    }

    /**
     * Gives every block an offset and makes room for them. Largest first, each at the lowest gap among those that live
     * at the same time.
     *
     * @param purpose what the memory is for, should it be too little
     * @param batch samples that it is for
     */
    void plan(String purpose, int batch) {
        List<Block> placed = new ArrayList<>();
        List<Block> bySize = blocks.stream()
                .sorted(Comparator.comparingLong(Block::extent).reversed())
                .toList();
        long end = 0;
        for (Block block : bySize) {
            long at = 0;
            for (Block other : placed) { // sorted by offset
                if (block.overlapsInTime(other)) {
                    if (at + block.extent() <= other.offset()) {
                        break;
                    }
                    at = Math.max(at, other.offset() + other.extent());
                }
            }
            block.place(at);
            end = Math.max(end, at + block.extent());
            int index = 0;
            while (index < placed.size() && placed.get(index).offset() <= at) {
                index++;
            }
            placed.add(index, block);
        }
        arena.reserve(end, purpose, batch);
    }
}
