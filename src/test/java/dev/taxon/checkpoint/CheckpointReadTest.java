package dev.taxon.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.taxon.checkpoint.pickle.OrderedDict;
import dev.taxon.checkpoint.pickle.Tuple;
import dev.taxon.tensor.Shape;
import dev.taxon.tensor.Tensor;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class CheckpointReadTest {
    @ParameterizedTest
    @ValueSource(strings = {"zip.pth", "deflated.pth", "legacy.pth"})
    void readsEveryDtypeAndLayoutAsPyTorchWroteIt(String file) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(Golden.file("checkpoint/" + file))) {
            StateDict state = checkpoint.stateDict();
            Map<?, ?> expected = expected();
            assertEquals(new ArrayList<>(expected.keySet()), new ArrayList<>(state.names()));
            state.tensors().forEach((name, tensor) -> assertMatches(name, (Map<?, ?>) expected.get(name), tensor));
        }
    }

    private static Map<?, ?> expected() throws IOException {
        // JSON is YAML
        String json = Files.readString(Golden.file("checkpoint/expected.json"));
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(json);
    }

    private static void assertMatches(String name, Map<?, ?> expected, Tensor tensor) {
        assertEquals(expected.get("dtype"), tensor.dtype().name().toLowerCase(Locale.ROOT), name);
        assertEquals(expected.get("shape").toString(), tensor.shape().toList().toString(), name);
        double[] values = ((List<?>) expected.get("values"))
                .stream().mapToDouble(v -> number(v.toString())).toArray();
        assertArrayEquals(values, tensor.toDoubles(), name);
    }

    private static double number(String python) {
        return switch (python) {
            case "inf" -> Double.POSITIVE_INFINITY;
            case "True" -> 1;
            case "False" -> 0;
            default -> Double.parseDouble(python);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"zip.pth", "deflated.pth", "legacy.pth"})
    void readsPlainValuesAsDocumented(String file) {
        try (Checkpoint checkpoint = Checkpoint.open(Golden.file("checkpoint/" + file))) {
            assertInstanceOf(OrderedDict.class, checkpoint.tree().get("state_dict"));
            Map<Object, Object> meta = checkpoint.meta();
            assertNull(meta.get("none"));
            assertEquals(true, meta.get("true"));
            assertEquals(7L, meta.get("small"));
            assertEquals(-5L, meta.get("negative"));
            assertEquals(70000L, meta.get("wide"));
            assertEquals(1L << 40, meta.get("long"));
            assertEquals(BigInteger.TWO.pow(70).negate(), meta.get("huge"));
            assertEquals(2.5, meta.get("real"));
            assertEquals("grün \ud83d\udc0d", meta.get("text"));
            assertArrayEquals(new byte[] {0, -1}, (byte[]) meta.get("raw"));
            assertEquals(List.of(1L, "a", List.of()), meta.get("items"));
            assertEquals(new Tuple(List.of(1L, 2L)), assertInstanceOf(Tuple.class, meta.get("pair")));
            assertEquals(List.of(1L, 2L, 3L, 4L), meta.get("quad"));
            assertEquals(Map.of("a", Map.of("b", List.of(1.5))), meta.get("nested"));
            assertEquals(Map.of(), meta.get("empty"));
        }
    }

    @Test
    void swapsTheBytesOfABigEndianFile() {
        try (Checkpoint checkpoint = Checkpoint.open(Golden.file("checkpoint/big_endian.pth"))) {
            Tensor x = checkpoint.stateDict().tensors().get("x");
            assertArrayEquals(new float[] {1, -2.5f}, x.toFloats());
        }
    }

    @Test
    void opensMmclsCheckpointWithMetaAndOptimizer() {
        try (Checkpoint checkpoint = Checkpoint.open(Golden.file("mmcls/lenet5_epoch_2.pth"))) {
            assertEquals(2L, checkpoint.meta().get("epoch"));
            assertEquals(32L, checkpoint.meta().get("iter"));
            assertEquals(10, ((List<?>) checkpoint.meta().get("CLASSES")).size());
            StateDict state = checkpoint.stateDict();
            assertEquals("backbone.features.0.weight", state.names().iterator().next());
            assertEquals(
                    Shape.of(6, 1, 5, 5),
                    state.tensors().get("backbone.features.0.weight").shape());
            assertEquals(10, ((Map<?, ?>) checkpoint.optimizer().get("state")).size());
            assertEquals(Map.of(), checkpoint.taxon());
        }
    }
}
