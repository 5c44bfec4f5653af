package dev.taxon.dist;

import dev.taxon.UserError;
import dev.taxon.device.HostWeights;
import dev.taxon.device.Weights.Slot;
import dev.taxon.graph.Buffer;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/** Keeps the weights of all ranks equal: they start from rank 0's, and take the same steps. */
public final class Replicas {
    private static final long PIECE = 1L << 30; // bytes of one ByteBuffer

    private Replicas() {}

    /**
     * Gives all ranks rank 0's parameters and running statistics, and checks by their hashes that they have them, and the same state
     * of the optimizer.
     *
     * @param slots of the optimizer
     * @throws UserError naming ranks that differ
     */
    public static void start(Communicator communicator, HostWeights weights, List<Slot> slots) {
        if (communicator.size() == 1) {
            return;
        }
        communicator.broadcast(weights.region(Slot.VALUE).segment(), 0);
        broadcastBuffers(communicator, weights);
        List<MemorySegment> parts = new ArrayList<>();
        parts.add(weights.region(Slot.VALUE).segment());
        parts.add(weights.buffers().segment());
        slots.forEach(slot -> parts.add(weights.region(slot).segment()));
        List<Integer> others = different(communicator, hash(parts));
        UserError.require(
                others.isEmpty(),
                "ranks %s start from other weights or another state of the optimizer than rank 0: do they read the same checkpoint?",
                others);
    }

    /** Gives all ranks rank 0's running statistics. Source: mmcv's DistEvalHook, broadcast_bn_buffer. */
    public static void broadcastBuffers(Communicator communicator, HostWeights weights) {
        if (communicator.size() == 1) {
            return;
        }
        communicator.broadcast(weights.buffers().segment(), 0);
        List<Buffer> counters = counters(weights);
        double[] counts = counters.stream()
                .mapToDouble(c -> communicator.isFirst() ? weights.counter(c) : 0)
                .toArray();
        communicator.sum(counts);
        for (int i = 0; i < counts.length; i++) {
            weights.setCounter(counters.get(i), (long) counts[i]);
        }
        weights.changed();
    }

    /** Gives all ranks the means of their running statistics. Source: mmcv's SyncBuffersHook. */
    public static void averageBuffers(Communicator communicator, HostWeights weights) {
        if (communicator.size() > 1 && weights.table().bufferFloats() > 0) {
            communicator.average(weights.buffers().segment(), Compression.NONE).await();
            weights.changed();
        }
    }

    private static List<Buffer> counters(HostWeights weights) {
        return weights.graph().executionBuffers().stream()
                .filter(b -> b.role() == Buffer.Role.NUM_BATCHES_TRACKED)
                .toList();
    }

    /** Ranks whose parameters differ from rank 0's; on all ranks the same. */
    public static List<Integer> different(Communicator communicator, HostWeights weights) {
        return different(communicator, hash(List.of(weights.region(Slot.VALUE).segment())));
    }

    private static List<Integer> different(Communicator communicator, long hash) {
        double[] halves = new double[2 * communicator.size()]; // a double holds 32 bits exactly
        halves[2 * communicator.rank()] = hash >>> Integer.SIZE;
        halves[2 * communicator.rank() + 1] = hash & 0xffffffffL;
        communicator.sum(halves);
        List<Integer> others = new ArrayList<>();
        for (int r = 1; r < communicator.size(); r++) {
            if (halves[2 * r] != halves[0] || halves[2 * r + 1] != halves[1]) {
                others.add(r);
            }
        }
        return others;
    }

    private static long hash(List<MemorySegment> parts) {
        long hash = 0;
        for (MemorySegment part : parts) {
            Checksum sum = new CRC32C();
            for (long at = 0; at < part.byteSize(); at += PIECE) {
                sum.update(
                        part.asSlice(at, Math.min(PIECE, part.byteSize() - at)).asByteBuffer());
            }
            hash = hash * 0x9E3779B97F4A7C15L + sum.getValue();
        }
        return hash;
    }
}
