package dev.taxon.train.hook;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.taxon.Golden;
import dev.taxon.device.Device;
import dev.taxon.device.Weights;
import dev.taxon.device.Weights.Slot;
import dev.taxon.device.cpu.CpuDevice;
import dev.taxon.device.reference.ReferenceDevice;
import dev.taxon.graph.Graph;
import dev.taxon.graph.GraphBuilder;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Parameter;
import dev.taxon.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Forty moves of the average by mmcv's rule, against PyTorch's numbers: {@code scripts/golden/ema.py}. */
class EmaHookTest {
    /** PyTorch's build multiplies and adds with one rounding or two; either is carried on for forty moves. */
    private static final double FLOAT32 = 1e-6;

    private static final int ELEMENTS = 13;

    static Stream<Named<Supplier<Device>>> devices() {
        return Stream.of(Named.of("reference", ReferenceDevice::new), Named.of("cpu", () -> CpuDevice.open(2)));
    }

    @ParameterizedTest
    @MethodSource("devices")
    void averagesAreTorchs(Supplier<Device> on) {
        GraphBuilder builder = new GraphBuilder();
        var x = builder.input(Shape.of(ELEMENTS));
        Graph graph = builder.build(builder.root().child("fc").linear(x, new Layer.Linear(ELEMENTS, 1, false)));
        Parameter weight = graph.parameters().getFirst();
        List<?> cases =
                (List<?>) Objects.requireNonNull(Golden.json("optim/ema.json").get("cases"));
        try (Device device = on.get();
                Weights weights = device.allocate(graph)) {
            for (Object each : cases) {
                Map<?, ?> golden = (Map<?, ?>) each;
                EmaHook.Rule rule = new EmaHook.Rule(
                        number(golden, "momentum"), (int) number(golden, "interval"), (int) number(golden, "warm_up"));
                weights.write(Slot.AVERAGE, weight, values(-1));
                for (long iteration = 0; iteration < (long) number(golden, "steps"); iteration++) {
                    weights.write(Slot.VALUE, weight, values(iteration));
                    if (rule.moves(iteration)) {
                        weights.average(Slot.AVERAGE, rule.share(iteration));
                    }
                }
                float[] average = new float[ELEMENTS];
                weights.read(Slot.AVERAGE, weight, MemorySegment.ofArray(average));
                double[] actual = new double[ELEMENTS];
                for (int i = 0; i < ELEMENTS; i++) {
                    actual[i] = average[i];
                }
                assertArrayEquals(Golden.doubles(golden.get("average")), actual, FLOAT32, golden::toString);
            }
        }
    }

    private static double number(Map<?, ?> golden, String key) {
        return ((Number) golden.get(key)).doubleValue();
    }

    /** As the script makes them. */
    private static MemorySegment values(long iteration) {
        float[] values = new float[ELEMENTS];
        for (int i = 0; i < ELEMENTS; i++) {
            values[i] = (float) ((Math.floorMod(7919 * i + 104729 * iteration, 2001L) - 1000) / 1000.0);
        }
        return MemorySegment.ofArray(values);
    }
}
