package dev.taxon.dist;

import java.lang.foreign.MemorySegment;

/** Arithmetic on what travels; see {@code native/comm/sum.cpp}. */
final class Kernels {
    private Kernels() {}

    /** mean (count) = the sum of rows (ranks, count), added in their order, times 1 / ranks. */
    static void meanOfRows(MemorySegment mean, MemorySegment rows, long ranks, long count, Compression format) {
        float scale = 1f / ranks;
        call(() -> {
            if (format == Compression.NONE) {
                CommLibrary.SUM_ROWS.invokeExact(mean.address(), rows.address(), ranks, count, scale);
            } else {
                CommLibrary.SUM_HALF_ROWS.invokeExact(
                        mean.address(), rows.address(), ranks, count, scale, format.format());
            }
            return 0;
        });
    }

    static void toHalf(MemorySegment halves, MemorySegment floats, long count, int format) {
        call(() -> {
            CommLibrary.TO_HALF.invokeExact(halves.address(), floats.address(), count, format);
            return 0;
        });
    }

    static void fromHalf(MemorySegment floats, MemorySegment halves, long count, int format) {
        call(() -> {
            CommLibrary.FROM_HALF.invokeExact(floats.address(), halves.address(), count, format);
            return 0;
        });
    }

    private static void call(CommLibrary.Call call) {
        CommLibrary.value(call);
    }
}
