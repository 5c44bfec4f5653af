package dev.taxon.device.reference;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** Values in NCHW (or OIHW) order: a node's output for the whole batch, or a parameter. */
final class Variable {
    final double[] value;

    /** The loss differentiated by {@link #value}, summed over all uses; null when nobody asks for it. */
    final double @Nullable [] gradient;

    Variable(long size, boolean differentiated) {
        value = new double[Math.toIntExact(size)];
        gradient = differentiated ? new double[value.length] : null;
    }

    /** Copies float32 elements to doubles. {@code from} holds exactly {@code to.length} of them. */
    static void load(MemorySegment from, double[] to) {
        checkSize(from, to.length);
        for (int i = 0; i < to.length; i++) {
            to[i] = from.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
        }
    }

    /** Rounds doubles to float32 elements. */
    static void store(double[] from, MemorySegment to) {
        checkSize(to, from.length);
        for (int i = 0; i < from.length; i++) {
            to.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, (float) from[i]);
        }
    }

    private static void checkSize(MemorySegment segment, int count) {
        if (segment.byteSize() != (long) count * Float.BYTES) {
            throw new IllegalArgumentException(
                    "expected " + count + " floats, got a segment of " + segment.byteSize() + " bytes");
        }
    }
}
