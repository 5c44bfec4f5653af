package dev.taxon.device.cuda;

import dev.taxon.device.ComputeThread;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jcuda.driver.CUevent;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * What the host gives a program for each step, held twice: while the GPU computes with one, the next is copied into the other
 * on a stream of its own. It has memory of its own rather than a place in the arena.
 */
final class InputBlock extends Block implements AutoCloseable {
    static final int NO_TIMING = 2;

    private final Gpu gpu;
    private final ComputeThread compute;
    private final Owned owned = new Owned();
    private final Slot[] slots;
    private final Runnable waitForNext = this::waitForNext; // made once: a step allocates nothing
    private final Runnable sendNext = this::sendNext;
    private int current;

    InputBlock(Gpu gpu, ComputeThread compute, long bytes, String purpose) {
        super(bytes);
        this.gpu = gpu;
        this.compute = compute;
        try {
            slots = new Slot[] {slot(purpose), slot(purpose)};
        } catch (RuntimeException e) {
            owned.close();
            throw e;
        }
    }

    /**
     * @param copied recorded behind the copy: the host memory may be written again, the GPU's be read
     * @param used recorded behind the last kernel that reads the GPU's: it may be written again
     */
    private record Slot(HostMemory host, DeviceMemory memory, CUevent copied, CUevent used) {}

    private Slot slot(String purpose) {
        return new Slot(
                owned.own(new HostMemory(gpu, bytes())),
                owned.own(new DeviceMemory(gpu, bytes(), purpose)),
                event(),
                event());
    }

    private CUevent event() {
        CUevent event = new CUevent();
        gpu.driver(JCudaDriver.cuEventCreate(event, NO_TIMING));
        owned.onClose(() -> gpu.release(JCudaDriver.cuEventDestroy(event)));
        return event;
    }

    @Override
    public Address pointer() {
        return slots[current].memory.pointer();
    }

    /** Which of the two the present values are in, 0 or 1. */
    int current() {
        return current;
    }

    /** Takes the next step's values; returns when the caller may change their source. */
    void write(MemorySegment values) {
        compute.run(waitForNext);
        MemorySegment.copy(
                values, 0, next().host.segment(), 0, bytes()); // on the caller's thread, whose memory it may be
        compute.run(sendNext);
    }

    void write(int[] values) {
        compute.run(waitForNext);
        MemorySegment.copy(values, 0, next().host.segment(), ValueLayout.JAVA_INT, 0, values.length);
        compute.run(sendNext);
    }

    void write(float[] values) {
        compute.run(waitForNext);
        MemorySegment.copy(values, 0, next().host.segment(), ValueLayout.JAVA_FLOAT, 0, values.length);
        compute.run(sendNext);
    }

    private Slot next() {
        return slots[1 - current];
    }

    // For the copy of two steps ago, whose memory is to be written.
    private void waitForNext() {
        gpu.driver(JCudaDriver.cuEventSynchronize(next().copied));
    }

    private void sendNext() {
        Slot slot = next();
        CUstream copies = gpu.copies();
        gpu.driver(JCudaDriver.cuStreamWaitEvent(copies, slot.used, 0));
        gpu.driver(JCudaDriver.cuMemcpyHtoDAsync(slot.memory.pointer(), slot.host.pointer(), bytes(), copies));
        gpu.driver(JCudaDriver.cuEventRecord(slot.copied, copies));
        gpu.driver(JCudaDriver.cuStreamWaitEvent(gpu.stream(), slot.copied, 0));
        current = 1 - current;
    }

    /** Says that everything that reads the present values has been started. */
    void markUsed() {
        gpu.driver(JCudaDriver.cuEventRecord(slots[current].used, gpu.stream()));
    }

    @Override
    public void close() {
        gpu.release(JCudaDriver.cuStreamSynchronize(gpu.copies()));
        owned.close();
    }
}
