package dev.taxon.dist;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A collective that one thread asks for and the communication thread carries out, in stages that MPI works on by itself. */
abstract class Transfer implements Communicator.Pending {
    private static final int SPINS = 2000; // some microseconds, what a small transfer within a machine takes

    private volatile boolean done;
    private volatile @Nullable Throwable failure;
    private volatile @Nullable Thread waiting;

    /** Starts the first stage. */
    abstract void start(MpiLibrary mpi);

    /** Behind a stage: starts the next one, or returns true when there is none. */
    boolean next(MpiLibrary mpi) {
        return true;
    }

    final void complete(@Nullable Throwable thrown) {
        failure = thrown;
        done = true;
        LockSupport.unpark(waiting);
    }

    @Override
    public final void await() {
        waiting = Thread.currentThread();
        boolean interrupted = false;
        for (int spin = 0; !done; spin++) {
            if (spin < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this); // an interrupted caller still waits: the memory is its
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        Throwable thrown = failure;
        if (thrown != null) {
            throw new IllegalStateException("communication has ended", thrown);
        }
    }
}
