package dev.taxon.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.device.Trial.Outcome;
import dev.taxon.device.cpu.CpuDevice;
import dev.taxon.device.reference.ReferenceDevice;
import dev.taxon.graph.EvaluationForm;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Node;
import dev.taxon.graph.StateEntry;
import dev.taxon.random.Rng;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Values and gradients inside a network, read by {@link Options#captured}: every device gives the reference's, and
 * reading them changes nothing else. Tolerances are those of {@link DeviceContractTest}.
 */
class CaptureTest {
    private static final int SEEDS = 40;
    private static final double FORWARD = 1e-5;
    private static final double BACKWARD = 1e-4;

    @Test
    void smallNetworksAgreeWithReference() {
        try (Device cpu = CpuDevice.open(2);
                Device reference = new ReferenceDevice()) {
            for (long seed = 0; seed < SEEDS; seed++) {
                Case plain = CompositeCases.of(seed);
                Case c = capturing(plain, some(plain.graph(), new Rng(seed, 2), 3));
                Outcome expected = Trial.run(reference, c);
                Outcome actual = Trial.run(cpu, c);
                assertClose(c, expected.forward, actual.forward, FORWARD);
                assertClose(c, expected.backward, actual.backward, BACKWARD);
                Outcome without = Trial.run(reference, plain);
                without.forward.forEach((name, values) -> assertArrayEquals(values, expected.forward.get(name), name));
                without.backward.forEach(
                        (name, values) -> assertArrayEquals(values, expected.backward.get(name), name));
            }
        }
    }

    static Stream<Graph> families() {
        return Stream.of(
                GoldenModels.shuffleNetV1(),
                GoldenModels.shuffleNetV2(),
                GoldenModels.denseNet(),
                GoldenModels.twoStages("ResNeSt", 50, 512),
                GoldenModels.twoStages("Res2Net", 50, 512),
                GoldenModels.repVgg(),
                GoldenModels.lenet5());
    }

    /**
     * Each node of whole models in their evaluation form. The values behind many layers are further off than the
     * contract's single layers, and where a ReLU's input is 0 but for rounding its gradient is either: ten times the
     * contract's tolerances, for all nodes but one in a hundred.
     */
    @ParameterizedTest
    @MethodSource("families")
    void everyNodeOfAModelAgreesWithReference(Graph graph) {
        Graph form = EvaluationForm.of(graph);
        List<Node> nodes = needed(form);
        Options options = Options.train(2).capturing(Set.copyOf(nodes));
        Case c = new Case("model", 5, form, options, List.of(false));
        // Without Winograd, whose rounding takes a ReLU of ResNeSt's to its other side.
        try (Device cpu = CpuDevice.open(2, false, "");
                Device reference = new ReferenceDevice()) {
            Outcome expected = Trial.run(reference, c);
            Outcome actual = Trial.run(cpu, c);
            assertEquals(
                    nodes.size() + 1,
                    actual.forward.keySet().stream()
                            .filter(n -> n.startsWith("value of") || n.startsWith("output"))
                            .count());
            assertMostClose(expected.forward, actual.forward, 10 * FORWARD);
            assertMostClose(expected.backward, actual.backward, 10 * BACKWARD);
            assertEquals(expected.exact.keySet(), actual.exact.keySet());
            expected.exact.forEach((name, values) -> assertArrayEquals(values, actual.exact.get(name), name));
        }
    }

    /** A program over the evaluation form computes what the original evaluates, and the input's gradient is its own capture. */
    @Test
    void evaluationFormIsTheEvaluatedNetwork() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Case trained = CompositeCases.of(seed);
            int batch = trained.options().batch();
            Case evaluated = new Case("eval", seed, trained.graph(), Options.eval(batch), List.of(false));
            Graph form = EvaluationForm.of(trained.graph());
            Options options = Options.train(batch).withInputGradient().capturing(Set.of(form.input()));
            try (Device reference = new ReferenceDevice()) {
                Outcome expected = Trial.run(reference, evaluated);
                Outcome actual = Trial.run(reference, new Case("eval", seed, form, options, List.of(false)));
                assertArrayEquals(
                        expected.forward.get("output of step 0"),
                        actual.forward.get("output of step 0"),
                        "seed " + seed);
                assertArrayEquals(
                        actual.backward.get("input gradient of step 0"),
                        actual.backward.get("gradient of input in step 0"));
                assertEquals(names(trained.graph()), names(form));
            }
        }
    }

    private static List<String> names(Graph graph) {
        return graph.state().stream().map(StateEntry::name).toList();
    }

    @ParameterizedTest
    @MethodSource("dev.taxon.device.DevicesUnderTest#stream")
    void nothingElseCanBeRead(DevicesUnderTest underTest) {
        Case c = CompositeCases.of(1);
        Node other = c.graph().nodes().get(1);
        Case capturing = capturing(c, Set.of());
        try (Device device = underTest.open()) {
            Trial.run(
                    device,
                    capturing,
                    program -> assertThrows(
                            RuntimeException.class,
                            () -> program.readValue(other, MemorySegment.ofArray(new float[1])),
                            other::name));
        }
    }

    private static Case capturing(Case c, Set<Node> nodes) {
        return new Case(c.kind(), c.seed(), c.graph(), c.options().capturing(nodes), c.accumulate());
    }

    private static Set<Node> some(Graph graph, Rng rng, int count) {
        List<Node> nodes = needed(graph);
        Set<Node> drawn = new HashSet<>();
        for (int i = 0; i < count; i++) {
            drawn.add(nodes.get(rng.nextInt(nodes.size())));
        }
        return drawn;
    }

    /** The nodes that the output needs. */
    private static List<Node> needed(Graph graph) {
        List<Node> needed = new ArrayList<>();
        Set<Node> seen = new HashSet<>(Set.of(graph.output()));
        for (Node node : graph.nodes().reversed()) {
            if (seen.contains(node)) {
                seen.addAll(node.inputs());
                needed.add(node);
            }
        }
        return needed;
    }

    private static void assertClose(
            Case c, Map<String, double[]> expected, Map<String, double[]> actual, double tolerance) {
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((name, values) -> {
            double distance = Data.distance(actual.get(name), values);
            assertTrue(distance <= tolerance, () -> name + " is off by " + distance + " on " + c);
        });
    }

    private static void assertMostClose(
            Map<String, double[]> expected, Map<String, double[]> actual, double tolerance) {
        assertEquals(expected.keySet(), actual.keySet());
        List<String> far = new ArrayList<>();
        expected.forEach((name, values) -> {
            double distance = Data.distance(actual.get(name), values);
            if (distance > tolerance) {
                far.add(name + " " + distance);
            }
        });
        assertTrue(far.size() * 100 <= expected.size(), () -> "too far: " + far);
    }
}
