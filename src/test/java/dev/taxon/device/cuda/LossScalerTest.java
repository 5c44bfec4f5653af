package dev.taxon.device.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.Golden;
import dev.taxon.config.Config;
import dev.taxon.device.LossScale;
import dev.taxon.device.LossScaler;
import dev.taxon.device.Weights;
import dev.taxon.device.Weights.Slot;
import dev.taxon.graph.Graph;
import dev.taxon.graph.GraphBuilder;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Parameter;
import dev.taxon.optim.Moment;
import dev.taxon.optim.Optimizer;
import dev.taxon.optim.Schedule;
import dev.taxon.report.Progress;
import dev.taxon.report.RunLog;
import dev.taxon.tensor.Shape;
import dev.taxon.train.Optimization;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Loss scales and skipped steps against torch.amp.GradScaler: see scripts/golden/loss_scale.py. */
class LossScalerTest {
    private static final double FLOAT32 = 2e-6; // some units in the last place

    @BeforeAll
    static void clear() {
        Simulator.open().close();
        Simulator.clear();
    }

    static Stream<Map<String, Object>> rules() {
        return items("rules");
    }

    static Stream<Map<String, Object>> steps() {
        return items("steps");
    }

    @SuppressWarnings("unchecked") // the file is made so
    private static Stream<Map<String, Object>> items(String key) {
        return ((List<Map<String, Object>>) Golden.json("optim/loss_scale.json").get(key)).stream();
    }

    /** The rule in Java, and in the kernel, to the bit. */
    @ParameterizedTest
    @MethodSource("rules")
    void scalesArePyTorchs(Map<String, Object> golden) {
        LossScale scale = new LossScale(
                (float) number(golden, "init_scale"),
                number(golden, "growth_factor"),
                number(golden, "backoff_factor"),
                (int) number(golden, "growth_interval"),
                0,
                true);
        double[] overflows = Golden.doubles(golden.get("overflows"));
        double[] scales = Golden.doubles(golden.get("scales"));
        double[] trackers = Golden.doubles(golden.get("trackers"));
        try (CudaDevice device = Simulator.open();
                Weights weights = device.allocate(linear())) {
            Parameter bias = weights.graph().parameters().getFirst();
            LossScaler scaler = weights.scaleLosses(scale);
            for (int i = 0; i < scales.length; i++) {
                boolean overflow = overflows[i] != 0;
                scale = scale.after(overflow);
                assertEquals(scales[i], scale.scale(), "step " + i);
                assertEquals((int) trackers[i], scale.growthTracker(), "step " + i);
                float gradient = overflow ? Float.NEGATIVE_INFINITY : 1;
                weights.write(Slot.GRADIENT, bias, MemorySegment.ofArray(new float[] {0, gradient, 0, 0}));
                scaler.unscale();
                scaler.finish();
                assertEquals(new LossScaler.Outcome(overflow, scale), scaler.outcome(), "step " + i);
            }
        }
        assertEquals("", Simulator.violation());
        assertEquals("", Simulator.leaks());
    }

    /** Skipped steps change neither values nor the optimizer's memory, and count in no correction of bias. */
    @ParameterizedTest
    @MethodSource("steps")
    void skippedStepsArePyTorchs(Map<String, Object> golden) {
        Optimizer optimizer = Optimizer.read(Config.parse("optimizer = " + golden.get("optimizer"), "test.py")
                .fields()
                .dict("optimizer"));
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        RunLog log = RunLog.console(new PrintStream(text, true, StandardCharsets.UTF_8), Progress.none());
        List<?> gradients = (List<?>) golden.get("gradients");
        double[] values = Golden.doubles(golden.get("values"));
        double[] scales = Golden.doubles(golden.get("scales"));
        LossScale from = new LossScale(1024, 2, 0.5, 3, 0, true);
        try (CudaDevice device = Simulator.open();
                Weights weights = device.allocate(linear())) {
            Parameter bias = weights.graph().parameters().getFirst();
            weights.write(Slot.VALUE, bias, MemorySegment.ofArray(new float[] {0.5f, -1, 2, 0.25f}));
            Optimization optimization = new Optimization(optimizer, Schedule.read(null), null, weights);
            optimization.scaleLosses(from, log);
            double before = from.scale();
            int skipped = 0;
            for (int i = 0; i < scales.length; i++) {
                weights.write(Slot.GRADIENT, bias, MemorySegment.ofArray(floats((List<?>) gradients.get(i))));
                optimization.begin(new Moment(0, 1, i, scales.length, scales.length));
                optimization.unscale();
                optimization.step();
                float[] got = new float[4];
                weights.read(Slot.VALUE, bias, MemorySegment.ofArray(got));
                for (int k = 0; k < 4; k++) {
                    assertEquals(values[4 * i + k], got[k], FLOAT32 * Math.max(1, Math.abs(got[k])), "step " + i);
                }
                optimization.settle();
                boolean overflow = scales[i] < before;
                String line =
                        "iteration %d: a gradient is inf or NaN in half precision, so its step is skipped; loss scale %s -> %s"
                                .formatted(i + 1, (float) before, (float) scales[i]);
                assertEquals(overflow, text.toString(StandardCharsets.UTF_8).contains(line), line);
                skipped += overflow ? 1 : 0;
                before = scales[i];
            }
            assertTrue(skipped > 0);
            int steps = scales.length - skipped;
            optimization.state().started().values().forEach(s -> assertEquals(steps, s.step()));
        }
        assertArrayEquals(new String[] {"", ""}, new String[] {Simulator.violation(), Simulator.leaks()});
    }

    private static double number(Map<String, Object> golden, String key) {
        return ((Number) golden.get(key)).doubleValue();
    }

    private static float[] floats(List<?> numbers) {
        float[] values = new float[numbers.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (numbers.get(i)) {
                case Number n -> n.floatValue();
                case Object text -> text.equals("inf") ? Float.POSITIVE_INFINITY : Float.NaN;
            };
        }
        return values;
    }

    /** A layer with one parameter of 4 numbers beside its weights, which are not trained. */
    private static Graph linear() {
        GraphBuilder builder = new GraphBuilder();
        Node x = builder.input(Shape.of(1));
        return builder.build(builder.root().child("fc").linear(x, new Layer.Linear(1, 4, false)));
    }
}
