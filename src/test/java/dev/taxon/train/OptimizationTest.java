package dev.taxon.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.Golden;
import dev.taxon.UserError;
import dev.taxon.checkpoint.Checkpoint;
import dev.taxon.checkpoint.OptimizerState;
import dev.taxon.config.Config;
import dev.taxon.device.Device;
import dev.taxon.device.Weights;
import dev.taxon.device.Weights.Slot;
import dev.taxon.device.cpu.CpuDevice;
import dev.taxon.device.reference.ReferenceDevice;
import dev.taxon.graph.Graph;
import dev.taxon.graph.GraphBuilder;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Parameter;
import dev.taxon.optim.Moment;
import dev.taxon.optim.Optimizer;
import dev.taxon.optim.Schedule;
import dev.taxon.tensor.Shape;
import dev.taxon.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every optimizer on every device against PyTorch and mmcls: values, state and param_groups. */
class OptimizationTest {
    /** Rounding differs where a kernel fuses a multiplication with an addition: some units in the last place. */
    private static final double FLOAT32 = 2e-6;

    private enum On {
        REFERENCE(ReferenceDevice::new),
        CPU(() -> CpuDevice.open(2));

        private final Supplier<Device> device;

        On(Supplier<Device> device) {
            this.device = device;
        }
    }

    private static Graph linear(int in, int out, boolean bias) {
        GraphBuilder builder = new GraphBuilder();
        Node x = builder.input(Shape.of(in));
        return builder.build(builder.root().child("fc").linear(x, new Layer.Linear(in, out, bias)));
    }

    private static Optimizer optimizer(String config) {
        return Optimizer.read(
                Config.parse("optimizer = " + config, "test.py").fields().dict("optimizer"));
    }

    private static Optimization optimization(String config, Weights weights) {
        return new Optimization(optimizer(config), Schedule.read(null), null, weights);
    }

    private static void step(Optimization optimization, int iter) {
        optimization.begin(new Moment(0, 1, iter, 100, 100));
        optimization.step();
    }

    private static float[] read(Weights weights, Slot slot, Parameter p) {
        float[] values = new float[Math.toIntExact(p.shape().numel())];
        weights.read(slot, p, MemorySegment.ofArray(values));
        return values;
    }

