package dev.taxon.device;

import dev.taxon.graph.Node;
import java.util.Set;

/**
 * How a program runs.
 *
 * @param mode TRAIN keeps what backward needs and uses batch statistics; EVAL uses running statistics, computes up to
 *     the graph's output and may fuse
 * @param batch N, the exact number of samples in each call
 * @param deterministic only kernels whose result does not depend on timing
 * @param inputGradient backward also gives the gradient of the input (TRAIN only)
 * @param captured nodes of the graph, needed for its output, whose value (and, in TRAIN, gradient) the caller reads
 *     after a pass: they are computed and kept on their own, where a program without them may fuse them away
 * @param peers among whom a synchronized batch norm takes its statistics (TRAIN only)
 */
public record Options(
        Mode mode, int batch, boolean deterministic, boolean inputGradient, Set<Node> captured, Peers peers) {
    /** What a run says, not the config. */
    public enum Mode {
        TRAIN,
        EVAL
    }

    public Options {
        captured = Set.copyOf(captured);
        if (batch < 1) {
            throw new IllegalArgumentException("batch must be positive, got " + batch);
        }
        if (inputGradient && mode != Mode.TRAIN) {
            throw new IllegalArgumentException("inputGradient needs TRAIN");
        }
    }

    public static Options train(int batch) {
        return new Options(Mode.TRAIN, batch, true, false, Set.of(), Peers.NONE);
    }

    public static Options eval(int batch) {
        return new Options(Mode.EVAL, batch, true, false, Set.of(), Peers.NONE);
    }

    public Options withInputGradient() {
        return new Options(mode, batch, deterministic, true, captured, peers);
    }

    /** The same for a batch of {@code size}. */
    public Options withBatch(int size) {
        return new Options(mode, size, deterministic, inputGradient, captured, peers);
    }

    public Options capturing(Set<Node> nodes) {
        return new Options(mode, batch, deterministic, inputGradient, nodes, peers);
    }

    public Options among(Peers others) {
        return new Options(mode, batch, deterministic, inputGradient, captured, others);
    }
}
