package dev.taxon.device.cpu;

import dev.taxon.device.ComputeThread;
import dev.taxon.device.HostWeights;
import dev.taxon.device.RegionTable.Slice;
import dev.taxon.graph.Buffer;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Parameter;
import dev.taxon.optim.Update;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Weights of the CPU device. Programs over the same weights share one arena of activations: what one of them holds
 * between two calls (input, output) is lost when another one runs or is compiled.
 */
final class CpuWeights extends HostWeights {
    private final ComputeThread compute;
    private final ActivationArena activations = new ActivationArena();
    private final List<Slice> trainable;
    private volatile long version;

    CpuWeights(Graph graph, ComputeThread compute) {
        super(graph);
        this.compute = compute;
        trainable = table().trainable(graph);
    }

    boolean computedBy(ComputeThread thread) {
        return compute == thread;
    }

    ActivationArena activations() {
        return activations;
    }

    /** Changes whenever values or running statistics may have changed, so that programs fold and pack them again. */
    long version() {
        return version;
    }

    // Only one thread changes weights at a time, as with every other part of them.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void touch() {
        version++;
    }

    @Override
    public void changed() {
        touch();
    }

    @Override
    public void write(Slot slot, Parameter parameter, long first, MemorySegment from) {
        super.write(slot, parameter, first, from);
        touch();
    }

    @Override
    public void write(Buffer buffer, MemorySegment from) {
        super.write(buffer, from);
        touch();
    }

    @Override
    public void update(List<Update> updates) {
        compute.run(() -> updates.forEach(update -> OptimizerStep.run(this, update)));
        touch();
    }

    @Override
    public double gradientNorm(double p) {
        double total = compute.call(() -> {
            double sum = 0;
            for (Slice range : trainable) {
                double part = powers(range, p);
                sum = Double.isInfinite(p) ? Math.max(sum, part) : sum + part;
            }
            return sum;
        });
        if (Double.isInfinite(p)) {
            return total;
        }
        return p == 2 ? Math.sqrt(total) : Math.pow(total, 1 / p);
    }

    // Sum of |g|^p, or the largest |g|.
    private double powers(Slice range, double p) {
        long gradients =
                region(Slot.GRADIENT).floats(range.offset(), range.length()).address();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(ValueLayout.JAVA_DOUBLE);
            Native.call(
                    () -> (int) OptimizerFunctions.NORM.invokeExact(result.address(), gradients, range.length(), p));
            return result.get(ValueLayout.JAVA_DOUBLE, 0);
        }
    }

    @Override
    public void scaleGradients(float factor) {
        long gradients = region(Slot.GRADIENT).segment().address();
        long count = table().parameterFloats();
        compute.run(() -> Native.call(() -> (int) OptimizerFunctions.SCALE.invokeExact(gradients, count, factor)));
    }

    @Override
    public void limitGradients(float limit) {
        long gradients = region(Slot.GRADIENT).segment().address();
        long count = table().parameterFloats();
        compute.run(() -> Native.call(() -> (int) OptimizerFunctions.LIMIT.invokeExact(gradients, count, limit)));
    }

    @Override
    public void average(Slot average, double momentum) {
        long averages = region(average).segment().address();
        long values = region(Slot.VALUE).segment().address();
        long count = table().parameterFloats();
        compute.run(() -> Native.call(() -> (int) OptimizerFunctions.AVERAGE.invokeExact(
                averages, values, count, (float) (1 - momentum), (float) momentum)));
    }

    @Override
    public void exchange(Slot other) {
        long others = region(other).segment().address();
        long values = region(Slot.VALUE).segment().address();
        long count = table().parameterFloats();
        compute.run(() -> Native.call(() -> (int) OptimizerFunctions.EXCHANGE.invokeExact(values, others, count)));
        touch();
    }

    @Override
    public void close() {
        activations.close();
        super.close();
    }
}
