package dev.taxon.data;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** The batches of one epoch in order. Closing early is safe: it waits until no worker writes any more. */
public final class Batches implements Iterator<Batch>, AutoCloseable {
    private final BatchQueue queue;
    private final int end;
    private final List<Skipped> skipped = new ArrayList<>();
    private int next;
    private boolean closed;
    private boolean failed;

    Batches(BatchQueue queue, Epoch epoch, int first) {
        this.queue = queue;
        this.end = epoch.batches();
        this.next = first;
    }

    @Override
    public boolean hasNext() {
        return next < end && !closed;
    }

    /**
     * The next batch; the one before it becomes invalid.
     *
     * @throws dev.taxon.UserError that a transform threw, with the sample's name
     */
    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("batch " + next + " of " + end);
        }
        Slot slot = queue.take();
        next++;
        Throwable error = slot.error();
        if (error == null) {
            skipped.addAll(slot.skipped());
            return slot.batch();
        }
        failed = true;
        closed = true;
        queue.clear();
        if (error instanceof Error e) {
            throw e;
        }
        throw (RuntimeException) error;
    }

    /** What could not be prepared so far, in the order of the epoch; empty where errors are raised. */
    public List<Skipped> skipped() {
        return List.copyOf(skipped);
    }

    /** Whether all batches were taken, so that those which the queue has are of the next epoch. */
    boolean exhausted() {
        return next >= end && !failed;
    }

    /** Stops the workers when batches are left, and waits for them. */
    @Override
    public void close() {
        if (!closed && next < end) {
            queue.clear();
        }
        closed = true;
    }
}
