package dev.taxon.train;

import dev.taxon.device.Device;
import dev.taxon.device.Options;
import dev.taxon.device.Program;
import dev.taxon.device.Weights;
import dev.taxon.graph.Graph;
import dev.taxon.metric.ScoreFunction;
import java.util.HashMap;
import java.util.Map;

/** A graph with its weights on a device, and its programs, compiled when first asked for: one a mode and batch size. */
public final class Session implements AutoCloseable {
    private final Device device;
    private final Graph graph;
    private final Weights weights;
    private final ScoreFunction scores;
    private final Map<Options, Program> programs = new HashMap<>();

    /** The device is borrowed; {@code scores} is what the model's head makes of its logits. */
    public Session(Device device, Graph graph, ScoreFunction scores) {
        this.device = device;
        this.graph = graph;
        this.scores = scores;
        weights = device.allocate(graph);
    }

    public Device device() {
        return device;
    }

    public Graph graph() {
        return graph;
    }

    /** Outputs of the network for a sample: the classes of a classifier. */
    public int classes() {
        return graph.output().shape().size(0);
    }

    public Weights weights() {
        return weights;
    }

    public ScoreFunction scores() {
        return scores;
    }

    public Program program(Options options) {
        return programs.computeIfAbsent(options, o -> device.compile(graph, weights, o));
    }

    @Override
    public void close() {
        programs.values().forEach(Program::close);
        weights.close();
    }
}
