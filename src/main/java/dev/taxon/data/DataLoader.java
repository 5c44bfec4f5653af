package dev.taxon.data;

import dev.taxon.UserError;
import dev.taxon.data.dataset.Dataset;
import dev.taxon.data.mix.BatchAugments;
import dev.taxon.device.InputSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Prepares batches ahead of the step that uses them, on threads of its own, into off-heap buffers that are used again.
 * What a batch holds depends on seed, epoch and number alone, never on the number of threads. Owns the buffers; one
 * epoch is open at a time, and all calls come from one thread.
 */
public final class DataLoader implements AutoCloseable {
    private final Dataset dataset;
    private final Sampler sampler;
    private final InputSpec spec;
    private final int workers;
    private final List<Slot> slots = new ArrayList<>();
    private @Nullable Batches open;

    /**
     * A loader for one program's input.
     *
     * @param spec batch size, shape and layout of a batch
     * @param workers threads that prepare batches; 0: the caller prepares each batch when it asks for it
     */
    public DataLoader(Dataset dataset, Sampler sampler, InputSpec spec, int workers) {
        this(dataset, sampler, spec, workers, BatchAugments.NONE);
    }

    /** A loader whose batches are mixed as {@code augments} says, by numbers of seed, epoch and batch. */
    public DataLoader(Dataset dataset, Sampler sampler, InputSpec spec, int workers, BatchAugments augments) {
        UserError.require(workers >= 0, "data.workers_per_gpu must not be negative, got %d", workers);
        UserError.require(spec.batch() > 0, "data.samples_per_gpu must be positive, got %d", spec.batch());
        this.dataset = dataset;
        this.sampler = sampler;
        this.spec = spec;
        this.workers = workers;
        int ahead = workers == 0 ? 0 : 2 * workers;
        try {
            for (int i = 0; i <= ahead; i++) {
                slots.add(new Slot(spec, augments, dataset));
            }
        } catch (Throwable e) {
            slots.forEach(Slot::close);
            throw e;
        }
    }

    public Dataset dataset() {
        return dataset;
    }

    /** Batches of an epoch; a short last one counts. */
    public int batches() {
        return sampler.batches(dataset.size(), spec.batch());
    }

    /** Size of batch {@code number}: the batch size, or what is left for a short last one. */
    public int count(int number) {
        return Math.min(spec.batch(), dataset.size() - number * spec.batch());
    }

    /** All batches of an epoch. */
    public Batches iterator(int epoch) {
        return iterator(epoch, 0);
    }

    /**
     * The batches of an epoch from number {@code firstBatch} on: what a run that stopped there goes on with. An epoch
     * that is still open is closed first.
     */
    public Batches iterator(int epoch, int firstBatch) {
        if (open != null) {
            open.close();
        }
        int[] order = sampler.order(dataset.size(), epoch);
        Batches.Filler filler = (slot, number, stop) -> slot.fill(dataset, order, sampler.seed(), epoch, number, stop);
        Batches batches = new Batches(slots, workers, firstBatch, batches(), filler);
        open = batches;
        return batches;
    }

    @Override
    public void close() {
        if (open != null) {
            open.close();
        }
        slots.forEach(Slot::close);
        slots.clear();
    }
}
