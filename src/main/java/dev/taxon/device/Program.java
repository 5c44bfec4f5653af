package dev.taxon.device;

import dev.taxon.UserError;
import dev.taxon.graph.Node;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A compiled graph for one batch size: prepared kernels over planned memory. It borrows its weights. Used by one
 * thread at a time. A step is {@link #writeInput}, {@link #writeTargets}, {@link #forward}, {@link #backward}; nothing
 * of ours is allocated by it.
 */
public interface Program extends AutoCloseable {
    Options options();

    /** What {@link #writeInput} takes. */
    InputSpec input();

    /** Copies a batch in; {@code data} is laid out as {@link #input()} says. */
    void writeInput(MemorySegment data);

    /** Class indices of the batch, N values in [0, classes). Only in TRAIN mode, for a graph with a hard {@code Target}. */
    void writeTargets(int[] labels);

    /** Soft targets (N, classes), row-major. Only in TRAIN mode, for a graph with a soft {@code Target}. */
    void writeTargets(float[] targets);

    /**
     * Runs the nodes in order: up to the loss in TRAIN mode, up to the output in EVAL mode.
     *
     * @param draw keys the random numbers of dropout
     */
    void forward(Draw draw);

    /** The loss of the last forward pass in TRAIN mode. */
    double loss();

    /**
     * Starts to read the loss of the last forward pass in TRAIN mode; later passes may run before it is asked for.
     *
     * @param output the graph's output, too
     */
    Reading read(boolean output);

    /** Copies the graph output of the last forward pass, (N, …) in NCHW order, float32. */
    void readOutput(MemorySegment to);

    /** For a graph without loss: the gradient of the output, (N, …) in NCHW order, float32, before {@link #backward}. */
    void writeOutputGradient(MemorySegment dy);

    /**
     * Gradients of all trainable parameters (and of the input if asked). Those of other parameters keep what their
     * part of the region holds. The input's gradient is never accumulated.
     *
     * @param accumulate add to the gradients (later micro-batches of a step) instead of assigning them (the first)
     * @param listener told as suffixes of the gradient region become final
     */
    void backward(boolean accumulate, GradientListener listener);

    /** Copies the gradient of the input, (N, …) in NCHW order, float32. Needs {@link Options#inputGradient}. */
    void readInputGradient(MemorySegment to);

    /**
     * Copies a captured node's value of the last forward pass, (N, …) in NCHW order, float32. Before another program
     * over the same weights runs: programs share their memory.
     */
    void readValue(Node captured, MemorySegment to);

    /** Copies the gradient of a captured node's value of the last backward pass, as {@link #readValue} does. */
    void readGradient(Node captured, MemorySegment to);

    /** Which kernel runs for each node and pass, in execution order: for profiles, and for tests that guard a fast path. */
    List<Kernel> kernels();

    /**
     * Runs {@code work}, which calls this program's passes, and measures every kernel that they run: slower than
     * without, with the same results. A device that measures on its own clock waits for the kernels before it returns.
     *
     * @return one span a kernel's run, in the order of their starts
     * @throws UserError on a device that cannot measure its kernels
     */
    default List<Span> trace(Runnable work) {
        throw new UserError("this device does not measure its kernels; profile with --device cpu or reference");
    }

    @Override
    void close();

    /** Key of the random numbers that a forward pass draws (Philox): the run's seed and the step's number. */
    record Draw(long seed, long step) {
        public static final Draw NONE = new Draw(0, 0);
    }

    /** One kernel of a program. {@code node} is the graph node's name; fused nodes are joined by {@code +}. */
    record Kernel(String node, Pass pass, String implementation) {}

    /**
     * One run of a kernel.
     *
     * @param start nanoseconds since an instant that all spans of a trace share
     */
    record Span(Kernel kernel, long start, long nanos) {}

    /** Part of a step. */
    enum Pass {
        FORWARD,
        BACKWARD_DATA,
        BACKWARD_WEIGHTS,
        /** Gradients of inputs and parameters by one kernel. */
        BACKWARD,
        REORDER,
        /** The optimizer's. */
        UPDATE
    }

    /**
     * Hears that the gradient region is final from element {@code offset} to its end. Offsets fall strictly from call
     * to call, each the start of a parameter, and the last is 0.
     */
    @FunctionalInterface
    interface GradientListener {
        GradientListener NONE = offset -> {};

        void ready(long offset);
    }
}
