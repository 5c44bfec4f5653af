package dev.taxon.device.cuda;

import dev.taxon.UserError;
import org.jspecify.annotations.Nullable;

/** Memory of planned blocks, as large as the largest program needs. It may move when a program is compiled. */
final class ActivationArena implements AutoCloseable {
    /** Part of the free memory that an allocation may count on: the driver keeps some, in pieces. */
    private static final double USABLE = 0.95;

    private final Gpu gpu;
    private @Nullable DeviceMemory memory;
    private int generation;

    ActivationArena(Gpu gpu) {
        this.gpu = gpu;
    }

    /**
     * Makes room for {@code bytes}; what the arena held is lost if it grows.
     *
     * @param purpose what they are for, should they be too many
     * @param batch the batch that they belong to; others need room in proportion
     * @throws UserError if the GPU has not that many, with a batch that fits; the arena is as large as before
     */
    void reserve(long bytes, String purpose, int batch) {
        if (bytes <= bytes()) {
            return;
        }
        gpu.synchronize();
        long before = bytes();
        close(); // first, so that both need not fit together
        long free = gpu.freeBytes();
        DeviceMemory larger = DeviceMemory.allocate(gpu, bytes);
        if (larger != null) {
            memory = larger;
            return;
        }
        if (before > 0) {
            memory = new DeviceMemory(gpu, before, purpose);
        }
        long fitting = (long) (batch * (free * USABLE / bytes));
        throw UserError.of(
                "%s has too little memory: %s needed for %s, %s of %s free; %s",
                gpu.name(),
                DeviceMemory.size(bytes),
                purpose,
                DeviceMemory.size(free),
                DeviceMemory.size(gpu.totalBytes()),
                fitting >= 1
                        ? "a batch of " + fitting + " would fit (data.samples_per_gpu)"
                        : "not even a batch of 1 would fit: end other programs that use it, or give a smaller model or image");
    }

    long bytes() {
        return memory == null ? 0 : memory.bytes();
    }

    long address() {
        if (memory == null) {
            throw new IllegalStateException("no program is planned yet");
        }
        return memory.address();
    }

    /** Changes when the arena moves. */
    int generation() {
        return generation;
    }

    @Override
    public void close() {
        if (memory != null) {
            memory.close();
            memory = null;
            generation++;
        }
    }
}
