package dev.taxon.data;

import dev.taxon.device.InputSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The batches under way, bounded by the number of slots. All workers prepare samples of one batch until it has none left,
 * then of the next, so that the batch that is wanted first is ready first. Owns slots and threads.
 */
final class BatchQueue implements AutoCloseable {
    private static final int MOST_AT_ONCE = 16; // samples that a worker takes together

    private final List<Slot> slots;
    private final int together; // samples that a worker takes at a time
    private final InputSpec spec;
    private final boolean natively;
    private final List<Thread> threads = new ArrayList<>();
    private final int workers;
    private final @Nullable Worker own; // without workers: the caller's

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition(); // there are samples to prepare, or it is over
    private final Condition ready = lock.newCondition(); // a batch is complete
    private final Condition idle = lock.newCondition(); // no worker is busy
    private final Deque<Epoch> plan = new ArrayDeque<>(); // batches are taken out of the first
    private final Deque<Slot> free = new ArrayDeque<>();
    private final Deque<Slot> begun = new ArrayDeque<>(); // in order of delivery
    private @Nullable Slot open; // has samples that nobody took
    private @Nullable Slot lent; // in the caller's use
    private int number; // of the next batch of the first epoch of the plan
    private int busy; // workers
    private volatile boolean stopped; // what is under way is not wanted
    private boolean closed;

    BatchQueue(List<Slot> slots, int workers, InputSpec spec, boolean natively) {
        this.slots = List.copyOf(slots);
        this.workers = workers;
        this.spec = spec;
        this.natively = natively;
        this.own = workers == 0 ? new Worker(spec, natively) : null;
        this.together = Math.clamp(spec.batch() / Math.max(1, 4 * workers), 1, MOST_AT_ONCE);
        free.addAll(slots);
    }

    /** Begins with batch {@code first} of an epoch. The queue is clear. */
    void begin(Epoch epoch, int first) {
        number = first;
        append(epoch);
    }

    /** Goes on with an epoch behind those that are planned. */
    void append(Epoch epoch) {
        lock.lock();
        try {
            plan.addLast(epoch);
            work.signalAll();
        } finally {
            lock.unlock();
        }
        while (threads.size() < workers) {
            Worker worker = new Worker(spec, natively);
            threads.add(Thread.ofPlatform()
                    .daemon()
                    .name("taxon-data-" + threads.size())
                    .start(() -> work(worker)));
        }
    }

    /** The next batch's slot, complete; the one before it goes back. */
    Slot take() {
        lock.lock();
        try {
            giveBack();
            if (own != null) {
                begin(own);
            }
            while (begun.isEmpty() || !begun.getFirst().isComplete()) {
                ready.awaitUninterruptibly();
            }
            lent = begun.removeFirst();
            return lent;
        } finally {
            lock.unlock();
        }
    }

    private void giveBack() {
        if (lent != null) {
            free.addLast(lent);
            lent = null;
            work.signal();
        }
    }

    /** Without workers: prepares a batch here. */
    private void begin(Worker worker) {
        Slot slot = openSlot();
        if (slot != null) {
            slot.prepare(0, slot.claim(Integer.MAX_VALUE), worker, () -> false);
            slot.finish();
            slot.complete();
        }
    }

    /** Forgets what is planned and under way. */
    void clear() {
        lock.lock();
        try {
            stopped = true;
            plan.clear();
            open = null;
            while (busy > 0) {
                idle.awaitUninterruptibly();
            }
            free.addAll(begun);
            begun.clear();
            giveBack();
            stopped = false;
        } finally {
            lock.unlock();
        }
    }

    private void work(Worker worker) {
        lock.lock();
        try (worker) {
            while (true) {
                Slot slot = openSlot();
                while (slot == null && !closed) {
                    work.awaitUninterruptibly();
                    slot = openSlot();
                }
                if (slot == null || closed) {
                    return;
                }
                int from = slot.claimed();
                prepare(slot, from, slot.claim(together), worker);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Called with the lock, which is open while samples are prepared. */
    private void prepare(Slot slot, int from, int count, Worker worker) {
        busy++;
        lock.unlock();
        slot.prepare(from, from + count, worker, () -> stopped);
        lock.lock();
        if (slot.done(count) && !stopped) {
            lock.unlock();
            slot.finish();
            lock.lock();
            slot.complete();
            ready.signal();
        }
        busy--;
        if (busy == 0) {
            idle.signalAll();
        }
    }

    /** The slot whose samples are to be prepared, begun if need be; null when there is none. */
    private @Nullable Slot openSlot() {
        if (open != null && open.left() > 0) {
            return open;
        }
        open = null;
        while (!plan.isEmpty() && number >= plan.getFirst().batches()) {
            plan.removeFirst();
            number = 0;
        }
        if (closed || stopped || plan.isEmpty() || free.isEmpty()) {
            return null;
        }
        open = free.removeFirst();
        open.begin(plan.getFirst(), number++);
        begun.addLast(open);
        work.signalAll();
        return open;
    }

    /** Stops the workers and waits for them. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            work.signalAll();
        } finally {
            lock.unlock();
        }
        clear();
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
        threads.clear();
        if (own != null) {
            own.close();
        }
        slots.forEach(Slot::close);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
