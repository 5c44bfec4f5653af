package dev.taxon.device.cuda;

import dev.taxon.UserError;
import java.util.Locale;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/** Owner of a stretch of the GPU's memory. */
final class DeviceMemory implements Operand, AutoCloseable {
    private final Gpu gpu;
    private final long bytes;
    private final Allocation allocation;
    private final Address address;

    /**
     * @param purpose for the message: "gradients"
     * @throws UserError if the GPU has too little memory left
     */
    DeviceMemory(Gpu gpu, long bytes, String purpose) {
        this(gpu, bytes, allocated(gpu, bytes, purpose));
    }

    private DeviceMemory(Gpu gpu, long bytes, Allocation allocation) {
        this.gpu = gpu;
        this.bytes = bytes;
        this.allocation = allocation;
        address = new Address(allocation.value());
    }

    /** Null if the GPU has too little memory left. */
    static @Nullable DeviceMemory allocate(Gpu gpu, long bytes) {
        Allocation allocation = tryAllocate(gpu, bytes);
        return allocation == null ? null : new DeviceMemory(gpu, bytes, allocation);
    }

    private static Allocation allocated(Gpu gpu, long bytes, String purpose) {
        Allocation allocation = tryAllocate(gpu, bytes);
        if (allocation == null) {
            throw outOfMemory(gpu, bytes, purpose);
        }
        return allocation;
    }

    private static @Nullable Allocation tryAllocate(Gpu gpu, long bytes) {
        Allocation allocation = new Allocation();
        int status = JCudaDriver.cuMemAlloc(allocation, Math.max(bytes, 1));
        if (status == CudaStatus.OUT_OF_MEMORY) {
            return null;
        }
        gpu.driver(status);
        return allocation;
    }

    private static UserError outOfMemory(Gpu gpu, long bytes, String purpose) {
        return UserError.of(
                "%s has too little memory: %s needed for %s, %s of %s free; give a smaller batch"
                        + " (data.samples_per_gpu), or end other programs that use the GPU (nvidia-smi lists them)",
                gpu.name(), size(bytes), purpose, size(gpu.freeBytes()), size(gpu.totalBytes()));
    }

    static String size(long bytes) {
        return bytes < 1 << 20
                ? String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0)
                : bytes < 1 << 30
                        ? String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0)
                        : String.format(Locale.ROOT, "%.1f GiB", bytes / 1073741824.0);
    }

    long bytes() {
        return bytes;
    }

    @Override
    public Address pointer() {
        return address;
    }

    /** Sets every byte to zero, in the order of the compute stream. */
    DeviceMemory zero() {
        gpu.driver(JCudaDriver.cuMemsetD8Async(address, (byte) 0, Math.max(bytes, 1), gpu.stream()));
        return this;
    }

    @Override
    public void close() {
        gpu.release(JCudaDriver.cuMemFree(allocation));
    }

    private static final class Allocation extends CUdeviceptr {
        long value() {
            return getNativePointer();
        }
    }
}
