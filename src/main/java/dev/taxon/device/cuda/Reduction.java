package dev.taxon.device.cuda;

import dev.taxon.device.RegionTable.Slice;
import java.util.List;

/** Norms over ranges of a region: sums of blocks in double, whose number depends on the elements alone and not on the GPU. */
final class Reduction implements AutoCloseable {
    static final int THREADS = 256;
    private static final int ELEMENTS_A_PART = 8 * THREADS;
    private static final int MAX_PARTS = 1024;

    private final Gpu gpu;
    private final List<Slice> ranges;
    private final long count;
    private final DeviceMemory sums;

    /** @param ranges those that {@link #powers} goes over */
    Reduction(Gpu gpu, List<Slice> ranges) {
        this.gpu = gpu;
        this.ranges = List.copyOf(ranges);
        count = ranges.stream().mapToLong(r -> parts(r.length())).sum();
        sums = new DeviceMemory(gpu, Math.max(count + 1, 2 * MAX_PARTS) * Double.BYTES, "norms");
    }

    /** Into how many blocks so many elements are shared out. */
    static int parts(long elements) {
        return Math.clamp((elements + ELEMENTS_A_PART - 1) / ELEMENTS_A_PART, 1, MAX_PARTS);
    }

    /** Address of doubles, two for each of the most parts that a range can have. */
    long sums() {
        return sums.address();
    }

    /** Starts Σ |x|^p over the ranges of the region at {@code address}, or for p = ∞ the largest |x|: the first of {@link #sums}. */
    void powers(long address, double p) {
        int largest = Double.isInfinite(p) ? 1 : 0;
        Kernel parts = gpu.kernel("norm", "norm_parts");
        long at = sums.address() + Double.BYTES; // behind the total
        for (Slice range : ranges) {
            int blocks = parts(range.length());
            gpu.arguments()
                    .int64(at)
                    .int64(address + range.offset() * Float.BYTES)
                    .int64(range.length())
                    .float64(p)
                    .int32(largest)
                    .launch(parts, Grid.of(blocks, THREADS));
            at += (long) blocks * Double.BYTES;
        }
        gpu.arguments()
                .int64(sums.address())
                .int64(sums.address() + Double.BYTES)
                .int64(count)
                .int32(largest)
                .launch(gpu.kernel("norm", "norm_total"), Grid.of(1, 32));
    }

    @Override
    public void close() {
        sums.close();
    }
}
