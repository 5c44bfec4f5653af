package dev.taxon.dist;

import dev.taxon.UserError;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that calls MPI. It carries out transfers, each lane's in their order and the lanes side by side, and exchanges
 * beats with the neighbours. While it waits it sleeps between two looks, since the cores belong to the compute threads.
 */
final class CommThread {
    private static final int SPINS = 300; // looks without sleep behind a change
    private static final long NAP = 20_000; // ns between two looks
    private static final long IDLE = 100_000_000; // ns, with nothing under way; a new transfer wakes the thread

    private final Thread thread;
    private final CompletableFuture<MpiLibrary> started = new CompletableFuture<>();
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private final Lane[] lanes = {new Lane(CommLibrary.SMALL), new Lane(CommLibrary.GRADIENTS)};
    private volatile @Nullable Watch watch;
    private final Notice notice = new Notice();
    private volatile boolean closing;
    private volatile int abortCode = -1;

    private static final class Lane {
        final int number;
        final Queue<Transfer> waiting = new ConcurrentLinkedQueue<>();

        @Nullable
        Transfer present;

        Lane(int number) {
            this.number = number;
        }

        boolean idle() {
            return present == null && waiting.isEmpty();
        }
    }

    /** Starts MPI on a new thread, and waits until all processes have. */
    CommThread(List<String> libraries) {
        thread = Thread.ofPlatform().name("taxon-mpi").daemon().start(() -> serve(libraries));
        try {
            started.join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof ExceptionInInitializerError) {
                cause = cause.getCause();
            }
            throw cause instanceof UserError missing ? missing : e;
        }
    }

    /** Rank and size, once: they do not change. */
    MpiLibrary mpi() {
        return started.join();
    }

    /** From now on the neighbours are watched. */
    void watch(Watch by) {
        watch = by;
    }

    /** Whether the starter has begun to end the job. */
    boolean ending() {
        return notice.ending();
    }

    <T extends Transfer> T submit(int lane, T transfer) {
        if (ended.isDone()) {
            throw new IllegalStateException("the communicator is closed");
        }
        Watch by = watch;
        if (by != null) {
            by.submitted();
        }
        lanes[lane].waiting.add(transfer);
        LockSupport.unpark(thread);
        return transfer;
    }

    private void serve(List<String> libraries) {
        MpiLibrary mpi;
        try {
            mpi = MpiLibrary.open(libraries);
            mpi.start();
        } catch (Throwable e) {
            started.completeExceptionally(e);
            return;
        }
        started.complete(mpi);
        try {
            loop(mpi);
            mpi.finish();
            ended.complete(true);
        } catch (Throwable e) {
            ended.completeExceptionally(e);
            fail(e);
        }
    }

    private void loop(MpiLibrary mpi) {
        int looks = 0;
        while (true) {
            boolean moved = false;
            boolean idle = true;
            for (Lane lane : lanes) {
                moved |= advance(lane, mpi);
                idle &= lane.idle();
            }
            if (abortCode >= 0) {
                mpi.abort(abortCode);
            }
            notice.look(mpi);
            Watch by = watch;
            if (by != null) {
                by.look(mpi, !idle, closing && idle);
            }
            if (closing && idle && (by == null || by.closed())) {
                return;
            }
            looks = moved ? 0 : looks + 1;
            if (idle) {
                LockSupport.parkNanos(this, closing ? NAP : IDLE);
                looks = 0;
            } else if (looks < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(this, NAP);
            }
        }
    }

    /** Starts, or goes on with, the first transfer of a lane. Returns whether something happened. */
    private static boolean advance(Lane lane, MpiLibrary mpi) {
        Transfer present = lane.present;
        if (present == null) {
            present = lane.waiting.poll();
            if (present == null) {
                return false;
            }
            lane.present = present;
            present.start(mpi);
        }
        if (!mpi.test(lane.number)) {
            return false;
        }
        if (present.next(mpi)) {
            lane.present = null;
            present.complete(null);
        }
        return true;
    }

    /** Nobody waits for ever for what cannot come. */
    private void fail(Throwable thrown) {
        for (Lane lane : lanes) {
            Queue<Transfer> lost = new ArrayDeque<>(lane.waiting);
            if (lane.present != null) {
                lost.add(lane.present);
            }
            lost.forEach(transfer -> transfer.complete(thrown));
        }
    }

    /** Ends the job; does not return. */
    void abort(int code) {
        abortCode = code;
        LockSupport.unpark(thread);
        while (thread.isAlive()) {
            LockSupport.parkNanos(NAP);
        }
        throw new IllegalStateException("MPI_Abort has returned");
    }

    /** Waits until the transfers are done and the neighbours close, too. */
    void close() {
        closing = true;
        LockSupport.unpark(thread);
        ended.join();
    }
}
