package dev.taxon.device;

import dev.taxon.device.Program.Draw;
import dev.taxon.device.Weights.Slot;
import dev.taxon.graph.Buffer;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Parameter;
import dev.taxon.random.Rng;
import dev.taxon.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Runs a case on one device and keeps everything that can be seen of it. */
final class Trial {
    private final Case c;
    private final Graph graph;
    private final Weights weights;
    private final Program program;
    private final Outcome outcome = new Outcome();

    /** What a device gave: arrays under a name that tells what and in which step. */
    static final class Outcome {
        final Map<String, double[]> forward = new LinkedHashMap<>();
        final Map<String, double[]> backward = new LinkedHashMap<>();
        final Map<String, double[]> exact = new LinkedHashMap<>(); // counters, and gradients that nobody may touch
        List<Program.Kernel> kernels = List.of();
    }

    private Trial(Case c, Weights weights, Program program) {
        this.c = c;
        graph = c.graph();
        this.weights = weights;
        this.program = program;
    }

    static Outcome run(Device device, Case c) {
        return run(device, c, program -> {});
    }

    /** @param afterStep sees the program after each step */
    static Outcome run(Device device, Case c, Consumer<Program> afterStep) {
        try (Weights weights = device.allocate(c.graph())) {
            fill(weights, c);
            try (Program program = device.compile(c.graph(), weights, c.options())) {
                Trial trial = new Trial(c, weights, program);
                for (int step = 0; step < c.accumulate().size(); step++) {
                    trial.step(step);
                    afterStep.accept(program);
                }
                trial.outcome.kernels = program.kernels();
                return trial.outcome;
            }
        }
    }

    private void step(int step) {
        Rng rng = rng(c, 1000 + step);
        program.writeInput(
                Data.input(program.input(), Data.normal(rng, inputShape().numel())));
        writeTargets(rng);
        program.forward(new Draw(c.seed(), step));
        outcome.forward.put("output of step " + step, read(outputShape(), program::readOutput));
        for (Node node : c.options().captured()) {
            String name = "value of " + node.name() + " in step " + step;
            outcome.forward.put(name, read(shape(node), to -> program.readValue(node, to)));
        }
        for (Buffer buffer : graph.executionBuffers()) {
            String name = buffer.name() + " after step " + step;
            if (buffer.role() == Buffer.Role.NUM_BATCHES_TRACKED) {
                outcome.exact.put(name, new double[] {weights.counter(buffer)});
            } else {
                outcome.forward.put(name, read(buffer.shape(), to -> weights.read(buffer, to)));
            }
        }
        if (!c.training()) {
            return;
        }
        if (graph.loss() == null) {
            program.writeOutputGradient(
                    MemorySegment.ofArray(Data.normal(rng, outputShape().numel())));
        } else {
            outcome.forward.put("loss of step " + step, new double[] {program.loss()});
        }
        Readiness readiness = new Readiness(weights);
        program.backward(c.accumulate().get(step), readiness);
        readiness.check();
        for (Parameter p : graph.executionParameters()) {
            double[] gradient = read(p.shape(), to -> weights.read(Slot.GRADIENT, p, to));
            Map<String, double[]> kind = p.trainable() ? outcome.backward : outcome.exact;
            kind.put("gradient of " + p.name() + " after step " + step, gradient);
        }
        for (Node node : c.options().captured()) {
            String name = "gradient of " + node.name() + " in step " + step;
            outcome.backward.put(name, read(shape(node), to -> program.readGradient(node, to)));
        }
        if (c.options().inputGradient()) {
            outcome.backward.put("input gradient of step " + step, read(inputShape(), program::readInputGradient));
        }
    }

    private void writeTargets(Rng rng) {
        if (!c.training() || graph.target() == null || !(graph.target().layer() instanceof Layer.Target target)) {
            return;
        }
        int n = c.options().batch();
        if (target.soft()) {
            float[] rows = new float[n * target.classes()];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = (float) rng.uniform(0, 2.0 / target.classes());
            }
            program.writeTargets(rows);
        } else {
            program.writeTargets(Data.labels(rng, n, target.classes()));
        }
    }

    /** Weights, running statistics, counters, and old gradients: assigning overwrites those, accumulating adds to them. */
    static void fill(Weights weights, Case c) {
        Rng rng = rng(c, 0);
        for (Parameter p : c.graph().executionParameters()) {
            long fanIn = p.shape().numel() / p.shape().dim(0);
            double scale = p.shape().rank() > 1 ? Math.sqrt(2.0 / fanIn) : 0.3;
            double center = p.shape().rank() == 1 && p.role() == Parameter.Role.WEIGHT ? 1 : 0; // of a batch norm
            center = p.name().endsWith(".p") ? 3 : center; // an exponent
            weights.write(Slot.VALUE, p, Data.segment(rng, p.shape(), center, scale));
            weights.write(Slot.GRADIENT, p, Data.segment(rng, p.shape(), 0, 1));
        }
        for (Buffer buffer : c.graph().executionBuffers()) {
            switch (buffer.role()) {
                case RUNNING_MEAN -> weights.write(buffer, Data.segment(rng, buffer.shape(), 0, 0.3));
                case RUNNING_VAR -> weights.write(buffer, Data.positive(rng, buffer.shape()));
                case NUM_BATCHES_TRACKED -> weights.setCounter(buffer, rng.nextInt(100));
                case CUM_SAMPLES -> weights.write(buffer, Data.counts(rng, buffer.shape()));
            }
        }
    }

    private static Rng rng(Case c, int stream) {
        return new Rng(c.seed(), stream);
    }

    private Shape inputShape() {
        return shape(graph.input());
    }

    private Shape outputShape() {
        return shape(graph.output());
    }

    private Shape shape(Node node) {
        return node.shape().withBatch(c.options().batch());
    }

    private interface Reader {
        void read(MemorySegment to);
    }

    private static double[] read(Shape shape, Reader reader) {
        float[] values = new float[Math.toIntExact(shape.numel())];
        reader.read(MemorySegment.ofArray(values));
        return Data.toDoubles(values);
    }

    /** Checks the promises to a gradient listener. */
    private static final class Readiness implements Program.GradientListener {
        private final Weights weights;
        private final List<Long> offsets = new ArrayList<>();
        private final List<float[]> suffixes = new ArrayList<>();

        Readiness(Weights weights) {
            this.weights = weights;
        }

        @Override
        public void ready(long offset) {
            offsets.add(offset);
            suffixes.add(suffix(offset));
        }

        void check() {
            long last = Long.MAX_VALUE;
            for (int i = 0; i < offsets.size(); i++) {
                long offset = offsets.get(i);
                if (offset >= last) {
                    throw new AssertionError("gradient offsets must fall strictly, got " + offsets);
                }
                last = offset;
                if (!Arrays.equals(suffixes.get(i), suffix(offset))) {
                    throw new AssertionError("gradients from element " + offset + " changed after they were final");
                }
            }
            if (last != 0) {
                throw new AssertionError("the last gradient offset must be 0, got " + offsets);
            }
        }

        private float[] suffix(long offset) {
            return weights instanceof HostWeights host
                    ? host.region(Slot.GRADIENT)
                            .floats(offset, weights.table().parameterFloats() - offset)
                            .toArray(ValueLayout.JAVA_FLOAT)
                    : new float[0];
        }
    }
}
