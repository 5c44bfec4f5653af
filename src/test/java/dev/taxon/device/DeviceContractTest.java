package dev.taxon.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.device.Trial.Outcome;
import dev.taxon.device.reference.ReferenceDevice;
import dev.taxon.graph.Layer;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every device gives what the reference gives, and by the kernels that it is meant to use.
 *
 * <p>Tolerances are relative distances of whole arrays, ‖Δ‖/‖reference‖. A float32 sum of K random terms is off by about
 * √K · 2⁻²⁴ of the terms' norm: with K up to 900 here that is 2e-6, so 1e-5 forward leaves room for another order of
 * summation and no room for a wrong term. Backward passes subtract means and add several such sums: 1e-4. Ties of
 * max-pooling and the kink of ReLU cannot matter: layers meet continuous random inputs, which are the same float32 on
 * both sides, and {@link CompositeCases} keeps a margin where a computed value meets a decision.
 */
class DeviceContractTest {
    private static final int SEEDS = 200;
    private static final double FORWARD = 1e-5;
    private static final double BACKWARD = 1e-4;

    private static final Device REFERENCE = new ReferenceDevice();

    static Stream<Arguments> layers() {
        return DevicesUnderTest.stream()
                .flatMap(d -> LayerCases.KINDS.keySet().stream()
                        .filter(kind ->
                                d != DevicesUnderTest.CPU_DIRECT || kind.equals("Conv2d")) // the same kernels else
                        .map(kind -> Arguments.of(d, kind)));
    }

    @ParameterizedTest(name = "{1} on {0}")
    @MethodSource("layers")
    void layerAgreesWithReference(DevicesUnderTest underTest, String kind) {
        try (Device device = underTest.open()) {
            for (long seed = 0; seed < SEEDS; seed++) {
                check(underTest, device, LayerCases.of(kind, seed));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.taxon.device.DevicesUnderTest#stream")
    void compositeGraphAgreesWithReference(DevicesUnderTest underTest) {
        try (Device device = underTest.open()) {
            for (long seed = 0; seed < SEEDS; seed++) {
                check(underTest, device, CompositeCases.of(seed));
            }
        }
    }

    @Test
    void everyLayerHasCases() {
        Set<String> kinds = new TreeSet<>(LayerCases.KINDS.keySet());
        kinds.add("Input");
        kinds.add("Target");
        Set<String> layers = new TreeSet<>();
        addRecords(Layer.class, layers);
        assertEquals(layers, kinds);
    }

    private static void addRecords(Class<?> sealed, Set<String> names) {
        for (Class<?> layer : sealed.getPermittedSubclasses()) {
            if (layer.isSealed()) {
                addRecords(layer, names);
            } else {
                names.add(layer.getSimpleName());
            }
        }
    }

    private static void check(DevicesUnderTest underTest, Device device, Case c) {
        try {
            Outcome expected = Trial.run(REFERENCE, c);
            Outcome actual = Trial.run(device, c);
            assertClose(expected.forward, actual.forward, FORWARD * underTest.slack());
            assertClose(expected.backward, actual.backward, BACKWARD * underTest.slack());
            assertEquals(expected.exact.keySet(), actual.exact.keySet());
            expected.exact.forEach((name, values) -> assertArrayEquals(values, actual.exact.get(name), name));
            underTest.assertKernels(c, actual.kernels);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(underTest + " on " + c + "\n" + e.getMessage(), e);
        }
    }

    private static void assertClose(Map<String, double[]> expected, Map<String, double[]> actual, double tolerance) {
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((name, values) -> {
            double distance = Data.distance(actual.get(name), values);
            assertTrue(distance <= tolerance, () -> name + " is off by " + distance + ", at most " + tolerance);
        });
    }
}
