package dev.taxon.dist;

import java.lang.foreign.MemorySegment;

/**
 * Means of a bucket: every rank gets its part of all ranks' buckets, adds them in the order of the ranks, and sends the means to
 * all. So each element is summed once, at one place, in one order: all ranks have the same bits, whatever the library does. As
 * many bytes travel as in a ring.
 */
final class Average extends Transfer {
    private final MemorySegment data; // (count) float32
    private final Compression compression;
    private final Buffers buffers;
    private final int rank;
    private final int size;
    private final long count;
    private boolean summed;

    /** Memory of the lane, grown as needed and used by one transfer at a time. */
    static final class Buffers {
        final Buffer parts = new Buffer(); // (ranks, own part)
        final Buffer halves = new Buffer(); // (count) in a half format
    }

    Average(MemorySegment data, Compression compression, Buffers buffers, int rank, int size) {
        this.data = data;
        this.compression = compression;
        this.buffers = buffers;
        this.rank = rank;
        this.size = size;
        count = data.byteSize() / Float.BYTES;
    }

    private long part() {
        return MpiLibrary.part(count, size);
    }

    private long begin() {
        return Math.min(count, rank * part());
    }

    private long own() {
        return Math.min(count, begin() + part()) - begin();
    }

    @Override
    void start(MpiLibrary mpi) {
        MemorySegment parts = buffers.parts.of(size * part() * compression.bytes());
        mpi.scatterParts(CommLibrary.GRADIENTS, parts, outgoing(), count, compression.bytes());
    }

    /** What travels: the bucket itself, or its values in the half format. */
    private MemorySegment outgoing() {
        if (compression == Compression.NONE) {
            return data;
        }
        MemorySegment halves = buffers.halves.of(count * compression.bytes());
        Kernels.toHalf(halves, data, count, compression.format());
        return halves;
    }

    @Override
    boolean next(MpiLibrary mpi) {
        boolean whole = compression == Compression.NONE;
        MemorySegment travelling = whole ? data : buffers.halves.of(count * compression.bytes());
        if (!summed) {
            summed = true;
            MemorySegment parts = buffers.parts.of(size * part() * compression.bytes());
            MemorySegment mine = travelling.asSlice(begin() * compression.bytes(), own() * compression.bytes());
            Kernels.meanOfRows(mine, parts, size, own(), compression);
            mpi.gatherParts(CommLibrary.GRADIENTS, travelling, count, compression.bytes());
            return false;
        }
        if (!whole) {
            Kernels.fromHalf(data, travelling, count, compression.format());
        }
        return true;
    }
}
