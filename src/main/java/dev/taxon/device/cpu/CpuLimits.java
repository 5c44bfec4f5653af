package dev.taxon.device.cpu;

import dev.taxon.device.Roofline;
import dev.taxon.device.Roofline.Bandwidth;
import dev.taxon.tensor.Region;
import java.util.ArrayList;
import java.util.List;

/** Measures the processor with all of the device's threads; runs on the compute thread. */
final class CpuLimits {
    private static final int TRIES = 5; // the best counts: other processes only ever slow one down
    private static final double TRY_SECONDS = 0.02;
    private static final int ARRAYS = 3; // of dst = a + b
    private static final long[] SIZES = {256L << 10, 1L << 20, 4L << 20, 16L << 20, 64L << 20, 256L << 20}; // bytes

    private CpuLimits() {}

    static Roofline measure() {
        return new Roofline(flops(), bandwidths(), Float.BYTES);
    }

    private static double flops() {
        long iterations = 1000;
        double best = 0;
        for (int tries = 0; tries < TRIES; ) {
            long count = iterations;
            long start = System.nanoTime();
            long operations = Native.value(() -> (long) Native.MULTIPLY_ADDS.invokeExact(count));
            double seconds = (System.nanoTime() - start) / 1e9;
            if (seconds < TRY_SECONDS) {
                iterations *= 2;
            } else {
                best = Math.max(best, operations / seconds);
                tries++;
            }
        }
        return best;
    }

    private static List<Bandwidth> bandwidths() {
        long floats = SIZES[SIZES.length - 1] / ARRAYS / Float.BYTES;
        List<Bandwidth> bandwidths = new ArrayList<>();
        try (Region dst = Region.ofFloats(floats);
                Region a = Region.ofFloats(floats);
                Region b = Region.ofFloats(floats)) {
            a.segment().fill((byte) 0); // memory that was never written is one page of zeros
            b.segment().fill((byte) 0);
            for (long size : SIZES) {
                long count = size / ARRAYS / Float.BYTES;
                bandwidths.add(new Bandwidth(
                        size,
                        bandwidth(
                                dst.segment().address(),
                                a.segment().address(),
                                b.segment().address(),
                                count)));
            }
        }
        return bandwidths;
    }

    private static double bandwidth(long dst, long a, long b, long count) {
        long repetitions = 1;
        double best = 0;
        for (int tries = 0; tries < TRIES; ) {
            long times = repetitions;
            long start = System.nanoTime();
            Native.call(() -> (int) Native.STREAM_ADD.invokeExact(dst, a, b, count, times));
            double seconds = (System.nanoTime() - start) / 1e9;
            if (seconds < TRY_SECONDS) {
                repetitions *= 2;
            } else {
                best = Math.max(best, (double) ARRAYS * Float.BYTES * count * times / seconds);
                tries++;
            }
        }
        return best;
    }
}
