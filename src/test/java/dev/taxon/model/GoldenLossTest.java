package dev.taxon.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.Golden;
import dev.taxon.UserError;
import dev.taxon.config.Config;
import dev.taxon.config.Fields;
import dev.taxon.device.Device;
import dev.taxon.device.Options;
import dev.taxon.device.Program;
import dev.taxon.device.Weights;
import dev.taxon.device.cpu.CpuDevice;
import dev.taxon.device.reference.ReferenceDevice;
import dev.taxon.graph.Buffer;
import dev.taxon.graph.Graph;
import dev.taxon.graph.GraphBuilder;
import dev.taxon.graph.Node;
import dev.taxon.report.PythonJson;
import dev.taxon.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each loss as its config names it, against mmcls's own numbers (loss/mmcls.json, float32) and against its formulas in
 * PyTorch (loss/torch.json, scripts/golden/losses.py), values and gradients.
 */
class GoldenLossTest {
    private static final int N = 5;
    private static final int CLASSES = 6;
    private static final double TOLERANCE = 1e-6; // absolute, and relative
    private static final int[] LABELS = {0, 2, 5, 3, 1};

    /** {@code seen}: sample counts of a seesaw loss before the step. */
    private record GoldenCase(
            String name,
            String config,
            String targets,
            double loss,
            Object gradient,
            @Nullable Object seen) {
        @Override
        public String toString() {
            return name + " " + config + " of " + targets;
        }
    }

    static Stream<GoldenCase> cases() {
        List<GoldenCase> cases = new ArrayList<>();
        Map<?, ?> ofMmcls = (Map<?, ?>) Golden.json("loss/mmcls.json").get("results");
        ofMmcls.forEach((name, value) -> {
            boolean multiLabel =
                    List.of("bce", "bce_pw", "ls_ml", "focal", "asym").contains(name);
            String targets = multiLabel ? "multilabel" : name.equals("ce_soft") ? "soft" : "labels";
            cases.add(read((String) name, targets, (Map<?, ?>) value));
        });
        int number = 0;
        for (Object value : (List<?>) Golden.json("loss/torch.json").get("cases")) {
            Map<?, ?> map = (Map<?, ?>) value;
            cases.add(read("torch " + number++, (String) map.get("targets"), map));
        }
        return cases.stream();
    }

