package dev.taxon.device.cpu;

import dev.taxon.tensor.Region;

/** Memory of planned blocks, as large as the largest program needs. It may move when a program is compiled. */
final class ActivationArena implements AutoCloseable {
    private Region region = Region.ofBytes(0);

    /** Makes room for {@code bytes}; what the arena held is lost if it grows. */
    void reserve(long bytes) {
        if (bytes > region.segment().byteSize()) {
            Region larger = Region.ofBytes(bytes); // may throw: the old one must still be there to be closed
            region.close();
            region = larger;
        }
    }

    Region region() {
        return region;
    }

    long address() {
        return region.segment().address();
    }

    @Override
    public void close() {
        region.close();
    }
}
