package dev.taxon.device;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that makes a device's native calls: libgomp keeps a pool for each thread that enters OpenMP, CUDA a current
 * context. Callers hand it a task and wait; a hand-over allocates nothing, as a step of a small network is a few of them.
 */
public final class ComputeThread implements AutoCloseable {
    /** How often each side looks for news before it sleeps: some microseconds, since calls of one step follow closely. */
    private static final int SPINS = 500;

    private final ReentrantLock turn = new ReentrantLock(true);
    private final Thread thread;
    private volatile @Nullable Object task; // a Callable, or a Runnable
    private volatile @Nullable Thread caller;
    private volatile boolean closed;
    // Written by one side before, and read by the other after, a change of the volatile task.
    private @Nullable Object result;
    private @Nullable Throwable failure;

    public ComputeThread(String name) {
        thread = Thread.ofPlatform().name(name).daemon().start(this::serve);
    }

    /** Runs a task and returns its result; what it throws is thrown here. */
    @SuppressWarnings("unchecked") // the result is of the task that this call handed over
    public <T> T call(Callable<T> work) {
        try {
            return Thread.currentThread() == thread ? work.call() : (T) Objects.requireNonNull(handOver(work));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same for a task without a result. */
    public void run(Runnable work) {
        if (Thread.currentThread() == thread) {
            work.run();
            return;
        }
        try {
            handOver(work);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private @Nullable Object handOver(Object work) throws Exception {
        turn.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the device is closed");
            }
            caller = Thread.currentThread();
            task = work;
            LockSupport.unpark(thread);
            awaitTask();
            Object value = result;
            Throwable thrown = failure;
            result = null;
            failure = null;
            switch (thrown) {
                case null -> {}
                case Error error -> throw error;
                case Exception exception -> throw exception;
                default -> throw new IllegalStateException(thrown);
            }
            return value;
        } finally {
            turn.unlock();
        }
    }

    // A caller that is interrupted still waits: the memory that the task uses is the caller's.
    private void awaitTask() {
        boolean interrupted = false;
        for (int spin = 0; task != null; spin++) {
            if (spin < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve() {
        for (int spin = 0; !closed; ) {
            Object work = task;
            if (work != null) {
                try {
                    if (work instanceof Callable<?> callable) {
                        result = callable.call();
                    } else {
                        ((Runnable) work).run();
                    }
                } catch (Throwable e) { // whatever it is belongs to the caller
                    failure = e;
                }
                Thread waiting = caller;
                task = null;
                LockSupport.unpark(waiting);
                spin = 0;
            } else if (spin++ < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
            }
        }
    }

    /** Waits for the call in flight and refuses later ones. */
    @Override
    public void close() {
        turn.lock();
        try {
            closed = true;
            LockSupport.unpark(thread);
        } finally {
            turn.unlock();
        }
    }
}
