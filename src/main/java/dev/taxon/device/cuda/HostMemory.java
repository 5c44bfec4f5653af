package dev.taxon.device.cuda;

import java.lang.foreign.MemorySegment;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;

/** Page-locked memory of the host: the GPU copies from and to it while the host goes on. */
final class HostMemory implements AutoCloseable {
    private final Gpu gpu;
    private final Allocation allocation = new Allocation();
    private final Address address;
    private final MemorySegment segment;

    HostMemory(Gpu gpu, long bytes) {
        this.gpu = gpu;
        gpu.driver(JCudaDriver.cuMemHostAlloc(allocation, bytes, 0));
        address = new Address(allocation.value());
        segment = MemorySegment.ofAddress(allocation.value()).reinterpret(bytes);
    }

    Address pointer() {
        return address;
    }

    MemorySegment segment() {
        return segment;
    }

    @Override
    public void close() {
        gpu.release(JCudaDriver.cuMemFreeHost(allocation));
    }

    private static final class Allocation extends Pointer {
        long value() {
            return getNativePointer();
        }
    }
}
