package dev.taxon.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.device.Weights.Slot;
import dev.taxon.device.reference.ReferenceDevice;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Parameter;
import dev.taxon.optim.Moments;
import dev.taxon.optim.Update;
import dev.taxon.optim.UpdateRule;
import dev.taxon.optim.UpdateRule.Sgd;
import dev.taxon.random.Rng;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What weights compute by themselves: optimizer steps, the norm of gradients, their scaling. */
class WeightsContractTest {
    private static final int SEEDS = 100;

    /** Each element takes some float32 roundings a step; a device that fuses multiply and add makes fewer of them. */
    private static final double FLOAT32 = 1e-6;

    @ParameterizedTest
    @MethodSource("dev.taxon.device.DevicesUnderTest#stream")
    void optimizerStepsAgreeWithReference(DevicesUnderTest underTest) {
        try (Device device = underTest.open();
                Device reference = new ReferenceDevice()) {
            for (long seed = 0; seed < SEEDS; seed++) {
                Case c = CompositeCases.of(seed);
                try (Weights actual = device.allocate(c.graph());
                        Weights expected = reference.allocate(c.graph())) {
                    train(actual, c);
                    train(expected, c);
                    for (Parameter p : c.graph().parameters()) {
                        for (Slot slot : List.of(Slot.VALUE, Slot.OPTIM_0, Slot.OPTIM_1, Slot.OPTIM_2)) {
                            double distance = Data.distance(read(actual, slot, p), read(expected, slot, p));
                            String what = slot + " of " + p.name();
                            assertTrue(distance <= FLOAT32, () -> what + " is off by " + distance + " in " + c);
                        }
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.taxon.device.DevicesUnderTest#stream")
    void normAndScalingAgreeWithReference(DevicesUnderTest underTest) {
        try (Device device = underTest.open();
                Device reference = new ReferenceDevice()) {
            for (long seed = 0; seed < SEEDS; seed++) {
                Case c = CompositeCases.of(seed);
                try (Weights actual = device.allocate(c.graph());
                        Weights expected = reference.allocate(c.graph())) {
                    Trial.fill(actual, c);
                    Trial.fill(expected, c);
                    for (double p : new double[] {1, 2, 3.5, Double.POSITIVE_INFINITY}) {
                        double norm = expected.gradientNorm(p);
                        assertEquals(norm, actual.gradientNorm(p), 1e-6 * norm, () -> p + "-norm in " + c);
                    }
                    float factor = (float) new Rng(seed, 3).uniform(0, 2);
                    actual.scaleGradients(factor);
                    actual.limitGradients(0.5f);
                    for (Parameter p : c.graph().parameters()) {
                        double[] scaled = read(expected, Slot.GRADIENT, p);
                        for (int i = 0; i < scaled.length; i++) {
                            scaled[i] = Math.clamp((float) scaled[i] * factor, -0.5f, 0.5f);
                        }
                        assertArrayEquals(scaled, read(actual, Slot.GRADIENT, p), () -> p.name() + " in " + c);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.taxon.device.DevicesUnderTest#stream")
    void averagesAndExchangesAgreeWithReference(DevicesUnderTest underTest) {
        try (Device device = underTest.open();
                Device reference = new ReferenceDevice()) {
            for (long seed = 0; seed < SEEDS; seed++) {
                Case c = CompositeCases.of(seed);
                try (Weights actual = device.allocate(c.graph());
                        Weights expected = reference.allocate(c.graph())) {
                    averageAndExchange(actual, c);
                    averageAndExchange(expected, c);
                    for (Parameter p : c.graph().parameters()) {
                        for (Slot slot : List.of(Slot.VALUE, Slot.AVERAGE)) {
                            double distance = Data.distance(read(actual, slot, p), read(expected, slot, p));
                            String what = slot + " of " + p.name();
                            assertTrue(distance <= FLOAT32, () -> what + " is off by " + distance + " in " + c);
                        }
                        assertArrayEquals( // what stood in the values before
                                read(expected, Slot.AVERAGE, p),
                                read(actual, Slot.AVERAGE, p),
                                () -> p.name() + " in " + c);
                    }
                }
            }
        }
    }

    private static void averageAndExchange(Weights weights, Case c) {
        Rng data = new Rng(c.seed(), 4);
        for (int round = 0; round < 3; round++) {
            for (Parameter p : c.graph().parameters()) {
                weights.write(Slot.VALUE, p, Data.segment(data, p.shape(), 0, 1));
            }
            weights.average(Slot.AVERAGE, data.uniform(0, 1));
        }
        weights.exchange(Slot.AVERAGE);
    }

    /** The same order of float32 operations, with the same fused multiply-adds; only Lamb sums norms in another order. */
    @Test
    void optimizerStepsOnTheGpuAreTheCpusToTheBit() {
        try (Device gpu = DevicesUnderTest.CUDA.open();
                Device cpu = DevicesUnderTest.CPU.open()) {
            for (long seed = 0; seed < SEEDS; seed++) {
                Case c = CompositeCases.of(seed);
                try (Weights actual = gpu.allocate(c.graph());
                        Weights expected = cpu.allocate(c.graph())) {
                    for (Weights weights : List.of(actual, expected)) {
                        Trial.fill(weights, c);
                        for (int step = 0; step < 3; step++) {
                            UpdateRule rule = rule(new Rng(c.seed(), 9), step == 0, false);
                            weights.update(List.of(new Update(0, weights.table().parameterFloats(), rule)));
                        }
                    }
                    for (Parameter p : c.graph().parameters()) {
                        for (Slot slot : List.of(Slot.VALUE, Slot.OPTIM_0, Slot.OPTIM_1, Slot.OPTIM_2)) {
                            assertArrayEquals(read(expected, slot, p), read(actual, slot, p), () -> slot + " in " + c);
                        }
                    }
                }
            }
        }
    }

    /** Three steps, by rules that differ from parameter to parameter; some parameters in one update together. */
    private static void train(Weights weights, Case c) {
        Trial.fill(weights, c);
        for (int step = 0; step < 3; step++) {
            Rng data = new Rng(c.seed(), 10 + step);
            for (Parameter p : c.graph().parameters()) {
                weights.write(Slot.GRADIENT, p, Data.segment(data, p.shape(), 0, 1));
            }
            weights.update(updates(weights, c.graph(), new Rng(c.seed(), 9), step == 0));
        }
    }

    private static List<Update> updates(Weights weights, Graph graph, Rng rng, boolean first) {
        if (LayerCases.chance(rng, 20)) {
            return List.of(new Update(0, weights.table().parameterFloats(), rule(rng, first, false)));
        }
        List<Update> updates = new ArrayList<>();
        for (Parameter p : graph.executionParameters()) {
            if (p.trainable()) {
                RegionTable.Slice slice = weights.table().slice(p);
                updates.add(new Update(slice.offset(), slice.length(), rule(rng, first, true)));
            }
        }
        return updates;
    }

    /** A rule of any kind; Lamb's only for a whole parameter. */
    private static UpdateRule rule(Rng rng, boolean first, boolean whole) {
        float lr = (float) rng.uniform(0.001, 0.1);
        float decay = LayerCases.chance(rng, 50) ? (float) rng.uniform(0, 0.01) : 0;
        Moments moments = new Moments(LayerCases.chance(rng, 80) ? 0.1f : 0.6f, 0.99f, 0.01f);
        boolean flag = LayerCases.chance(rng, 50);
        boolean other = LayerCases.chance(rng, 50);
        float eps = 1e-3f; // a small one would magnify roundings where gradients are small
        return switch ((int) rng.uniform(0, whole ? 10 : 9)) {
            case 0 -> sgd(rng, first);
            case 1 -> new UpdateRule.Adam(moments, flag ? 1 : 0.99f, flag ? decay : 0, 0.3f, eps, lr, other);
            case 2 -> new UpdateRule.RmsProp(lr, 0.9f, 0.1f, eps, decay, flag, 0.9f, other);
            case 3 -> new UpdateRule.Adagrad(lr, eps, decay, first, flag ? 0.1f : 0);
            case 4 -> new UpdateRule.Adadelta(lr, 0.9f, 0.1f, eps, decay);
            case 5 -> new UpdateRule.Adamax(moments, lr, eps, decay);
            case 6 -> new UpdateRule.NAdam(moments, 0.1f, eps, -lr, -0.3f * lr, decay);
            case 7 -> new UpdateRule.RAdam(moments, lr, 0.2f, flag, 0.3f, 0.7f, eps, decay);
            case 8 -> new UpdateRule.Asgd(0.999f, lr, flag ? 1 : 0.25f, decay);
            default ->
                new UpdateRule.Lamb(lr, flag ? 1.7f : 1, 0.9f, 0.1f, 0.99f, 0.01f, 0.2f, 0.3f, eps, decay, flag, other);
        };
    }

    private static Sgd sgd(Rng rng, boolean first) {
        boolean nesterov = LayerCases.chance(rng, 40);
        float momentum = nesterov || LayerCases.chance(rng, 70) ? 0.9f : 0;
        float dampening = !nesterov && LayerCases.chance(rng, 30) ? 0.2f : 0;
        float weightDecay = LayerCases.chance(rng, 70) ? (float) rng.uniform(0, 0.01) : 0;
        return new Sgd((float) rng.uniform(0.001, 0.5), momentum, dampening, weightDecay, nesterov, first);
    }

    private static double[] read(Weights weights, Slot slot, Parameter p) {
        float[] values = new float[(int) p.shape().numel()];
        weights.read(slot, p, MemorySegment.ofArray(values));
        return Data.toDoubles(values);
    }
}