    private static void assertClose(float[] expected, float[] actual, double tolerance, String what) {
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], tolerance + tolerance * Math.abs(expected[i]), what + " element " + i);
        }
    }

    static Stream<Arguments> trajectories() {
        Map<?, ?> golden = (Map<?, ?>) Golden.json("mmcls/optimizers.json").get("traj");
        return golden.keySet().stream().flatMap(name -> Stream.of(On.values()).map(on -> Arguments.of(on, name)));
    }

    /** The loss is Σ w²·(1, ½, 0.1, 2) + 0.1·Σ w. */
    @ParameterizedTest
    @MethodSource("trajectories")
    void trajectoriesAreMmclss(On on, String name) {
        int brace = name.indexOf('{');
        String config = "dict(type='" + name.substring(0, brace) + "', **"
                + name.substring(brace).replace("true", "True").replace("false", "False") + ")";
        List<?> expected =
                (List<?>) ((Map<?, ?>) Golden.json("mmcls/optimizers.json").get("traj")).get(name);
        float[] scale = {1, 0.5f, 0.1f, 2};
        assertNotNull(expected);
        try (Device device = on.device.get();
                Weights weights = device.allocate(linear(4, 1, false))) {
            Parameter p = weights.graph().parameters().getFirst();
            weights.write(Slot.VALUE, p, MemorySegment.ofArray(new float[] {1, -2, 3, 0.5f}));
            Optimization optimization = optimization(config, weights);
            for (int t = 0; t < expected.size(); t++) {
                float[] w = read(weights, Slot.VALUE, p);
                float[] g = new float[4];
                for (int i = 0; i < 4; i++) {
                    g[i] = 2 * scale[i] * w[i] + 0.1f;
                }
                weights.write(Slot.GRADIENT, p, MemorySegment.ofArray(g));
                step(optimization, t);
                double[] theirs = Golden.doubles(expected.get(t));
                w = read(weights, Slot.VALUE, p);
                for (int i = 0; i < 4; i++) {
                    assertEquals(theirs[i], w[i], 1e-6 + 1e-6 * Math.abs(theirs[i]), "step " + t + " element " + i);
                }
            }
        }
    }

    static Stream<Arguments> cases() {
        List<Arguments> all = new ArrayList<>();
        for (String version : List.of("1.13", "2.13")) {
            try (Checkpoint file = open(version)) {
                for (Object name : file.tree().keySet()) {
                    if (version.equals("2.13") && name.equals("nadam")) {
                        continue; // PyTorch 2 changed a formula: see NAdam
                    }
                    Stream.of(On.values()).forEach(on -> all.add(Arguments.of(on, version, name)));
                }
            }
        }
        return all.stream();
    }

    private static Checkpoint open(String version) {
        return Checkpoint.open(dev.taxon.checkpoint.Golden.file("optim/torch_" + version + ".pth"));
    }

    private static Map<?, ?> map(@Nullable Object value) {
        assertNotNull(value);
        return (Map<?, ?>) value;
    }

    private static Tensor tensor(Map<?, ?> dict, Object key) {
        Object value = dict.get(key);
        assertNotNull(value);
        return (Tensor) value;
    }

    private static void begin(Weights weights) {
        List<Parameter> parameters = weights.graph().parameters();
        for (int p = 0; p < parameters.size(); p++) {
            float[] w = new float[Math.toIntExact(parameters.get(p).shape().numel())];
            for (int i = 0; i < w.length; i++) {
                w[i] = ((31 * i + 7 * p) % 17 - 8) / 16f;
            }
            weights.write(Slot.VALUE, parameters.get(p), MemorySegment.ofArray(w));
        }
    }

    private static void run(Optimization optimization, Weights weights, int from, int to) {
        List<Parameter> parameters = weights.graph().parameters();
        for (int t = from; t < to; t++) {
            for (int p = 0; p < parameters.size(); p++) {
                float[] g = new float[Math.toIntExact(parameters.get(p).shape().numel())];
                for (int i = 0; i < g.length; i++) {
                    g[i] = (float) (((7919 * i + 104729 * t + 13 * p) % 2001 - 1000) / 1000.0);
                }
                weights.write(Slot.GRADIENT, parameters.get(p), MemorySegment.ofArray(g));
            }
            step(optimization, t);
        }
    }

    private static void assertValues(Map<?, ?> expected, Weights weights, String when) {
        for (Parameter p : weights.graph().parameters()) {
            String name = p.name().replace("fc.", "");
            assertClose(
                    tensor(expected, name).toFloats(), read(weights, Slot.VALUE, p), FLOAT32, name + " after " + when);
        }
    }

    /** Six steps; the state behind the third, written and read; and PyTorch's own state, read and gone on from. */
    @ParameterizedTest
    @MethodSource("cases")
    void stepsAndStateArePyTorchs(On on, String version, String name) {
        try (Checkpoint file = open(version);
                Device device = on.device.get();
                Weights weights = device.allocate(linear(5, 3, true));
                Weights resumed = device.allocate(linear(5, 3, true));
                Arena arena = Arena.ofConfined()) {
            Map<?, ?> golden = map(file.tree().get(name));
            String config = String.valueOf(golden.get("config"));
            Optimization optimization = optimization(config, weights);
            begin(weights);
            run(optimization, weights, 0, 3);
            assertValues(map(golden.get("three")), weights, "three");
            Map<Object, Object> tree = optimization.state().toTree(optimization.method(), weights, arena);
            assertState(map(golden.get("optimizer")), tree, version);
            run(optimization, weights, 3, 6);
            assertValues(map(golden.get("six")), weights, "six");

            Optimization other = optimization(config, resumed);
            for (Parameter p : resumed.graph().parameters()) {
                MemorySegment three = tensor(map(golden.get("three")), p.name().replace("fc.", ""))
                        .toFloat32()
                        .data();
                resumed.write(Slot.VALUE, p, three);
            }
            other.restore(OptimizerState.read(map(golden.get("optimizer")), other.method(), resumed));
            run(other, resumed, 3, 6);
            assertValues(map(golden.get("six")), resumed, "resuming PyTorch's state");
        }
    }

    /** Names, order, kinds and values of the state; param_groups as PyTorch 1.13 writes them. */
    private static void assertState(Map<?, ?> theirs, Map<?, ?> ours, String version) {
        Map<?, ?> state = map(ours.get("state"));
        map(theirs.get("state")).forEach((id, entry) -> {
            if (map(entry).values().stream().noneMatch(Tensor.class::isInstance)) {
                return; // SGD without momentum: PyTorch 1.13 writes None
            }
            Map<?, ?> mine = map(state.get(id));
            assertEquals(List.copyOf(map(entry).keySet()), List.copyOf(mine.keySet()));
            map(entry).forEach((key, value) -> {
                if (value instanceof Tensor t && mine.get(key) instanceof Tensor m) {
                    assertEquals(t.shape(), m.shape());
                    assertEquals(t.dtype(), m.dtype());
                    assertClose(t.toFloats(), m.toFloats(), FLOAT32, id + "." + key);
                } else if (version.equals("1.13")) {
                    assertEquals(value, mine.get(key), id + "." + key);
                }
            });
        });
        if (version.equals("1.13")) {
            Map<?, ?> group = map(((List<?>) ours.get("param_groups")).getFirst());
            Map<?, ?> golden = map(((List<?>) theirs.get("param_groups")).getFirst());
            List<Object> keys = new ArrayList<>(group.keySet());
            keys.remove("initial_lr"); // mmcv adds it
            assertEquals(List.copyOf(golden.keySet()), keys);
            golden.forEach((key, value) -> assertEquals(plain(value), plain(group.get(key)), String.valueOf(key)));
        }
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Number n -> n.doubleValue();
            case List<?> l -> l.stream().map(OptimizationTest::plain).toList();
            default -> value;
        };
    }

    /** A run that stops and goes on from its own state equals the one that does not, bit for bit. */
    @ParameterizedTest
    @MethodSource("trajectories")
    void resumptionIsExact(On on, String name) {
        int brace = name.indexOf('{');
        String config = "dict(type='" + name.substring(0, brace) + "', lr=0.03)";
        try (Device device = on.device.get();
                Weights straight = device.allocate(linear(5, 3, true));
                Weights stopped = device.allocate(linear(5, 3, true));
                Weights resumed = device.allocate(linear(5, 3, true));
                Arena arena = Arena.ofConfined()) {
            begin(straight);
            run(optimization(config, straight), straight, 0, 7);
            begin(stopped);
            Optimization first = optimization(config, stopped);
            run(first, stopped, 0, 4);
            Optimization second = optimization(config, resumed);
            second.restore(OptimizerState.read(
                    first.state().toTree(first.method(), stopped, arena), second.method(), resumed));
            for (Parameter p : stopped.graph().parameters()) {
                resumed.write(Slot.VALUE, p, MemorySegment.ofArray(read(stopped, Slot.VALUE, p)));
            }
            run(second, resumed, 4, 7);
            for (Parameter p : straight.graph().parameters()) {
                assertClose(read(straight, Slot.VALUE, p), read(resumed, Slot.VALUE, p), 0, p.name());
            }
        }
    }

    @Test
    void aMomentumPolicyDrivesMomentumOrTheFirstBeta() {
        Schedule momentum = Schedule.readMomentum(
                Config.parse("m = dict(policy='step', step=[1], gamma=0.5)", "test.py")
                        .fields()
                        .dict("m"),
                true);
        try (Device device = new ReferenceDevice();
                Weights weights = device.allocate(linear(2, 1, false))) {
            for (String config :
                    List.of("dict(type='SGD', lr=0.1, momentum=0.8)", "dict(type='AdamW', betas=(0.8, 0.9))")) {
                Optimization optimization = new Optimization(optimizer(config), Schedule.read(null), momentum, weights);
                optimization.begin(new Moment(1, 2, 10, 20, 10));
                Map<String, Object> fields =
                        optimization.state().groups().getFirst().fields();
                String text = fields.toString();
                assertTrue(text.contains("momentum=0.4,") || text.contains("first=0.4,"), text);
                assertEquals(0.8, fields.get("initial_momentum"));
            }
            Optimizer adagrad = optimizer("dict(type='Adagrad')");
            UserError e = assertThrows(
                    UserError.class, () -> new Optimization(adagrad, Schedule.read(null), momentum, weights));
            assertTrue(e.getMessage().contains("neither momentum nor betas"), e.getMessage());
        }
    }

    @Test
    void otherOptimizersAreRefusedByName() {
        for (String name : List.of("LBFGS", "Rprop", "SparseAdam", "Lion")) {
            UserError e = assertThrows(UserError.class, () -> optimizer("dict(type='" + name + "', lr=1)"));
            assertTrue(e.getMessage().startsWith("test.py:1:"), e.getMessage());
            assertTrue(e.getMessage().contains("'" + name + "' is not supported"), e.getMessage());
        }
        UserError typo = assertThrows(UserError.class, () -> optimizer("dict(type='AdamW', lr=1, wieght_decay=0.1)"));
        assertTrue(typo.getMessage().contains("did you mean 'weight_decay'?"), typo.getMessage());
        UserError nesterov = assertThrows(UserError.class, () -> optimizer("dict(type='SGD', lr=1, nesterov=True)"));
        assertTrue(nesterov.getMessage().startsWith("test.py:1:"), nesterov.getMessage());
    }
}
