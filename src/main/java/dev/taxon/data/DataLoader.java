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
 * Threads and buffers live as long as the loader, and the threads go on with the next epoch while the last batches of
 * this one are used. What a batch holds depends on seed, epoch and number alone, never on the number of threads. One
 * epoch is open at a time, and all calls come from one thread.
 */
public final class DataLoader implements AutoCloseable {
    private static final long MOST_BYTES = 512L << 20; // of batches ahead, unless two of them are larger

    private final Dataset dataset;
    private final Sampler sampler;
    private final InputSpec spec;
    private final Loading loading;
    private final int length; // samples of an epoch
    private final BatchQueue queue;
    private final int[][] orders; // of this epoch and of the next, in turns
    private int turn; // which of them is this epoch's
    private @Nullable Batches open;
    private @Nullable Epoch next; // planned behind the open one

    /**
     * A loader for one program's input.
     *
     * @param spec batch size, shape and layout of a batch
     */
    public DataLoader(Dataset dataset, Sampler sampler, InputSpec spec, Loading loading) {
        this(dataset, sampler, spec, loading, BatchAugments.NONE);
    }

    /** A loader whose batches are mixed as {@code augments} says, by numbers of seed, epoch and batch. */
    public DataLoader(Dataset dataset, Sampler sampler, InputSpec spec, Loading loading, BatchAugments augments) {
        UserError.require(spec.batch() > 0, "data.samples_per_gpu must be positive, got %d", spec.batch());
        this.dataset = dataset;
        this.sampler = sampler;
        this.spec = spec;
        this.loading = loading;
        this.length = sampler.length(dataset.size());
        this.orders = new int[][] {new int[length], new int[loading.rolling() ? length : 0]};
        List<Slot> slots = new ArrayList<>();
        try {
            for (int i = 0; i <= ahead(spec, loading); i++) {
                slots.add(new Slot(dataset, sampler, spec, loading, augments));
            }
        } catch (Throwable e) {
            slots.forEach(Slot::close);
            throw e;
        }
        this.queue = new BatchQueue(slots, loading.workers(), spec, loading.natively());
    }

    /** Batches that may be ready or under way while one is used. */
    private static int ahead(InputSpec spec, Loading loading) {
        int most = (int) Math.max(2, MOST_BYTES / Math.max(1, spec.byteSize()));
        return Math.min(most, loading.workers() * loading.prefetchFactor());
    }

    public Dataset dataset() {
        return dataset;
    }

    /** Samples of an epoch, on this rank. */
    public int samples() {
        return length;
    }

    /** Batches of an epoch; a short last one counts. */
    public int batches() {
        return loading.dropLast() ? length / spec.batch() : Math.ceilDiv(length, spec.batch());
    }

    /** Size of batch {@code number}: the batch size, or what is left for a short last one. */
    public int count(int number) {
        return Math.min(spec.batch(), length - number * spec.batch());
    }

    /** All batches of an epoch. */
    public Batches iterator(int epoch) {
        return iterator(epoch, 0);
    }

    /**
     * The batches of an epoch from number {@code firstBatch} on: what a run that stopped there goes on with. An epoch
     * that is still open is closed first. Where this is the epoch that the threads have begun with, its first batches are
     * there.
     */
    public Batches iterator(int epoch, int firstBatch) {
        Batches before = open;
        if (before != null) {
            before.close();
        }
        Epoch planned = before != null && before.exhausted() && firstBatch == 0 ? next : null;
        Epoch now;
        if (planned != null && planned.number() == epoch) {
            now = planned;
            turn = 1 - turn;
        } else {
            queue.clear(); // nobody reads an order that is written
            now = plan(epoch, orders[turn]);
            queue.begin(now, firstBatch);
        }
        if (loading.rolling()) {
            next = plan(epoch + 1, orders[1 - turn]);
            queue.append(next);
        }
        Batches batches = new Batches(queue, now, firstBatch);
        open = batches;
        return batches;
    }

    private Epoch plan(int epoch, int[] order) {
        sampler.fill(order, dataset.size(), epoch);
        return new Epoch(epoch, order, length, batches());
    }

    @Override
    public void close() {
        queue.close();
    }
}