    private static GoldenCase read(String name, String targets, Map<?, ?> map) {
        String config = PythonJson.dumps(map.get("cfg")).replace("true", "True").replace("false", "False");
        double loss = ((Number) map.get("loss")).doubleValue();
        return new GoldenCase(name, config, targets, loss, map.get("grad"), map.get("seen"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theReferenceGivesTheNumbers(GoldenCase c) {
        try (Device device = new ReferenceDevice()) {
            check(device, c);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theCpuGivesTheNumbers(GoldenCase c) {
        try (Device device = CpuDevice.open(1)) {
            check(device, c);
        }
    }

    private static void check(Device device, GoldenCase c) {
        boolean hard = c.targets.equals("labels") && !c.config.contains("use_sigmoid\": True");
        Graph graph = graph(c.config, !hard);
        try (Weights weights = device.allocate(graph);
                Program program =
                        device.compile(graph, weights, Options.train(N).withInputGradient())) {
            for (Buffer buffer : graph.executionBuffers()) {
                double[] seen = c.seen == null ? new double[CLASSES] : Golden.doubles(c.seen);
                weights.write(buffer, MemorySegment.ofArray(floats(seen)));
            }
            program.writeInput(MemorySegment.ofArray(
                    floats(IntStream.range(0, N * CLASSES).mapToDouble(i -> 3 * Math.sin(0.9 * i)))));
            if (hard) {
                program.writeTargets(LABELS);
            } else {
                program.writeTargets(targets(c.targets));
            }
            program.forward(Program.Draw.NONE);
            program.backward(false, Program.GradientListener.NONE);
            float[] gradient = new float[N * CLASSES];
            program.readInputGradient(MemorySegment.ofArray(gradient));
            assertEquals(c.loss, program.loss(), TOLERANCE + TOLERANCE * Math.abs(c.loss));
            double[] expected = Golden.doubles(c.gradient);
            for (int i = 0; i < expected.length; i++) {
                assertEquals(expected[i], gradient[i], TOLERANCE + TOLERANCE * Math.abs(expected[i]), "gradient " + i);
            }
        }
    }

    private static Graph graph(String config, boolean soft) {
        Fields head = Config.parse("head = dict(loss=" + config + ")", "test.py")
                .fields()
                .dict("head");
        GraphBuilder builder = new GraphBuilder();
        Node logits = builder.input(Shape.of(CLASSES));
        Node target = builder.target(CLASSES, soft);
        return builder.build(
                logits, Loss.read(head).build(builder.root().child("head").child("compute_loss"), logits, target));
    }

    private static float[] targets(String name) {
        return switch (name) {
            case "labels" ->
                floats(IntStream.range(0, N * CLASSES).mapToDouble(i -> LABELS[i / CLASSES] == i % CLASSES ? 1 : 0));
            case "multilabel" -> floats(IntStream.range(0, N * CLASSES).mapToDouble(i -> i % 3 == 0 ? 1 : 0));
            case "mixed" -> floats(IntStream.range(0, N * CLASSES).mapToDouble(i -> i % 4 / 4.0));
            case "soft" -> floats(Golden.doubles(Golden.json("loss/mmcls.json").get("soft")));
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static float[] floats(DoubleStream values) {
        return floats(values.toArray());
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    @Test
    void aSeesawLossCountsSamplesInItsState() {
        Graph graph = graph("dict(type='SeesawLoss', num_classes=6)", false);
        assertEquals("head.compute_loss.cum_samples", graph.state().getFirst().name());
        try (Device device = new ReferenceDevice();
                Weights weights = device.allocate(graph);
                Program program = device.compile(graph, weights, Options.train(2))) {
            program.writeInput(MemorySegment.ofArray(new float[2 * CLASSES]));
            for (int step = 0; step < 3; step++) {
                program.writeTargets(new int[] {1, step});
                program.forward(Program.Draw.NONE);
            }
            float[] seen = new float[CLASSES];
            weights.read(graph.executionBuffers().getFirst(), MemorySegment.ofArray(seen));
            assertArrayEquals(new float[] {1, 4, 1, 0, 0, 0}, seen);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dict(type='LabelSmoothLoss', label_smooth_val=0.1, mode='clasy') | mode must be 'original'",
                "dict(type='LabelSmoothLoss', label_smooth_val=1.1) | label_smooth_val must be in [0, 1)",
                "dict(type='LabelSmoothLoss', label_smooth_val=0.1, num_classes=10) | set it to 6",
                "dict(type='CrossEntropyLoss', class_weight=[1, 2]) | class_weight must have a number for each of the model's 6 classes, got 2",
                "dict(type='CrossEntropyLoss', use_sigmoid=True, pos_weight=[1, 2]) | pos_weight must have",
                "dict(type='CrossEntropyLoss', use_sigmoid=True, use_soft=True) | set one of them",
                "dict(type='CrossEntropyLoss', reduction='avg') | reduction must be 'mean', 'sum' or 'none'",
                "dict(type='FocalLoss', gamma=-1) | gamma must not be negative",
                "dict(type='FocalLoss', alfa=1) | alpha",
                "dict(type='AsymmetricLoss', eps=0) | eps must be positive",
                "dict(type='SeesawLoss') | set it to 6",
                "dict(type='SeesawLoss', use_sigmoid=True) | use_sigmoid must be False",
                "dict(type='CosineLoss') | known are AsymmetricLoss"
            })
    void aMistakeIsOneSentence(String text) {
        String[] parts = text.split(" \\| ");
        UserError e = assertThrows(UserError.class, () -> graph(parts[0], false));
        assertTrue(e.getMessage().contains(parts[1]), e.getMessage());
    }
}
