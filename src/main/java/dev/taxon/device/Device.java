package dev.taxon.device;

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

    /** Memory for a graph's parameters, gradients, buffers and optimizer slots, all zero. The caller closes it. */
    Weights allocate(Graph graph);

    /**
     * Prepares every kernel and plans memory for one batch size.
     *
     * @param weights from {@link #allocate} of this device, for this graph or one with the same state entries
     *     (another input size); borrowed, must outlive the program
     */
    Program compile(Graph graph, Weights weights, Options options);

    @Override
    void close();
}
