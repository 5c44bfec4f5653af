package dev.taxon.device.cpu;

import static dev.taxon.UserError.require;

import dev.taxon.UserError;
import dev.taxon.device.ComputeThread;
import dev.taxon.device.Device;
import dev.taxon.device.Options;
import dev.taxon.device.Program;
import dev.taxon.device.Roofline;
import dev.taxon.device.Weights;
import dev.taxon.graph.Graph;

/** The CPU through oneDNN and our own kernels; Linux x86-64 with AVX2. */
public final class CpuDevice implements Device {
    private final ComputeThread compute = new ComputeThread("taxon-cpu");
    private final int threads;
    private final boolean winograd;
    private final String note;

    private CpuDevice(int threads, boolean winograd, String note) {
        this.threads = threads;
        this.winograd = winograd;
        this.note = note;
        try {
            compute.run(() -> Native.call(() -> (int) Native.SET_THREADS.invokeExact(threads)));
        } catch (ExceptionInInitializerError e) { // the library is loaded by the first call
            compute.close();
            if (e.getCause() instanceof UserError cannotLoad) {
                throw cannotLoad;
            }
            throw e;
        }
    }

    /**
     * Loads the native library, extracting it on the first start.
     *
     * @param threads threads of a kernel; 0 for all processors that this process may use (affinity and cgroup count)
     */
    public static CpuDevice open(int threads) {
        return open(threads, true, "");
    }

    /**
     * The same, where convolutions may be said to be sums of products and no more.
     *
     * @param winograd whether 3×3 convolutions of stride 1 may use Winograd's minimal filtering: 2 to 3 times as fast, with
     *     rounding errors of some 1e-5 of a result's root mean square in the place of 1e-6
     * @param note what the description ends with: why it is no other device
     */
    public static CpuDevice open(int threads, boolean winograd, String note) {
        require(threads >= 0, "taxon.threads must be 0 (all) or positive, got %d", threads);
        int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        return new CpuDevice(count, winograd, note);
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public String describe() {
        return "CPU, " + threads + (threads == 1 ? " thread, " : " threads, ") + Native.version() + ", "
                + Native.LIBRARY.path() + (note.isEmpty() ? "" : " (" + note + ")");
    }

    @Override
    public Weights allocate(Graph graph) {
        return new CpuWeights(graph, compute);
    }

    @Override
    public Program compile(Graph graph, Weights weights, Options options) {
        if (!(weights instanceof CpuWeights own) || !own.computedBy(compute)) {
            throw new IllegalArgumentException("these weights were allocated by another device");
        }
        return compute.call(() -> CpuProgram.compile(graph, own, options, winograd, compute));
    }

    @Override
    public Roofline roofline() {
        return compute.call(CpuLimits::measure);
    }

    /** Bytes that native handles of this process hold; constant while programs only run. */
    public static long liveNativeBytes() {
        return Native.value(() -> (long) Native.LIVE_BYTES.invokeExact());
    }

    /** Bytes in use in the C heap of this process. */
    public static long mallocBytes() {
        return Native.value(() -> (long) Native.MALLOC_BYTES.invokeExact());
    }

    @Override
    public void close() {
        compute.close();
    }
}
