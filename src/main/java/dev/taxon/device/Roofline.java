package dev.taxon.device;

import java.util.Comparator;
import java.util.List;

/**
 * What a device can do at most, measured: the roofline model of Williams, Waterman and Patterson (2009), with a bandwidth for
 * each size of data, since caches are faster than memory.
 *
 * @param flops multiplications and additions a second, in registers
 * @param bandwidths at least one
 * @param valueBytes bytes of one value: 4 in float32, 8 in double
 */
public record Roofline(double flops, List<Bandwidth> bandwidths, int valueBytes) {
    /**
     * What memory gives for data of one size.
     *
     * @param bytes of the data that is read and written over and over
     */
    public record Bandwidth(long bytes, double bytesPerSecond) {}

    public Roofline {
        bandwidths = bandwidths.stream()
                .sorted(Comparator.comparingLong(Bandwidth::bytes))
                .toList();
        if (!(flops > 0) || bandwidths.isEmpty()) {
            throw new IllegalArgumentException("a roofline needs a positive peak and a bandwidth");
        }
    }

    /** Bytes a second for data of this size: the bandwidth of the next larger size that was measured, or the largest. */
    public double bandwidth(long bytes) {
        return bandwidths.stream()
                .filter(b -> b.bytes() >= bytes)
                .findFirst()
                .orElse(bandwidths.getLast())
                .bytesPerSecond();
    }

    /** Bytes a second of memory, as opposed to caches. */
    public double memoryBandwidth() {
        return bandwidths.getLast().bytesPerSecond();
    }

    /** Seconds below which this work cannot be done. */
    public double leastSeconds(long operations, long bytes) {
        return Math.max(operations / flops, bytes / bandwidth(bytes));
    }

    /** Whether arithmetic is this work's limit, not the transport of its data. */
    public boolean isComputeBound(long operations, long bytes) {
        return operations / flops >= bytes / bandwidth(bytes);
    }
}
