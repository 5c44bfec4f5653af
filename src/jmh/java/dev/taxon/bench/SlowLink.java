package dev.taxon.bench;

import dev.taxon.dist.Communicator;
import dev.taxon.dist.Compression;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;

/**
 * A communicator whose averages come as over a slower link: one after the other, each no earlier than α + bytes / bandwidth behind
 * the one before. The processor is free meanwhile, as with a network card. Everything else is as fast as it is.
 */
final class SlowLink implements Communicator {
    private final Communicator fast;
    private final double alpha; // ns
    private final double nanosPerByte;
    private double free; // when the link is, on System.nanoTime's clock

    SlowLink(Communicator fast, double alpha, double megabytesPerSecond) {
        this.fast = fast;
        this.alpha = alpha;
        nanosPerByte = 1e3 / megabytesPerSecond;
    }

    @Override
    public Pending average(MemorySegment floats, Compression compression) {
        int element = compression == Compression.NONE ? Float.BYTES : Short.BYTES;
        double bytes = (double) floats.byteSize()
                / Float.BYTES
                * element
                * 2
                * (size() - 1)
                / size(); // each rank sends and receives
        free = Math.max(free, System.nanoTime()) + alpha + bytes * nanosPerByte;
        double due = free;
        Pending real = fast.average(floats, compression);
        return () -> {
            real.await();
            for (double rest = due - System.nanoTime(); rest > 0; rest = due - System.nanoTime()) {
                LockSupport.parkNanos((long) rest);
            }
        };
    }

    @Override
    public int rank() {
        return fast.rank();
    }

    @Override
    public int size() {
        return fast.size();
    }

    @Override
    public void sum(double[] values) {
        fast.sum(values);
    }

    @Override
    public void broadcast(MemorySegment data, int root) {
        fast.broadcast(data, root);
    }

    @Override
    public byte[] broadcast(byte[] data, int root) {
        return fast.broadcast(data, root);
    }

    @Override
    public byte[][] gather(byte[] own) {
        return fast.gather(own);
    }

    @Override
    public void active() {
        fast.active();
    }

    @Override
    public void patiently(Runnable work) {
        fast.patiently(work);
    }

    @Override
    public void abort(int exitCode) {
        fast.abort(exitCode);
    }

    @Override
    public int threads() {
        return fast.threads();
    }

    @Override
    public String describe() {
        return fast.describe() + ", over a slowed link";
    }

    @Override
    public void close() {}
}
