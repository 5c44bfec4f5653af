package dev.taxon.device.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of libtaxon's kernels on buffers of its own.
 *
 * @param own the call
 * @param peer oneDNN's kernel for the same work, into the same buffers, or null where it has none
 * @param results what both write
 */
record KernelCase(Native.Call<Integer> own, @Nullable OneDnn peer, List<Result> results) implements AutoCloseable {
    /** Floats at an address. */
    record Result(long address, long floats) {
        private MemorySegment segment() {
            return MemorySegment.ofAddress(address).reinterpret(floats * Float.BYTES);
        }
    }

    /** Work for which oneDNN has no kernel. */
    static KernelCase of(Native.Call<Integer> own) {
        return new KernelCase(own, null, List.of());
    }

    void runOwn() {
        Native.call(own);
    }

    void runPeer() {
        if (peer == null) {
            throw new IllegalStateException("oneDNN has no kernel for this work");
        }
        peer.run();
    }

    /**
     * Runs both: the norm of the difference between their results, over the norm of ours. (Single values may differ: a ReLU's
     * gradient where its input is 0 but for rounding.)
     */
    double difference() {
        runOwn();
        List<float[]> ours = results.stream()
                .map(r -> r.segment().toArray(ValueLayout.JAVA_FLOAT))
                .toList();
        results.forEach(r -> r.segment().fill((byte) -1)); // NaN, so that what is not written shows
        runPeer();
        double worst = 0;
        for (int i = 0; i < ours.size(); i++) {
            float[] theirs = results.get(i).segment().toArray(ValueLayout.JAVA_FLOAT);
            worst = Math.max(worst, difference(ours.get(i), theirs)); // NaN stays
        }
        return worst;
    }

    private static double difference(float[] ours, float[] theirs) {
        double squares = 0;
        double differences = 0;
        for (int i = 0; i < ours.length; i++) {
            double difference = (double) ours[i] - theirs[i];
            squares += (double) ours[i] * ours[i];
            differences += difference * difference;
        }
        return Math.sqrt(differences / squares);
    }

    static List<Result> results(long... addressesAndFloats) {
        Result[] results = new Result[addressesAndFloats.length / 2];
        Arrays.setAll(results, i -> new Result(addressesAndFloats[2 * i], addressesAndFloats[2 * i + 1]));
        return List.of(results);
    }

    @Override
    public void close() {
        if (peer != null) {
            peer.close();
        }
    }
}
