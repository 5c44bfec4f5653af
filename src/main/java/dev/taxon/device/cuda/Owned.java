package dev.taxon.device.cuda;

import java.util.ArrayDeque;
import java.util.Deque;

/** What something owns, closed last first. An owner that cannot be made whole closes what it has. */
final class Owned implements AutoCloseable {
    private final Deque<Runnable> closers = new ArrayDeque<>();

    /** Takes a GPU's memory. */
    DeviceMemory own(DeviceMemory memory) {
        onClose(memory::close);
        return memory;
    }

    HostMemory own(HostMemory memory) {
        onClose(memory::close);
        return memory;
    }

    void onClose(Runnable close) {
        closers.push(close);
    }

    @Override
    public void close() {
        while (!closers.isEmpty()) {
            closers.pop().run();
        }
    }
}
