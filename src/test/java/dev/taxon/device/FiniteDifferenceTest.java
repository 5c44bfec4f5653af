package dev.taxon.device;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.device.Program.Draw;
import dev.taxon.device.Program.GradientListener;
import dev.taxon.device.Weights.Slot;
import dev.taxon.device.reference.ReferenceDevice;
import dev.taxon.device.reference.ReferenceProgram;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Parameter;
import dev.taxon.random.Rng;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The reference's backward passes against central differences of its forward passes, for the loss, or for Σ dy · y with
 * random dy where there is none.
 *
 * <p>Inputs and weights pass through float32, so each difference divides by what the rounded values really differ by.
 * The truncation error is h²/6 times the third derivative: below 1e-7 with h = 2⁻¹². Rounding in double adds 1e-12. The
 * gradients are read as float32, good to 6e-8. The tolerance of 1e-5 leaves room for batch norms with small variance.
 */
class FiniteDifferenceTest {
    private static final float H = 0x1p-12f;
    private static final double TOLERANCE = 1e-5;
    private static final int CONFIGURATIONS = 40;
    private static final int ELEMENTS = 30; // that are perturbed in each array
    private static final int LARGEST_INPUT = 1500;

    /** Not the seesaw loss: its gradient takes weights that depend on the logits for constants ({@link dev.taxon.model.GoldenLossTest} has it). */
    static Stream<String> kinds() {
        return LayerCases.KINDS.keySet().stream().filter(kind -> !kind.equals("SeesawLoss"));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void gradientsAreDifferenceQuotients(String kind) {
        int checked = 0;
        for (long seed = 0; checked < CONFIGURATIONS; seed++) {
            Case drawn = LayerCases.of(kind, seed);
            int batch = drawn.options().batch();
            boolean small = batch * drawn.graph().input().shape().numel() <= LARGEST_INPUT;
            if (small && !isBatchNormOfFewValues(drawn.graph())) {
                Options options = Options.train(batch).withInputGradient();
                check(new Case(kind, seed, drawn.graph(), options, List.of(false)));
                checked++;
            }
        }
    }

    /** Of features (N, C): inputs that lie as close as {@link Check#distinct} puts them have next to no variance then. */
    private static boolean isBatchNormOfFewValues(Graph graph) {
        return graph.nodes().stream()
                .anyMatch(n -> n.layer() instanceof Layer.BatchNorm2d bn
                        && !bn.useRunningStats()
                        && n.shape().rank() == 1);
    }

    private static void check(Case c) {
        try (Device device = new ReferenceDevice();
                Weights weights = device.allocate(c.graph());
                Program program = device.compile(c.graph(), weights, c.options())) {
            Trial.fill(weights, c);
            new Check(c, weights, (ReferenceProgram) program).run();
        }
    }

    /** One program with its inputs; a scalar function of them. */
    private static final class Check {
        private final Case c;
        private final Graph graph;
        private final Weights weights;
        private final ReferenceProgram program;
        private final Rng rng;
        private final float[] x;
        private final float[] dy;

        Check(Case c, Weights weights, ReferenceProgram program) {
            this.c = c;
            graph = c.graph();
            this.weights = weights;
            this.program = program;
            rng = new Rng(c.seed(), 2000);
            int batch = c.options().batch();
            x = distinct(rng, (int) (batch * graph.input().shape().numel()));
            dy = Data.normal(rng, batch * graph.output().shape().numel());
            if (graph.target() != null && graph.target().layer() instanceof Layer.Target target) {
                writeTargets(target, batch);
            }
        }

        void run() {
            program.writeInput(MemorySegment.ofArray(x));
            scalar();
            if (graph.loss() == null) {
                program.writeOutputGradient(MemorySegment.ofArray(dy));
            }
            program.backward(false, GradientListener.NONE);
            float[] dx = new float[x.length];
            program.readInputGradient(MemorySegment.ofArray(dx));
            compare("input", x, dx, v -> program.writeInput(MemorySegment.ofArray(v)));
            for (Parameter p : graph.parameters()) {
                if (p.trainable()) {
                    float[] w = new float[(int) p.shape().numel()];
                    float[] dw = new float[w.length];
                    weights.read(Slot.VALUE, p, MemorySegment.ofArray(w));
                    weights.read(Slot.GRADIENT, p, MemorySegment.ofArray(dw));
                    compare(p.name(), w, dw, v -> weights.write(Slot.VALUE, p, MemorySegment.ofArray(v)));
                }
            }
        }

        private void compare(String name, float[] values, float[] gradient, Consumer<float[]> write) {
            int count = Math.min(ELEMENTS, values.length);
            int[] order = rng.permutation(values.length);
            double[] quotients = new double[count];
            double[] gradients = new double[count];
            for (int k = 0; k < count; k++) {
                int i = order[k];
                float middle = values[i];
                values[i] = middle + H;
                write.accept(values);
                double high = scalar();
                double difference = values[i];
                values[i] = middle - H;
                write.accept(values);
                double low = scalar();
                difference -= values[i];
                values[i] = middle;
                write.accept(values);
                quotients[k] = (high - low) / difference;
                gradients[k] = gradient[i];
            }
            double distance = Data.distance(gradients, quotients);
            assertTrue(distance <= TOLERANCE, () -> "gradient of " + name + " is off by " + distance + " in " + c);
        }

        private double scalar() {
            program.forward(new Draw(c.seed(), 0));
            if (graph.loss() != null) {
                return program.loss();
            }
            double[] y = program.value(graph.output());
            double sum = 0;
            for (int i = 0; i < y.length; i++) {
                sum += dy[i] * y[i];
            }
            return sum;
        }

        private void writeTargets(Layer.Target target, int batch) {
            if (target.soft()) {
                float[] rows = new float[batch * target.classes()];
                for (int i = 0; i < rows.length; i++) {
                    rows[i] = (float) rng.uniform(0, 1);
                }
                program.writeTargets(rows);
            } else {
                program.writeTargets(Data.labels(rng, batch, target.classes()));
            }
        }

        /** Values 2⁻⁸ apart and none within 2⁻⁹ of 0, so that a step of 2⁻¹² crosses no kink of ReLU or max-pooling. */
        private static float[] distinct(Rng rng, int count) {
            int[] order = rng.permutation(count);
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = (order[i] - count / 2 + 0.5f) * 0x1p-8f;
            }
            return values;
        }
    }
}
