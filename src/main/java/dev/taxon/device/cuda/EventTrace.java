package dev.taxon.device.cuda;

import dev.taxon.device.Program.Kernel;
import dev.taxon.device.Program.Span;
import java.util.ArrayList;
import java.util.List;
import jcuda.driver.CUevent;
import jcuda.driver.JCudaDriver;

/** Times of kernels on the GPU's own clock: an event before and behind each. Used on the compute thread. */
final class EventTrace implements AutoCloseable {
    private final Gpu gpu;
    private final List<Timed> timed = new ArrayList<>();

    EventTrace(Gpu gpu) {
        this.gpu = gpu;
    }

    private record Timed(Kernel kernel, CUevent start, CUevent end) {}

    /** Runs an op between two events. */
    void run(Kernel kernel, Runnable op) {
        Timed each = new Timed(kernel, event(), event());
        timed.add(each);
        gpu.driver(JCudaDriver.cuEventRecord(each.start, gpu.stream()));
        op.run();
        gpu.driver(JCudaDriver.cuEventRecord(each.end, gpu.stream()));
    }

    private CUevent event() {
        CUevent event = new CUevent();
        gpu.driver(JCudaDriver.cuEventCreate(event, 0));
        return event;
    }

    /** Waits for the kernels and gives their times, counted from the first one's start. */
    List<Span> finish() {
        gpu.synchronize();
        List<Span> spans = new ArrayList<>();
        long ready = 0; // events count in half microseconds: a start may seem to lie before the end before it
        for (Timed each : timed) {
            long start = Math.max(ready, nanos(timed.getFirst().start, each.start));
            long end = Math.max(start, nanos(timed.getFirst().start, each.end));
            spans.add(new Span(each.kernel, start, end - start));
            ready = end;
        }
        return spans;
    }

    private long nanos(CUevent from, CUevent to) {
        float[] millis = {0};
        gpu.driver(JCudaDriver.cuEventElapsedTime(millis, from, to));
        return (long) (millis[0] * 1e6);
    }

    @Override
    public void close() {
        for (Timed each : timed) {
            gpu.release(JCudaDriver.cuEventDestroy(each.start));
            gpu.release(JCudaDriver.cuEventDestroy(each.end));
        }
        timed.clear();
    }
}
