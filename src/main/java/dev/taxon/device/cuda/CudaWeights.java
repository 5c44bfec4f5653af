package dev.taxon.device.cuda;

import dev.taxon.device.ComputeThread;
import dev.taxon.device.LossScale;
import dev.taxon.device.LossScaler;
import dev.taxon.device.RegionTable;
import dev.taxon.device.RegionTable.Slice;
import dev.taxon.device.Weights;
import dev.taxon.graph.Buffer;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Parameter;
import dev.taxon.graph.StateEntry;
import dev.taxon.optim.Update;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * Weights in the GPU's memory. Programs over the same weights share one arena of activations: what one of them holds between
 * two calls (input, output) is lost when another one runs or is compiled.
 */
final class CudaWeights implements Weights {
    private final Graph graph;
    private final RegionTable table;
    private final Gpu gpu;
    private final ComputeThread compute;
    private final Transfers transfers;
    private final ActivationArena activations;
    private final Map<Slot, DeviceMemory> regions = new EnumMap<>(Slot.class);
    private final DeviceMemory buffers;
    private @Nullable Reduction reduction;
    private @Nullable CudaLossScaler lossScaler;
    private volatile boolean unscaled; // some program does not scale its loss
    private final Map<String, long[]> counters = new HashMap<>(); // cells, so that counting allocates nothing
    private final OptimizerStep optimizer;
    private List<Update> updates = List.of(); // of the step under way
    private final Runnable runUpdates = this::runUpdates; // made once: a step allocates nothing
    private volatile long version;

    CudaWeights(Graph graph, Gpu gpu, ComputeThread compute, Transfers transfers) {
        this.graph = graph;
        this.gpu = gpu;
        this.compute = compute;
        this.transfers = transfers;
        table = new RegionTable(graph);
        optimizer = new OptimizerStep(this);
        activations = new ActivationArena(gpu);
        buffers = new DeviceMemory(gpu, table.bufferFloats() * Float.BYTES, "running statistics");
        try {
            buffers.zero();
            region(Slot.VALUE);
        } catch (RuntimeException e) {
            release();
            throw e;
        }
    }

    Transfers transfers() {
        return transfers;
    }

    Gpu gpu() {
        return gpu;
    }

    ActivationArena activations() {
        return activations;
    }

    /** Changes whenever values or running statistics may have changed, so that programs fold them again. */
    long version() {
        return version;
    }

