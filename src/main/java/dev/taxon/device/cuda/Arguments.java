package dev.taxon.device.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a kernel launch, written in the order of the kernel's parameters just before it: one buffer for every
 * launch of a GPU, since the driver copies them. A launch allocates nothing.
 */
final class Arguments {
    private static final int SLOTS = 64;
    private static final int SLOT = Long.BYTES;
    private static final long WIDER =
            0x7FF4_DEADL << 32; // what a kernel reads that takes 32 bits for 64: no size, no number

    private final Gpu gpu;
    private final MemorySegment values;
    private final Address table; // of SLOTS addresses, one for each value
    private int count;

    Arguments(Gpu gpu, Arena arena) {
        this.gpu = gpu;
        values = arena.allocate((long) SLOTS * SLOT, SLOT);
        MemorySegment addresses = arena.allocate((long) SLOTS * Long.BYTES, Long.BYTES);
        for (int i = 0; i < SLOTS; i++) {
            addresses.setAtIndex(ValueLayout.JAVA_LONG, i, values.address() + (long) i * SLOT);
        }
        table = new Address(addresses.address());
    }

    Arguments begin() {
        count = 0;
        return this;
    }

    /** A pointer parameter. */
    Arguments pointer(Operand operand) {
        return int64(operand.address());
    }

    /** A pointer parameter that may be NULL. */
    Arguments optional(@Nullable Operand operand) {
        return int64(operand == null ? 0 : operand.address());
    }

    /** A pointer parameter by number; 0 for none. Also {@code long long}. */
    Arguments int64(long value) {
        values.set(ValueLayout.JAVA_LONG, (long) count++ * SLOT, value);
        return this;
    }

    Arguments int32(int value) {
        return int64(WIDER | Integer.toUnsignedLong(value));
    }

    Arguments float32(float value) {
        return int32(Float.floatToRawIntBits(value));
    }

    Arguments float64(double value) {
        values.set(ValueLayout.JAVA_DOUBLE, (long) count++ * SLOT, value);
        return this;
    }

    /** An {@code int} parameter, 1 or 0. */
    Arguments flag(boolean value) {
        return int32(value ? 1 : 0);
    }

    /** Launches on the compute stream. */
    void launch(Kernel kernel, Grid grid) {
        launch(kernel, grid.blocksX(), grid.blocksY(), grid.threadsX(), grid.threadsY(), grid.sharedBytes());
    }

    /** Launches {@code blocks} blocks of {@code threads} threads. */
    void launch(Kernel kernel, int blocks, int threads) {
        launch(kernel, blocks, 1, threads, 1, 0);
    }

    /** Launches over so many elements, as {@link Grid#flat} does, without making one. */
    void launchFlat(Kernel kernel, long count) {
        launch(kernel, Grid.flatBlocks(count), Grid.THREADS);
    }

    private void launch(Kernel kernel, int blocksX, int blocksY, int threadsX, int threadsY, int sharedBytes) {
        gpu.driver(JCudaDriver.cuLaunchKernel(
                kernel.function(),
                blocksX,
                blocksY,
                1,
                threadsX,
                threadsY,
                1,
                sharedBytes,
                gpu.stream(),
                table,
                Address.NULL));
    }
}
