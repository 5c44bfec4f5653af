package dev.taxon.device.cuda;

import dev.taxon.device.ComputeThread;
import java.lang.foreign.MemorySegment;
import jcuda.driver.JCudaDriver;

/**
 * Copies between a caller's memory and the GPU's, piece by piece through one page-locked buffer, behind what the compute
 * stream does. The caller's memory is touched by its own thread alone, as its arena may ask.
 */
final class Transfers implements AutoCloseable {
    private static final long PIECE = 4 << 20;

    private final Gpu gpu;
    private final ComputeThread compute;
    private final HostMemory staging;
    private final Runnable up = this::up; // made once: a step allocates nothing
    private final Runnable down = this::down;
    private Address piece = Address.NULL; // of the copy under way
    private long bytes;

    Transfers(Gpu gpu, ComputeThread compute) {
        this.gpu = gpu;
        this.compute = compute;
        staging = compute.call(() -> new HostMemory(gpu, PIECE));
    }

    /** Copies to the GPU; {@code from} may change when it returns. */
    synchronized void upload(MemorySegment from, Address to) {
        for (long at = 0; at < from.byteSize(); at += PIECE) {
            next(to, at, from.byteSize());
            MemorySegment.copy(from, at, staging.segment(), 0, bytes);
            compute.run(up);
        }
    }

    /** Copies to the host. */
    synchronized void download(Address from, MemorySegment to) {
        for (long at = 0; at < to.byteSize(); at += PIECE) {
            next(from, at, to.byteSize());
            compute.run(down);
            MemorySegment.copy(staging.segment(), 0, to, at, bytes);
        }
    }

    private void next(Address whole, long at, long size) {
        piece = at == 0 ? whole : new Address(whole.value() + at);
        bytes = Math.min(PIECE, size - at);
    }

    private void up() {
        gpu.driver(JCudaDriver.cuMemcpyHtoDAsync(piece, staging.pointer(), bytes, gpu.stream()));
        gpu.synchronize(); // before the staging memory is used again
    }

    private void down() {
        gpu.driver(JCudaDriver.cuMemcpyDtoHAsync(staging.pointer(), piece, bytes, gpu.stream()));
        gpu.synchronize();
    }

    @Override
    public void close() {
        compute.run(staging::close);
    }
}
