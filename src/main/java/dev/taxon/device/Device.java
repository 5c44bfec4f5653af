package dev.taxon.device;

import dev.taxon.UserError;
import dev.taxon.graph.Graph;

/**
 * Where graphs run. A device allocates weights and compiles programs over them; it knows neither config nor data.
 * Implementations are thread-safe: each has one compute thread, to which callers submit and wait. Closing waits for
 * calls in flight and refuses later ones.
 */
public interface Device extends AutoCloseable {
    /** The name that {@code --device} takes: {@code cpu}, {@code reference}, {@code cuda:0}. */
    String name();

    /** One line for the start of a run: device, threads, SIMD level, library version. */
    String describe();

    /** How it multiplies. */
    default Precision precision() {
        return Precision.FLOAT32;
    }

    /** Memory for a graph's parameters, gradients, buffers and optimizer slots, all zero. The caller closes it. */
    Weights allocate(Graph graph);

    /**
     * Prepares every kernel and plans memory for one batch size.
     *
     * @param weights from {@link #allocate} of this device, for this graph or one with the same state entries
     *     (another input size); borrowed, must outlive the program
     */
    Program compile(Graph graph, Weights weights, Options options);

    /**
     * Measures what this device can do at most, in about a second of its time; meant for an idle machine.
     *
     * @throws UserError on a device that cannot
     */
    default Roofline roofline() {
        throw new UserError(
                "device " + name() + " does not measure its limits; profile with --device cpu or reference");
    }

    @Override
    void close();
}
