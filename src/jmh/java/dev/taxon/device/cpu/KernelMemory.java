package dev.taxon.device.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/** Buffers of a benchmark; they live as long as it. Each method returns an address. */
final class KernelMemory implements AutoCloseable {
    private static final int ALIGNMENT = 64;

    private final Arena arena = Arena.ofShared();
    private final SplittableRandom random = new SplittableRandom(1);

    /** Values from -0.5 to 0.5. */
    long random(long floats) {
        return fill(floats, -0.5);
    }

    /** Values from 0.5 to 1.5. */
    long positive(long floats) {
        return fill(floats, 0.5);
    }

    private long fill(long floats, double least) {
        MemorySegment values = arena.allocate(floats * Float.BYTES, ALIGNMENT);
        for (long i = 0; i < floats; i++) {
            values.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (least + random.nextDouble()));
        }
        return values.address();
    }

    long zeros(long floats) {
        return bytes(floats * Float.BYTES);
    }

    long doubles(long count) {
        return bytes(count * Double.BYTES);
    }

    long bytes(long count) {
        return arena.allocate(Math.max(count, ALIGNMENT), ALIGNMENT).address();
    }

    /** Class numbers below {@code classes}. */
    long labels(int n, int classes) {
        MemorySegment labels = arena.allocate((long) n * Integer.BYTES, ALIGNMENT);
        for (int i = 0; i < n; i++) {
            labels.setAtIndex(ValueLayout.JAVA_INT, i, random.nextInt(classes));
        }
        return labels.address();
    }

    long longs(long... values) {
        return arena.allocateFrom(ValueLayout.JAVA_LONG, values).address();
    }

    @Override
    public void close() {
        arena.close();
    }
}
