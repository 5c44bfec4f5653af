package dev.taxon.device.reference;

import dev.taxon.device.InputSpec;
import dev.taxon.device.Options;
import dev.taxon.device.Options.Mode;
import dev.taxon.device.Program;
import dev.taxon.device.Reading;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs a graph node by node over double arrays; nothing is fused, shared or planned. */
public final class ReferenceProgram implements Program {
    private final Graph graph;
    private final Options options;
    private final List<Step> steps = new ArrayList<>(); // the nodes that run; the place in the list is the node's id
    private final double[] outputGradient; // (N, …), from the caller, for a graph without loss
    private @Nullable List<Span> spans;
    private boolean forwarded;

    /** A node that runs. {@code op} is null for the graph's inputs. */
    private record Step(Node node, @Nullable Op op, List<StoredParameter> parameters, Variable y) {}

    ReferenceProgram(Graph graph, ReferenceWeights weights, Options options) {
        this.graph = graph;
        this.options = options;
        boolean training = options.mode() == Mode.TRAIN;
        if (training) {
            graph.checkTrainingBatch(options.batch());
        }
        int count = training ? graph.nodes().size() : graph.output().id() + 1;
        Set<Node> needed = graph.needed(training);
        for (Node node : graph.nodes().subList(0, count)) {
            steps.add(needed.contains(node) ? step(node, weights, training) : idle(node));
        }
        outputGradient = new double[variable(graph.output()).value.length];
    }

    private Step step(Node node, ReferenceWeights weights, boolean training) {
        List<StoredParameter> stored = node.parameters().stream()
                .map(p -> new StoredParameter(weights, p, training && p.trainable()))
                .toList();
        List<Variable> parameters =
                stored.stream().map(StoredParameter::variable).toList();
        List<Variable> x = node.inputs().stream().map(this::variable).toList();
        boolean differentiated = (node.equals(graph.input()) && options.inputGradient())
                || (training && options.captured().contains(node))
                || parameters.stream().anyMatch(p -> p.gradient != null)
                || x.stream().anyMatch(v -> v.gradient != null);
        Variable y = new Variable(size(node), differentiated);
        return new Step(node, Ops.of(node, options.batch(), training, weights, x, parameters, y), stored, y);
    }

    /** A node that does not run holds its place. */
    private static Step idle(Node node) {
        return new Step(node, null, List.of(), new Variable(0, false));
    }

