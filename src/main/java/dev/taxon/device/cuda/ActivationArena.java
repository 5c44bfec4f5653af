package dev.taxon.device.cuda;

import org.jspecify.annotations.Nullable;

/** Memory of planned blocks, as large as the largest program needs. It may move when a program is compiled. */
final class ActivationArena implements AutoCloseable {
    private final Gpu gpu;
    private @Nullable DeviceMemory memory;
    private int generation;

    ActivationArena(Gpu gpu) {
        this.gpu = gpu;
    }

    /** Makes room for {@code bytes}; what the arena held is lost if it grows. */
    void reserve(long bytes, String purpose) {
        if (bytes > bytes()) {
            gpu.synchronize();
            close(); // first, so that both need not fit together
            memory = new DeviceMemory(gpu, bytes, purpose);
        }
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
