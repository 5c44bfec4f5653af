package dev.taxon.device;

import java.lang.foreign.MemorySegment;

/**
 * What a forward pass gave, on its way to the host while the device goes on: only asking for it waits. Valid until the second
 * {@link Program#read} behind the one that started it.
 */
public interface Reading {
    /** The loss. */
    double loss();

    /** Copies the graph's output, (N, …) in NCHW order, float32; of a reading that was started with it. */
    void output(MemorySegment to);

    /**
     * The present values of a program whose device has them ready.
     *
     * @param outputBytes size of its output; 0: the loss alone
     */
    static Reading now(Program program, long outputBytes) {
        double loss = program.loss();
        MemorySegment output = MemorySegment.ofArray(new float[Math.toIntExact(outputBytes / Float.BYTES)]);
        if (outputBytes > 0) {
            program.readOutput(output);
        }
        return new Reading() {
            @Override
            public double loss() {
                return loss;
            }

            @Override
            public void output(MemorySegment to) {
                to.copyFrom(output);
            }
        };
    }
}
