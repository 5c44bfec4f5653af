package dev.taxon.data;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one epoch in order. Workers take a free slot and the next number together, so the batch that is wanted
 * next always has a slot. Closing early is safe: it waits until no worker writes any more.
 */
public final class Batches implements Iterator<Batch>, AutoCloseable {
    private final Filler filler;
    private final int end;
    private final List<Thread> threads = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition slotFree = lock.newCondition();
    private final Condition batchReady = lock.newCondition();
    private final Deque<Slot> free;
    private final @Nullable Done[] done; // a ring: batch n at n % length
    private int claimed; // the next number that a worker takes
    private int next; // the next number that the caller gets
    private @Nullable Slot lent;
    private volatile boolean closed;

    Batches(List<Slot> slots, int workers, int first, int end, Filler filler) {
        this.filler = filler;
        this.end = end;
        this.free = new ArrayDeque<>(slots);
        this.done = new @Nullable Done[slots.size()];
        this.claimed = first;
        this.next = first;
        for (int i = 0; i < Math.min(workers, end - first); i++) {
            threads.add(Thread.ofPlatform().daemon().name("taxon-data-" + i).start(this::work));
        }
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
        Done result = threads.isEmpty() ? prepare(recycle(free.pollFirst()), next) : take();
        next++;
        lent = result.slot;
        if (result.batch != null) {
            return result.batch;
        }
        close();
        if (result.error instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) result.error;
    }

    /** Stops the workers and waits for them. */
    @Override
    public void close() {
        closed = true;
        lock.lock();
        try {
            slotFree.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Without workers the only slot is used each time. */
    private Slot recycle(@Nullable Slot fresh) {
        Slot slot = fresh == null ? lent : fresh;
        if (slot == null) {
            throw new IllegalStateException("no slot");
        }
        return slot;
    }

    private Done take() {
        lock.lock();
        try {
            if (lent != null) {
                free.addLast(lent);
                lent = null;
                slotFree.signal();
            }
            int place = next % done.length;
            Done result = done[place];
            while (result == null) {
                batchReady.awaitUninterruptibly();
                result = done[place];
            }
            done[place] = null;
            return result;
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        while (true) {
            Slot slot;
            int number;
            lock.lock();
            try {
                while (free.isEmpty() && claimed < end && !closed) {
                    slotFree.awaitUninterruptibly();
                }
                if (claimed >= end || closed) {
                    slotFree.signalAll(); // the others have nothing to wait for either
                    return;
                }
                slot = free.removeFirst();
                number = claimed++;
            } finally {
                lock.unlock();
            }
            Done result = prepare(slot, number);
            lock.lock();
            try {
                done[number % done.length] = result;
                batchReady.signal();
            } finally {
                lock.unlock();
            }
        }
    }

    private Done prepare(Slot slot, int number) {
        try {
            return new Done(slot, filler.fill(slot, number, () -> closed), null);
        } catch (RuntimeException | Error e) {
            return new Done(slot, null, e);
        }
    }

    /** A prepared batch, or why there is none. */
    private record Done(
            Slot slot, @Nullable Batch batch, @Nullable Throwable error) {}

    /** Prepares a batch in a slot. */
    @FunctionalInterface
    interface Filler {
        Batch fill(Slot slot, int number, BooleanSupplier stop);
    }
}
