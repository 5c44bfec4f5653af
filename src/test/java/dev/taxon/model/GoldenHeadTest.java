package dev.taxon.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.Golden;
import dev.taxon.UserError;
import dev.taxon.config.Config;
import dev.taxon.config.Fields;
import dev.taxon.device.Device;
import dev.taxon.device.InputSpec;
import dev.taxon.device.Options;
import dev.taxon.device.Program;
import dev.taxon.device.Weights;
import dev.taxon.device.Weights.Slot;
import dev.taxon.device.cpu.CpuDevice;
import dev.taxon.device.cuda.Simulator;
import dev.taxon.device.reference.ReferenceDevice;
import dev.taxon.graph.Graph;
import dev.taxon.graph.GraphBuilder;
import dev.taxon.graph.Node;
import dev.taxon.graph.Parameter;
import dev.taxon.report.PythonJson;
import dev.taxon.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * CSRAClsHead and GeneralizedMeanPooling as their configs name them, values and gradients against PyTorch
 * (scripts/golden/heads.py), on every device.
 */
class GoldenHeadTest {
    private static final double FACTOR = 3; // times PyTorch's own float32 distance

    /** A few roundings, where PyTorch was lucky. */
    private static final double RESOLUTION = 8 * 0x1p-24;

    private enum Kind {
        REFERENCE,
        CPU,
        CUDA;

        Device open() {
            return switch (this) {
                case REFERENCE -> new ReferenceDevice();
                case CPU -> CpuDevice.open(2);
                case CUDA -> Simulator.open();
            };
        }
    }

    static Stream<Arguments> cases() {
        return Stream.of(Kind.values())
                .filter(kind -> kind == Kind.CUDA || !Simulator.isReplaced())
                .flatMap(kind -> Stream.of("csra_1", "csra_4", "csra_6", "gem", "gem_eps", "gem_unclamped")
                        .map(name -> Arguments.of(kind, name)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void valuesAndGradientsAreThoseOfPyTorch(Kind kind, String name) {
        Map<?, ?> golden = Golden.json("head/" + name + ".json");
        double[] shape = numbers(golden, "shape");
        int batch = (int) shape[0];
        Graph graph = graph(golden, Shape.of((long) shape[1], (long) shape[2], (long) shape[3]));
        assertEquals(map(golden, "parameters").keySet(), names(graph));
        List<String> failures = new ArrayList<>();
        try (Device device = kind.open();
                Weights weights = device.allocate(graph);
                Program program =
                        device.compile(graph, weights, Options.train(batch).withInputGradient())) {
            for (Parameter p : graph.parameters()) {
                weights.write(
                        Slot.VALUE, p, MemorySegment.ofArray(floats(numbers(map(golden, "parameters"), p.name()))));
            }
            program.writeInput(MemorySegment.ofArray(laidOut(program.input(), floats(numbers(golden, "x")))));
            program.forward(Program.Draw.NONE);
            float[] y = new float[batch * graph.output().shape().size(0)];
            program.readOutput(MemorySegment.ofArray(y));
            compare(golden, "y", y, failures);
            program.writeOutputGradient(MemorySegment.ofArray(floats(numbers(golden, "dy"))));
            program.backward(false, Program.GradientListener.NONE);
            float[] dx = new float[numbers(golden, "x").length];
            program.readInputGradient(MemorySegment.ofArray(dx));
            compare(golden, "x", dx, failures);
            for (Parameter p : graph.parameters()) {
                float[] gradient = new float[(int) p.shape().numel()];
                weights.read(Slot.GRADIENT, p, MemorySegment.ofArray(gradient));
                compare(golden, p.name(), gradient, failures);
            }
        }
        assertTrue(failures.isEmpty(), () -> String.join("\n", failures));
    }

    private static Set<String> names(Graph graph) {
        return graph.parameters().stream().map(Parameter::name).collect(Collectors.toSet());
    }

    /** The neck or head alone. */
    private static Graph graph(Map<?, ?> golden, Shape input) {
        Fields part = fields(
                PythonJson.dumps(golden.get("part")).replace("true", "True").replace("false", "False"));
        GraphBuilder b = new GraphBuilder();
        Node x = b.input(input);
        return part.text("type").equals("CSRAClsHead")
                ? b.build(Head.readResidualAttention(part).build(b.root().child("head"), x))
                : b.build(Neck.GeneralizedMean.read(part).build(b.root().child("neck"), x));
    }

    private static Fields fields(String dict) {
        return Config.parse("part = " + dict, "test.py").fields().dict("part");
    }

    private static void compare(Map<?, ?> golden, String what, float[] actual, List<String> failures) {
        double[] expected = numbers(map(golden, "expected"), what);
        assertEquals(expected.length, actual.length, what);
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += (expected[i] - actual[i]) * (expected[i] - actual[i]);
            norm += expected[i] * expected[i];
        }
        double off = Math.sqrt(difference / norm);
        double float32 = ((Number) Objects.requireNonNull(map(golden, "float32").get(what))).doubleValue();
        if (!(off <= Math.max(FACTOR * float32, RESOLUTION))) {
            failures.add("%s is off by %.3g, PyTorch's float32 by %.3g".formatted(what, off, float32));
        }
    }

    @Test
    void whatDoesNotFitIsOneSentence() {
        assertEquals(
                "test.py:1:8: num_heads of CSRAClsHead must be one of [1, 2, 4, 6, 8], got 3",
                assertThrows(
                                UserError.class,
                                () -> Head.readResidualAttention(
                                        fields(
                                                "dict(type='CSRAClsHead', num_classes=4, in_channels=8, num_heads=3, lam=0.1)")))
                        .getMessage());
        assertEquals(
                "test.py:1:8: p of GeneralizedMeanPooling must be at least 1, got 0.5",
                assertThrows(UserError.class, () -> Neck.GeneralizedMean.read(fields("dict(p=0.5)")))
                        .getMessage());
    }

    private static float[] laidOut(InputSpec spec, float[] nchw) {
        if (spec.layout() == InputSpec.Layout.NCHW) {
            return nchw;
        }
        int channels = spec.shape().size(0);
        int plane = spec.shape().size(1) * spec.shape().size(2);
        float[] nhwc = new float[nchw.length];
        for (int i = 0; i < nchw.length; i++) {
            nhwc[(i / plane / channels * plane + i % plane) * channels + i / plane % channels] = nchw[i];
        }
        return nhwc;
    }

    private static Map<?, ?> map(Map<?, ?> from, String key) {
        return (Map<?, ?>) Objects.requireNonNull(from.get(key), key);
    }

    private static double[] numbers(Map<?, ?> from, String key) {
        return Golden.doubles(Objects.requireNonNull(from.get(key), key));
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
