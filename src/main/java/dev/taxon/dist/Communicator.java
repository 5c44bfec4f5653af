package dev.taxon.dist;

import dev.taxon.device.Peers;
import java.lang.foreign.MemorySegment;

/**
 * The processes of a job, of which this is one. Calls are collective: all ranks make the same calls in the same order, each
 * from one thread at a time. What comes back has the same bits on all ranks.
 */
public interface Communicator extends Peers, AutoCloseable {
    /** One process on its own. */
    static Communicator alone() {
        return new Alone();
    }

    /** This process's number, from 0. */
    int rank();

    /** Sends what the root has to all others; {@code data} is as long everywhere. */
    void broadcast(MemorySegment data, int root);

    /** Sends bytes, of a number that only the root knows, to all others, and returns them. */
    byte[] broadcast(byte[] data, int root);

    /** The bytes of every rank, by rank. */
    byte[][] gather(byte[] own);

    /**
     * Starts to replace float32 values by their means over all ranks. They are in use until the result says that they are
     * done. Several may be under way; they are served in their order.
     */
    Pending average(MemorySegment floats, Compression compression);

    /** Says that this process is at work: a rank that says nothing for long, uses no processor time and lets others wait ends the job. */
    void active();

    /** Runs what may take long on this rank while others wait, as writing a checkpoint. */
    void patiently(Runnable work);

    /** Whether the starter of the job has begun to end it, as mpirun does at Ctrl-C: soon it kills what is left of it. */
    default boolean ending() {
        return false;
    }

    /** Ends all processes of the job, this one too. */
    void abort(int exitCode);

    /** Waits for all ranks. */
    default void barrier() {
        sum(new double[1]);
    }

    /**
     * Compute threads that this process may use, so that all ranks on the machine together use each of its cores once.
     *
     * @return 0: as many as it sees
     */
    int threads();

    /** One line for the log. */
    String describe();

    /** Whether this is the process that writes logs and checkpoints. */
    default boolean isFirst() {
        return rank() == 0;
    }

    /** Waits for the others to close. */
    @Override
    void close();

    /** A reduction under way. */
    interface Pending {
        Pending DONE = () -> {};

        /** Waits until it is done. */
        void await();
    }
}
