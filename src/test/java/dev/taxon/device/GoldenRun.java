package dev.taxon.device;

import dev.taxon.device.Program.Draw;
import dev.taxon.device.Program.GradientListener;
import dev.taxon.device.Weights.Slot;
import dev.taxon.device.reference.ReferenceProgram;
import dev.taxon.graph.Buffer;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Layer.Activation.Function;
import dev.taxon.graph.Layer.Activation.HardSigmoid;
import dev.taxon.graph.Layer.Activation.LeakyRelu;
import dev.taxon.graph.Layer.Activation.Simple;
import dev.taxon.graph.Node;
import dev.taxon.graph.Parameter;
import dev.taxon.graph.StateEntry;
import dev.taxon.optim.Update;
import dev.taxon.optim.UpdateRule.Sgd;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One model with weights by formula, trained on batches by formula with SGD(momentum 0.9, weight decay 1e-4). */
final class GoldenRun {
    private final Graph graph;
    private final Formula formula;
    private final int batch;
    private final float lr;

    /** How weights and batches are made; the golden files' READMEs and scripts state the same formulas. */
    interface Formula {
        /** Element {@code i} of {@code entry}, the {@code j}-th of the state dict. */
        double weight(StateEntry entry, int j, long i);

        /** Element {@code i} of the input of step {@code step}. */
        double input(int step, int i);

        int label(int step, int sample);
    }

    /** Losses of the steps, and the gradients of the first by parameter name. */
    record Trained(List<Double> losses, Map<String, float[]> gradients) {}

    GoldenRun(Graph graph, Formula formula, int batch, float lr) {
        this.graph = graph;
        this.formula = formula;
        this.batch = batch;
        this.lr = lr;
    }

    Graph graph() {
        return graph;
    }

    /** Logits (N, classes) in evaluation. */
    double[] evaluate(Device device) {
        try (Weights weights = device.allocate(graph);
                Program program = device.compile(graph, weights, Options.eval(batch))) {
            fill(weights);
            program.writeInput(Data.input(program.input(), input(0)));
            program.forward(Draw.NONE);
            float[] logits = new float[(int) (batch * graph.output().shape().numel())];
            program.readOutput(MemorySegment.ofArray(logits));
            return Data.toDoubles(logits);
        }
    }

    Trained train(Device device, int steps) {
        List<Double> losses = new ArrayList<>();
        Map<String, float[]> gradients = new LinkedHashMap<>();
        try (Weights weights = device.allocate(graph);
                Program program = device.compile(graph, weights, Options.train(batch))) {
            fill(weights);
            for (int step = 0; step < steps; step++) {
                program.writeInput(Data.input(program.input(), input(step)));
                program.writeTargets(labels(step));
                program.forward(new Draw(0, step));
                losses.add(program.loss());
                program.backward(false, GradientListener.NONE);
                if (step == 0) {
                    graph.parameters().forEach(p -> gradients.put(p.name(), gradient(weights, p)));
                }
                Sgd sgd = new Sgd(lr, 0.9f, 0, 1e-4f, false, step == 0);
                weights.update(List.of(new Update(0, weights.table().parameterFloats(), sgd)));
            }
        }
        return new Trained(losses, gradients);
    }

    /** Id of the last activation with an element on another side of a kink than in double in the first step; −1 if there is none. */
    int lastFlip(DevicesUnderTest underTest) {
        try (Device reference = DevicesUnderTest.REFERENCE.open();
                Weights weights = reference.allocate(graph);
                ReferenceProgram exact = (ReferenceProgram) reference.compile(graph, weights, Options.train(batch))) {
            fill(weights);
            exact.writeInput(Data.input(exact.input(), input(0)));
            exact.writeTargets(labels(0));
            exact.forward(new Draw(0, 0));
            for (Node node : graph.nodes().reversed()) {
                if (node.layer() instanceof Layer.Activation a && hasKinks(a.function())) {
                    float[] got = forwardTo(node, underTest);
                    double[] expected = exact.value(node);
                    for (int i = 0; i < got.length; i++) {
                        if (piece(a.function(), got[i]) != piece(a.function(), expected[i])) {
                            return node.id();
                        }
                    }
                }
            }
        }
        return -1;
    }

    private static boolean hasKinks(Function function) {
        return switch (function) {
            case Simple.RELU, Simple.RELU6, Simple.HSWISH -> true;
            case Simple f -> false;
            case LeakyRelu f -> true;
            case HardSigmoid f -> true;
        };
    }

    /** Which of a function's smooth pieces, from the left, gave {@code y}; what a kink itself gives counts with a neighbour. */
    private static int piece(Function function, double y) {
        return switch (function) {
            case Simple.RELU6 -> y <= 0 ? 0 : y < 6 ? 1 : 2;
            case Simple.HSWISH -> y == 0 ? 0 : y < 3 ? 1 : 2; // negative between -3 and 0
            case Simple f -> y <= 0 ? 0 : 1;
            case LeakyRelu f -> y <= 0 ? 0 : 1;
            case HardSigmoid f -> y <= f.min() ? 0 : y < f.max() ? 1 : 2;
        };
    }

    /** The value of a node in the first training step, computed by the part of the graph that leads to it. */
    private float[] forwardTo(Node node, DevicesUnderTest underTest) {
        List<Node> nodes = graph.nodes().subList(0, node.id() + 1);
        Set<StateEntry> used = new HashSet<>();
        nodes.forEach(n -> {
            used.addAll(n.parameters());
            used.addAll(n.buffers());
        });
        List<StateEntry> state = graph.state().stream().filter(used::contains).toList();
        Graph part = new Graph(nodes, state, graph.input(), node, null, null);
        try (Device device = underTest.open();
                Weights weights = device.allocate(part);
                Program program = device.compile(part, weights, Options.train(batch))) {
            fill(weights);
            program.writeInput(Data.input(program.input(), input(0)));
            program.forward(new Draw(0, 0));
            float[] values = new float[(int) (batch * node.shape().numel())];
            program.readOutput(MemorySegment.ofArray(values));
            return values;
        }
    }

    void fill(Weights weights) {
        Set<StateEntry> present = Set.copyOf(weights.graph().state());
        for (int j = 0; j < graph.state().size(); j++) {
            StateEntry entry = graph.state().get(j);
            if (!present.contains(entry)) {
                continue;
            }
            switch (entry) {
                case Parameter p -> weights.write(Slot.VALUE, p, values(entry, j));
                case Buffer b when b.role() == Buffer.Role.NUM_BATCHES_TRACKED -> weights.setCounter(b, 0);
                case Buffer b -> weights.write(b, values(entry, j));
            }
        }
    }

    private MemorySegment values(StateEntry entry, int j) {
        float[] values = new float[(int) entry.shape().numel()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) formula.weight(entry, j, i);
        }
        return MemorySegment.ofArray(values);
    }

    private float[] input(int step) {
        float[] x = new float[(int) (batch * graph.input().shape().numel())];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) formula.input(step, i);
        }
        return x;
    }

    private int[] labels(int step) {
        int[] labels = new int[batch];
        for (int n = 0; n < batch; n++) {
            labels[n] = formula.label(step, n);
        }
        return labels;
    }

    private static float[] gradient(Weights weights, Parameter p) {
        float[] gradient = new float[(int) p.shape().numel()];
        weights.read(Slot.GRADIENT, p, MemorySegment.ofArray(gradient));
        return gradient;
    }
}