    // Only one thread changes weights at a time, as with every other part of them.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void touch() {
        version++;
    }

    /** A region of parameter layout, all zero when first asked for. */
    DeviceMemory region(Slot slot) {
        DeviceMemory known = regions.get(slot);
        if (known == null) {
            known = new DeviceMemory(gpu, table.parameterFloats() * Float.BYTES, purpose(slot));
            regions.put(slot, known); // before anything else can fail
            known.zero();
        }
        return known;
    }

    /** The same from the caller's thread. */
    private DeviceMemory loaded(Slot slot) {
        return compute.call(() -> region(slot));
    }

    private static String purpose(Slot slot) {
        return switch (slot) {
            case VALUE -> "the model's parameters";
            case GRADIENT -> "gradients";
            case OPTIM_0, OPTIM_1, OPTIM_2 -> "the optimizer's state";
            case AVERAGE -> "running averages of the parameters";
        };
    }

    /** A parameter's part of a region. */
    Operand operand(Slot slot, Parameter parameter) {
        Address address = new Address(address(region(slot), parameter));
        return () -> address; // regions never move
    }

    /** A buffer's part of their region. */
    Operand operand(Buffer buffer) {
        Address address = new Address(address(buffers, buffer));
        return () -> address;
    }

    private long address(DeviceMemory region, StateEntry entry) {
        return region.address() + table.slice(entry).offset() * Float.BYTES;
    }

    @Override
    public Graph graph() {
        return graph;
    }

    @Override
    public RegionTable table() {
        return table;
    }

    @Override
    public void read(Slot slot, Parameter parameter, MemorySegment to) {
        checkSize(to.byteSize(), parameter);
        transfers.download(new Address(address(loaded(slot), parameter)), to);
    }

    @Override
    public void write(Slot slot, Parameter parameter, long first, MemorySegment from) {
        Slice slice = table.slice(parameter);
        if ((first + from.byteSize() / Float.BYTES) > slice.length()) {
            throw new IllegalArgumentException(parameter.name() + " has " + slice.length() + " elements");
        }
        transfers.upload(from, new Address(address(loaded(slot), parameter) + first * Float.BYTES));
        touch();
    }

    @Override
    public void read(Buffer buffer, MemorySegment to) {
        checkSize(to.byteSize(), buffer);
        transfers.download(new Address(address(buffers, buffer)), to);
    }

    @Override
    public void write(Buffer buffer, MemorySegment from) {
        checkSize(from.byteSize(), buffer);
        transfers.upload(from, new Address(address(buffers, buffer)));
        touch();
    }

    private void checkSize(long bytes, StateEntry entry) {
        long expected = table.slice(entry).length() * Float.BYTES;
        if (bytes != expected) {
            throw new IllegalArgumentException(entry.name() + " has " + expected + " bytes, got " + bytes);
        }
    }

    @Override
    public long counter(Buffer buffer) {
        return cell(buffer)[0];
    }

    @Override
    public void setCounter(Buffer buffer, long value) {
        cell(buffer)[0] = value;
    }

    /** Counts a counter up. */
    void count(Buffer buffer) {
        cell(buffer)[0]++;
    }

    private long[] cell(Buffer buffer) {
        return counters.computeIfAbsent(buffer.name(), _ -> new long[1]);
    }

    @Override
    public void update(List<Update> updates) {
        this.updates = updates;
        compute.run(runUpdates);
        touch();
    }

    private void runUpdates() {
        optimizer.run(updates);
    }

    @Override
    public LossScaler scaleLosses(LossScale from) {
        if (lossScaler != null || unscaled) {
            throw new IllegalStateException("losses are scaled from the first program over these weights on, and once");
        }
        CudaLossScaler made = compute.call(() -> new CudaLossScaler(this, compute, from));
        lossScaler = made;
        made.set(from);
        return made;
    }

    /** What a program that is compiled now scales the gradient of its loss by; null: it does not. */
    @Nullable
    CudaLossScaler lossScaler() {
        unscaled = lossScaler == null;
        return lossScaler;
    }

    /** Where the optimizer's kernels read whether to skip the step; 0 where losses are not scaled. */
    long overflow() {
        return lossScaler == null ? 0 : lossScaler.overflow();
    }

    /** For norms; called on the compute thread. */
    Reduction reduction() {
        if (reduction == null) {
            reduction = new Reduction(gpu, table.trainable(graph));
        }
        return reduction;
    }

    @Override
    public double gradientNorm(double p) {
        long sum = compute.call(() -> {
            reduction().powers(region(Slot.GRADIENT).address(), p);
            return reduction().sums();
        });
        double[] total = {0};
        transfers.download(new Address(sum), MemorySegment.ofArray(total));
        if (Double.isInfinite(p)) {
            return total[0];
        }
        return p == 2 ? Math.sqrt(total[0]) : Math.pow(total[0], 1 / p);
    }

    @Override
    public void scaleGradients(float factor) {
        Kernel kernel = kernel("scale");
        compute.run(() -> flat(region(Slot.GRADIENT)).float32(factor).launch(kernel, grid()));
    }

    @Override
    public void limitGradients(float limit) {
        Kernel kernel = kernel("limit");
        compute.run(() -> flat(region(Slot.GRADIENT)).float32(limit).launch(kernel, grid()));
    }

    private Kernel kernel(String name) {
        return compute.call(() -> gpu.kernel("region", name));
    }

    private Grid grid() {
        return Grid.flat(table.parameterFloats());
    }

    private Arguments flat(DeviceMemory region) {
        return gpu.arguments().pointer(region).int64(table.parameterFloats());
    }

    @Override
    public void average(Slot average, double momentum) {
        Kernel kernel = kernel("average");
        compute.run(() -> gpu.arguments()
                .pointer(region(average))
                .pointer(region(Slot.VALUE))
                .int64(table.parameterFloats())
                .float32((float) (1 - momentum))
                .float32((float) momentum)
                .launch(kernel, grid()));
    }

    @Override
    public void exchange(Slot other) {
        Kernel kernel = kernel("exchange");
        compute.run(() -> gpu.arguments()
                .pointer(region(Slot.VALUE))
                .pointer(region(other))
                .int64(table.parameterFloats())
                .launch(kernel, grid()));
        touch();
    }

    @Override
    public void close() {
        compute.run(this::release);
    }

    private void release() {
        gpu.release(JCudaDriver.cuStreamSynchronize(gpu.stream()));
        activations.close();
        regions.values().forEach(DeviceMemory::close);
        buffers.close();
        if (reduction != null) {
            reduction.close();
        }
        if (lossScaler != null) {
            lossScaler.close();
        }
    }
}
