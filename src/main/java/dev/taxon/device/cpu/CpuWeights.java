package dev.taxon.device.cpu;

import dev.taxon.device.HostWeights;
import dev.taxon.graph.Buffer;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Parameter;
import dev.taxon.optim.Update;
import dev.taxon.optim.UpdateRule;
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
    private volatile long version;

    CpuWeights(Graph graph, ComputeThread compute) {
        super(graph);
        this.compute = compute;
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
    public void write(Slot slot, Parameter parameter, MemorySegment from) {
        super.write(slot, parameter, from);
        touch();
    }

    @Override
    public void write(Buffer buffer, MemorySegment from) {
        super.write(buffer, from);
        touch();
    }

    @Override
    public void update(List<Update> updates) {
        compute.run(() -> updates.forEach(this::apply));
        touch();
    }

    private void apply(Update update) {
        switch (update.rule()) {
            case UpdateRule.Sgd rule -> sgd(update, rule);
        }
    }

    private void sgd(Update update, UpdateRule.Sgd rule) {
        long value = address(Slot.VALUE, update);
        long momentumBuffer = rule.momentum() == 0 ? 0 : address(Slot.OPTIM_0, update);
        long gradient = address(Slot.GRADIENT, update);
        Native.call(() -> (int) Native.SGD.invokeExact(
                value,
                momentumBuffer,
                gradient,
                update.length(),
                rule.lr(),
                rule.momentum(),
                rule.dampening(),
                rule.weightDecay(),
                rule.nesterov() ? 1 : 0,
                rule.first() ? 1 : 0));
    }

    private long address(Slot slot, Update update) {
        return region(slot).floats(update.offset(), update.length()).address();
    }

    // Frozen parameters have no gradient: theirs stays zero, as do the gaps.
    @Override
    public double gradientNorm(double p) {
        MemorySegment gradients = region(Slot.GRADIENT).segment();
        double sum = compute.call(() -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment result = arena.allocate(ValueLayout.JAVA_DOUBLE);
                long count = table().parameterFloats();
                Native.call(() -> (int) Native.NORM.invokeExact(result.address(), gradients.address(), count, p));
                return result.get(ValueLayout.JAVA_DOUBLE, 0);
            }
        });
        if (Double.isInfinite(p)) {
            return sum;
        }
        return p == 2 ? Math.sqrt(sum) : Math.pow(sum, 1 / p);
    }

    @Override
    public void scaleGradients(float factor) {
        long gradients = region(Slot.GRADIENT).segment().address();
        long count = table().parameterFloats();
        compute.run(() -> Native.call(() -> (int) Native.SCALE.invokeExact(gradients, count, factor)));
    }

    @Override
    public void close() {
        activations.close();
        super.close();
    }
}
