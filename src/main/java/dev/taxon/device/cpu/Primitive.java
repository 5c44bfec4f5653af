package dev.taxon.device.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Owner of a prepared oneDNN operation.
 *
 * @param packedBytes size of the weights in the layout that it wants; 0 when it takes them as they are
 */
record Primitive(long handle, String implementation, long scratchBytes, long packedBytes) implements AutoCloseable {
    static Primitive conv2dForward(long sizes, int flags, long numbers) {
        return create(p -> (int) Native.CONV2D_FORWARD_CREATE.invokeExact(p, sizes, flags, numbers));
    }

    static Primitive conv2dBackwardData(long sizes, int flags) {
        return create(p -> (int) Native.CONV2D_BACKWARD_DATA_CREATE.invokeExact(p, sizes, flags));
    }

    static Primitive conv2dBackwardWeights(long sizes, int flags) {
        return create(p -> (int) Native.CONV2D_BACKWARD_WEIGHTS_CREATE.invokeExact(p, sizes, flags));
    }

    /** dst (m, n) = a (m, k) · b (k, n). */
    static Primitive matmul(long m, long n, long k, int flags) {
        return matmul(m, n, k, flags, 0);
    }

    /** The same with an activation behind it, and the address of its numbers. */
    static Primitive matmul(long m, long n, long k, int flags, long numbers) {
        return create(p -> (int) Native.MATMUL_CREATE.invokeExact(p, m, n, k, flags, numbers));
    }

    private interface Create {
        int run(long out) throws Throwable;
    }

    private static Primitive create(Create create) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
            Native.call(() -> create.run(out.address()));
            long handle = out.get(ValueLayout.JAVA_LONG, 0);
            String implementation = Native.value(() -> (MemorySegment) Native.OP_IMPLEMENTATION.invokeExact(handle))
                    .getString(0);
            return new Primitive(
                    handle,
                    implementation,
                    size(Native.OP_SCRATCH_BYTES, handle),
                    size(Native.OP_PACKED_BYTES, handle));
        }
    }

    private static long size(MethodHandle query, long handle) {
        return Native.value(() -> (long) query.invokeExact(handle));
    }

    @Override
    public void close() {
        Native.value(() -> {
            Native.OP_DESTROY.invokeExact(handle);
            return true;
        });
    }
}
