package dev.taxon.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.device.Program.Kernel;
import dev.taxon.device.Program.Pass;
import dev.taxon.device.Program.Span;
import dev.taxon.graph.Graph;
import dev.taxon.graph.GraphBuilder;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Parameter;
import dev.taxon.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Measuring kernels changes no result, and tells of every kernel in order. */
class TraceTest {
    private static final Shape INPUT = Shape.of(3, 8, 8);
    private static final int BATCH = 2;

    private static Graph graph() {
        GraphBuilder b = new GraphBuilder();
        Node x = b.input(INPUT);
        Node y = b.root().child("conv").conv2d(x, new Layer.Conv2d(3, 5, Kernel2d.square(3, 1, 1), 1, true));
        return b.build(b.root().child("tanh").apply(new Layer.Activation(Layer.Activation.Simple.TANH), y));
    }

    @ParameterizedTest
    @EnumSource
    void sameResults(DevicesUnderTest under) {
        Graph graph = graph();
        try (Device device = under.open();
                Weights weights = device.allocate(graph);
                Program program =
                        device.compile(graph, weights, Options.train(BATCH).withInputGradient())) {
            for (Parameter parameter : graph.parameters()) {
                float[] w = values(parameter.shape().numel(), 0.7);
                weights.write(Weights.Slot.VALUE, parameter, MemorySegment.ofArray(w));
            }
            float[] x = values(BATCH * INPUT.numel(), 0.37);
            program.writeInput(MemorySegment.ofArray(x));
            program.writeOutputGradient(
                    MemorySegment.ofArray(values(BATCH * graph.output().shape().numel(), 0.51)));
            float[] plain = step(program, graph);
            List<Span> spans = program.trace(() -> assertArrayEquals(plain, step(program, graph)));
            assertArrayEquals(plain, step(program, graph));
            assertSpans(spans);
        }
    }

    private static void assertSpans(List<Span> spans) {
        Set<String> nodes = spans.stream()
                .flatMap(s -> Arrays.stream(s.kernel().node().split("\\+")))
                .collect(Collectors.toSet());
        assertEquals(Set.of("conv", "tanh"), nodes);
        Set<Pass> passes = EnumSet.noneOf(Pass.class);
        long time = Long.MIN_VALUE;
        for (Span span : spans) {
            Kernel kernel = span.kernel();
            passes.add(kernel.pass());
            assertTrue(span.start() >= time && span.nanos() >= 0, () -> kernel + " starts before its turn");
            time = span.start() + span.nanos();
        }
        assertTrue(passes.contains(Pass.FORWARD));
        assertTrue(passes.contains(Pass.BACKWARD) || passes.contains(Pass.BACKWARD_WEIGHTS), () -> "passes: " + passes);
    }

    private static float[] step(Program program, Graph graph) {
        program.forward(Program.Draw.NONE);
        program.backward(false, Program.GradientListener.NONE);
        float[] y = new float[(int) (BATCH * graph.output().shape().numel())];
        program.readOutput(MemorySegment.ofArray(y));
        float[] dx = new float[(int) (BATCH * INPUT.numel())];
        program.readInputGradient(MemorySegment.ofArray(dx));
        float[] all = Arrays.copyOf(y, y.length + dx.length);
        System.arraycopy(dx, 0, all, y.length, dx.length);
        return all;
    }

    private static float[] values(long count, double step) {
        float[] values = new float[(int) count];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(step * i);
        }
        return values;
    }
}
