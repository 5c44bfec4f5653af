package dev.taxon.dist;

import dev.taxon.device.HostWeights;
import dev.taxon.device.Program;
import dev.taxon.device.Weights.Slot;
import dev.taxon.graph.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Averages gradients over all ranks, bucket by bucket, while the backward pass goes on: it hears of suffixes of the gradient
 * region that are final, and hands each to the communicator as soon as it makes a bucket. As PyTorch's DistributedDataParallel.
 */
public final class GradientExchange implements Program.GradientListener {
    private final Communicator communicator;
    private final HostWeights weights;
    private final ExchangeSpec spec;
    private final long first; // of the region's elements, the first that is trained
    private final List<Communicator.Pending> pending = new ArrayList<>();
    private long end; // the region from here on travels already
    private final AtomicLong waited = new AtomicLong(); // ns, over all steps

    /** Borrows both. */
    public GradientExchange(Communicator communicator, HostWeights weights, ExchangeSpec spec) {
        this.communicator = communicator;
        this.weights = weights;
        this.spec = spec;
        first = weights.graph().executionParameters().stream()
                .filter(Parameter::trainable)
                .mapToLong(p -> weights.table().slice(p).offset())
                .min()
                .orElse(weights.table().parameterFloats());
        end = weights.table().parameterFloats();
    }

    @Override
    public void ready(long offset) {
        communicator.active();
        long from = Math.max(offset, first);
        if (end - from >= spec.bucketFloats() || (offset == 0 && end > from)) {
            pending.add(
                    communicator.average(weights.region(Slot.GRADIENT).floats(from, end - from), spec.compression()));
            end = from;
        }
    }

    /** Behind a backward pass: waits until all gradients are averaged. */
    public void await() {
        long start = System.nanoTime();
        pending.forEach(Communicator.Pending::await);
        pending.clear();
        end = weights.table().parameterFloats();
        waited.addAndGet(System.nanoTime() - start);
    }

    /** Time that {@link #await} has waited so far, in ns: communication that no computation hid. */
    public long waited() {
        return waited.get();
    }
}
