package dev.taxon.train;

import dev.taxon.UserError;
import dev.taxon.data.Sampler.Rank;
import dev.taxon.device.Device;
import dev.taxon.device.HostWeights;
import dev.taxon.device.Options;
import dev.taxon.device.Program;
import dev.taxon.device.Weights;
import dev.taxon.dist.Communicator;
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
    private final Communicator communicator;
    private final Map<Options, Program> programs = new HashMap<>();

    /** The device is borrowed; {@code scores} is what the model's head makes of its logits. */
    public Session(Device device, Graph graph, ScoreFunction scores) {
        this(device, graph, scores, Communicator.alone());
    }

    /** One of several processes that train or test the same network; the communicator is borrowed. */
    public Session(Device device, Graph graph, ScoreFunction scores, Communicator communicator) {
        this.device = device;
        this.communicator = communicator;
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

    /** The weights, where they lie in this machine's memory. @throws UserError if they do not */
    public HostWeights hostWeights() {
        if (weights instanceof HostWeights host) {
            return host;
        }
        throw UserError.of(
                "--launcher mpi: the ranks exchange gradients in the machine's memory; device %s keeps them elsewhere, use --device cpu",
                device.name());
    }

    public ScoreFunction scores() {
        return scores;
    }

    public Communicator communicator() {
        return communicator;
    }

    /** This process's place among those that share an epoch. */
    public Rank rank() {
        return new Rank(communicator.rank(), communicator.size());
    }

    public Program program(Options options) {
        boolean shared = options.mode() == Options.Mode.TRAIN && communicator.size() > 1;
        return programs.computeIfAbsent(
                shared ? options.among(communicator) : options, o -> device.compile(graph, weights, o));
    }

    @Override
    public void close() {
        programs.values().forEach(Program::close);
        weights.close();
    }
}