    private long size(Node node) {
        if (node.layer() instanceof Layer.Target target) {
            return (long) options.batch() * target.classes(); // class indices become one-hot rows
        }
        return node.equals(graph.loss()) ? 1 : options.batch() * node.shape().numel();
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public InputSpec input() {
        return new InputSpec(options.batch(), graph.input().shape(), InputSpec.Layout.NCHW);
    }

    @Override
    public void writeInput(MemorySegment data) {
        Variable.load(data, variable(graph.input()).value);
    }

    @Override
    public void writeTargets(int[] labels) {
        double[] oneHot = targets(false, (long) labels.length * classes());
        Arrays.fill(oneHot, 0);
        for (int n = 0; n < labels.length; n++) {
            oneHot[n * classes() + labels[n]] = 1;
        }
    }

    @Override
    public void writeTargets(float[] targets) {
        double[] rows = targets(true, targets.length);
        for (int i = 0; i < rows.length; i++) {
            rows[i] = targets[i];
        }
    }

    @Override
    public void forward(Draw draw) {
        for (Step step : steps) {
            long start = System.nanoTime();
            step.parameters.forEach(StoredParameter::load);
            if (step.op != null) {
                step.op.forward(draw);
                note(step, Pass.FORWARD, start);
            }
        }
        forwarded = true;
    }

    @Override
    public double loss() {
        if (graph.loss() == null || options.mode() != Mode.TRAIN || !forwarded) {
            throw new IllegalStateException("a loss takes a graph that has one, TRAIN mode and a forward pass");
        }
        return variable(graph.loss()).value[0];
    }

    @Override
    public Reading read(boolean output) {
        return Reading.now(this, output ? (long) variable(graph.output()).value.length * Float.BYTES : 0);
    }

    @Override
    public void readOutput(MemorySegment to) {
        Variable.store(variable(graph.output()).value, to);
    }

    @Override
    public void writeOutputGradient(MemorySegment dy) {
        if (graph.loss() != null) {
            throw new IllegalStateException("the gradient of this graph's output comes from its loss");
        }
        Variable.load(dy, outputGradient);
    }

    @Override
    public void backward(boolean accumulate, GradientListener listener) {
        if (options.mode() != Mode.TRAIN || !forwarded) {
            throw new IllegalStateException("backward takes TRAIN mode and a forward pass");
        }
        clearGradients();
        seedGradient();
        long ready = Long.MAX_VALUE;
        for (Step step : steps.reversed()) {
            long start = System.nanoTime();
            if (step.op != null) {
                step.op.backward();
            }
            step.parameters.forEach(p -> p.storeGradient(accumulate));
            if (step.op != null) {
                note(step, Pass.BACKWARD, start);
            }
            if (!step.parameters.isEmpty()) {
                ready = step.parameters.getFirst().offset();
                listener.ready(ready);
            }
        }
        if (ready != 0) {
            listener.ready(0); // a graph without parameters
        }
    }

    private void clearGradients() {
        for (Step step : steps) {
            clear(step.y);
            step.parameters.forEach(p -> clear(p.variable()));
        }
    }

    private static void clear(Variable variable) {
        if (variable.gradient != null) {
            Arrays.fill(variable.gradient, 0);
        }
    }

    /** dloss = 1, or dy as the caller gave it. */
    private void seedGradient() {
        Node loss = graph.loss();
        double[] gradient = variable(loss == null ? graph.output() : loss).gradient;
        if (gradient == null) {
            return; // nothing to train
        }
        if (loss == null) {
            System.arraycopy(outputGradient, 0, gradient, 0, gradient.length);
        } else {
            gradient[0] = 1;
        }
    }

    @Override
    public void readInputGradient(MemorySegment to) {
        double[] gradient = variable(graph.input()).gradient;
        if (gradient == null) {
            throw new IllegalStateException("the program was compiled without inputGradient");
        }
        Variable.store(gradient, to);
    }

    @Override
    public void readValue(Node captured, MemorySegment to) {
        Variable.store(captured(captured).value, to);
    }

    @Override
    public void readGradient(Node captured, MemorySegment to) {
        double[] gradient = captured(captured).gradient;
        if (gradient == null) {
            throw new IllegalStateException("gradients take TRAIN mode");
        }
        Variable.store(gradient, to);
    }

    private Variable captured(Node node) {
        if (!options.captured().contains(node)) {
            throw new IllegalArgumentException("the program was compiled without capturing " + node);
        }
        return variable(node);
    }

    /** What {@code node} gave in the last forward pass, (N, …) in NCHW order: for tests that look inside. */
    public double[] value(Node node) {
        return variable(node).value.clone();
    }

    private void note(Step step, Pass pass, long start) {
        List<Span> trace = spans;
        if (trace != null) {
            Kernel kernel = new Kernel(step.node.name(), pass, "reference");
            trace.add(new Span(kernel, start, System.nanoTime() - start));
        }
    }

    @Override
    public List<Span> trace(Runnable work) {
        List<Span> taken = new ArrayList<>();
        spans = taken;
        try {
            work.run();
        } finally {
            spans = null;
        }
        return taken;
    }

    @Override
    public List<Kernel> kernels() {
        List<Kernel> kernels = new ArrayList<>();
        for (Step step : steps) {
            if (step.op == null) {
                continue;
            }
            String name = step.node.name();
            kernels.add(new Kernel(name, Pass.FORWARD, "reference"));
            if (step.node.inputs().stream().anyMatch(i -> variable(i).gradient != null)) {
                kernels.add(new Kernel(name, Pass.BACKWARD_DATA, "reference"));
            }
            if (step.parameters.stream().anyMatch(p -> p.variable().gradient != null)) {
                kernels.add(new Kernel(name, Pass.BACKWARD_WEIGHTS, "reference"));
            }
        }
        return kernels;
    }

    @Override
    public void close() {
        // heap arrays only
    }

    private Variable variable(Node node) {
        return steps.get(node.id()).y;
    }

    private int classes() {
        return graph.target() != null && graph.target().layer() instanceof Layer.Target t ? t.classes() : 0;
    }

    private double[] targets(boolean soft, long count) {
        Node target = graph.target();
        if (options.mode() != Mode.TRAIN
                || target == null
                || !(target.layer() instanceof Layer.Target t)
                || t.soft() != soft) {
            throw new IllegalStateException(
                    "the program takes no " + (soft ? "soft targets" : "class indices") + ": " + target);
        }
        double[] values = variable(target).value;
        if (count != values.length) {
            throw new IllegalArgumentException("expected targets for " + options.batch() + " samples");
        }
        return values;
    }
}
