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

    Transfers(Gpu gpu, ComputeThread compute) {
        this.gpu = gpu;
        this.compute = compute;
        staging = compute.call(() -> new HostMemory(gpu, PIECE));
    }

    /** Copies to the GPU; {@code from} may change when it returns. */
    synchronized void upload(MemorySegment from, long to) {
        for (long at = 0; at < from.byteSize(); at += PIECE) {
            long bytes = Math.min(PIECE, from.byteSize() - at);
            Address piece = new Address(to + at);
            MemorySegment.copy(from, at, staging.segment(), 0, bytes);
            compute.run(() -> {
                gpu.driver(JCudaDriver.cuMemcpyHtoDAsync(piece, staging.pointer(), bytes, gpu.stream()));
                gpu.synchronize(); // before the staging memory is used again
            });
        }
    }

    /** Copies to the host. */
    synchronized void download(long from, MemorySegment to) {
        for (long at = 0; at < to.byteSize(); at += PIECE) {
            long bytes = Math.min(PIECE, to.byteSize() - at);
            Address piece = new Address(from + at);
            compute.run(() -> {
                gpu.driver(JCudaDriver.cuMemcpyDtoHAsync(staging.pointer(), piece, bytes, gpu.stream()));
                gpu.synchronize();
            });
            MemorySegment.copy(staging.segment(), 0, to, at, bytes);
        }
    }

    @Override
    public void close() {
        compute.run(staging::close);
    }
}
