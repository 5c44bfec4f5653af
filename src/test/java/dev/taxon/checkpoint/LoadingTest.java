package dev.taxon.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.UserError;
import dev.taxon.device.Weights;
import dev.taxon.device.reference.ReferenceDevice;
import dev.taxon.tensor.DType;
import dev.taxon.tensor.Shape;
import dev.taxon.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class LoadingTest {
    private static final KeyMap SAME = KeyMap.of("^", "");

    private static LoadReport load(StateDict dict, boolean strict, Consumer<StateDict> loaded) {
        try (ReferenceDevice device = new ReferenceDevice();
                Weights weights = device.allocate(SmallNet.graph(2));
                Arena arena = Arena.ofConfined()) {
            LoadReport report = Loading.into(weights, dict, strict);
            loaded.accept(StateDict.of(weights, arena));
            return report;
        }
    }

    private static void assertLoads(StateDict dict, String note) {
        StateDict expected = SmallNet.state(2, SAME);
        LoadReport report = load(dict, true, loaded -> {
            assertEquals(List.copyOf(expected.names()), List.copyOf(loaded.names()));
            expected.tensors()
                    .forEach((name, tensor) -> assertArrayEquals(
                            tensor.toDoubles(), loaded.tensors().get(name).toDoubles(), name));
            Tensor counter = loaded.tensors().get("backbone.bn1.num_batches_tracked");
            assertEquals(DType.INT64, counter.dtype());
        });
        assertTrue(report.isExact());
        assertTrue(report.note().contains(note), report.note());
        assertEquals("", report.text());
        assertSame(report, report.requireComplete("x.pth"));
    }

    @Test
    void copiesEveryEntryThereAndBack() {
        assertLoads(SmallNet.state(2, SAME), "");
    }

    @Test
    void translatesKnownNames() {
        KeyMap bare = KeyMap.of("^backbone\\.", "");
        assertLoads(SmallNet.state(2, KeyMap.of("^", "module.")), "");
        assertLoads(SmallNet.state(2, bare.then("^head\\.fc", "linear").then("^", "module.")), "akamaster");
        assertLoads(SmallNet.state(2, bare.then("^head\\.fc", "fc")), "torchvision");
    }

    @Test
    void roundsOtherTypesAndTakesOneElementForAScalar() {
        Map<String, Tensor> tensors =
                new LinkedHashMap<>(SmallNet.state(2, SAME).tensors());
        tensors.put("head.fc.bias", new Tensor(DType.FLOAT16, Shape.of(2), MemorySegment.ofArray(new short[] {
            0x3c00, (short) 0xc100
        })));
        tensors.put("backbone.bn1.num_batches_tracked", Tensor.of(Shape.of(1), 7));
        load(new StateDict(tensors), true, loaded -> {
            assertArrayEquals(
                    new float[] {1, -2.5f}, loaded.tensors().get("head.fc.bias").toFloats());
            assertEquals(
                    7, loaded.tensors().get("backbone.bn1.num_batches_tracked").toDoubles()[0]);
        });
    }

    @Test
    void missingCountersDoNotMatter() {
        Map<String, Tensor> tensors =
                new LinkedHashMap<>(SmallNet.state(2, SAME).tensors());
        tensors.remove("backbone.bn1.num_batches_tracked");
        assertTrue(load(new StateDict(tensors), true, loaded -> {}).isExact());
    }

    @Test
    void listsEachDifferenceOnceInMmcvsWords() {
        Map<String, Tensor> tensors =
                new LinkedHashMap<>(SmallNet.state(5, SAME).tensors());
        Tensor mean = tensors.remove("backbone.bn1.running_mean");
        tensors.put("backbone.extra", mean);
        LoadReport report = load(new StateDict(tensors), false, loaded -> {
            assertArrayEquals(new float[2], loaded.tensors().get("head.fc.bias").toFloats());
            assertArrayEquals(
                    new float[] {1, 2, 3},
                    loaded.tensors().get("backbone.conv1.weight").toFloats());
        });
        assertEquals(List.of("backbone.bn1.running_mean"), report.missing());
        assertEquals(List.of("backbone.extra"), report.unexpected());
        assertEquals(2, report.wrongShape().size());
        assertEquals(5, report.matched().size());
        assertEquals("""
                The model and loaded state dict do not match exactly: loaded 5 of 8 entries
                other shape, not loaded (2):
                  head.fc.weight: (5, 12) in the checkpoint, (2, 12) in the model
                  head.fc.bias: (5,) in the checkpoint, (2,) in the model
                missing in the checkpoint (1):
                  backbone.bn1.running_mean
                in the checkpoint only (1):
                  backbone.extra
                the checkpoint has 5 classes and the model has 2 (head.fc.weight); set num_classes to the checkpoint's, or \
                train the head anew""", report.text());
        UserError strict = assertThrows(UserError.class, () -> load(new StateDict(tensors), true, loaded -> {}));
        assertEquals(report.text(), strict.getMessage());
    }

    @Test
    void wrongClassCountIsOneSentence() {
        LoadReport report = load(SmallNet.state(5, SAME), false, loaded -> {});
        UserError error = assertThrows(UserError.class, () -> report.requireComplete("x.pth"));
        assertEquals(
                "x.pth: the checkpoint has 5 classes and the model has 2 (head.fc.weight); set num_classes to the"
                        + " checkpoint's",
                error.getMessage());
        error = assertThrows(UserError.class, () -> report.requireSameClasses("x.pth"));
        assertEquals(
                "x.pth: the checkpoint has 5 classes and the model has 2 (head.fc.weight); set num_classes to the"
                        + " checkpoint's, or leave the head as it is initialized with train --skip-head or --cfg-options"
                        + " taxon.skip_head=True",
                error.getMessage());
        LoadReport same = load(SmallNet.state(2, SAME), false, loaded -> {});
        assertSame(same, same.requireSameClasses("x.pth"));
    }

    @Test
    void theHeadIsSkippedWhenAsked() {
        try (ReferenceDevice device = new ReferenceDevice();
                Weights weights = device.allocate(SmallNet.graph(2));
                Arena arena = Arena.ofConfined()) {
            LoadReport report = Loading.withoutHead(weights, SmallNet.state(5, SAME));
            assertTrue(report.isExact());
            assertEquals(List.of("head.fc.weight", "head.fc.bias"), report.skipped());
            assertEquals(
                    "loaded 6 of 6 entries; skipped the head, as asked: head.fc.weight, head.fc.bias",
                    report.summary());
            StateDict loaded = StateDict.of(weights, arena);
            assertArrayEquals(new float[2], loaded.tensors().get("head.fc.bias").toFloats());
            assertArrayEquals(
                    new float[] {1, 2, 3},
                    loaded.tensors().get("backbone.conv1.weight").toFloats());
        }
    }

    @Test
    void aModuleTakesItsOwnNamesAndAWholeClassifiers() {
        KeyMap bare = KeyMap.of("^backbone\\.", "");
        for (KeyMap names : List.of(SAME, bare, bare.then("^head\\.fc", "fc"), KeyMap.of("^", "module."))) {
            try (ReferenceDevice device = new ReferenceDevice();
                    Weights weights = device.allocate(SmallNet.graph(2))) {
                LoadReport report = Loading.module(weights, SmallNet.state(2, names), "backbone");
                assertEquals(6, report.matched().size(), report.text());
                assertEquals(List.of(), report.missing());
                assertEquals(2, report.unexpected().size(), "the head");
            }
        }
        StateDict whole = SmallNet.state(2, SAME);
        assertEquals("conv1.weight", whole.under("backbone").names().iterator().next());
        assertThrows(UserError.class, () -> whole.under("neck."));
    }

    @Test
    void noticesAPrefixTooMuchOrTooLittle() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        SmallNet.state(2, SAME).tensors().forEach((name, tensor) -> {
            if (name.startsWith("backbone.")) {
                tensors.put(name.substring("backbone.".length()), tensor);
            }
        });
        StateDict bare = new StateDict(tensors);
        LoadReport report = load(
                bare,
                false,
                loaded -> assertArrayEquals(
                        new float[] {1, 2, 3},
                        loaded.tensors().get("backbone.conv1.weight").toFloats()));
        assertEquals("loaded 6 of 8 entries; 'backbone.' put before its names", report.summary());
        tensors.remove("bn1.weight"); // not all of a backbone: better ask
        report = load(bare, false, loaded -> {});
        assertEquals("loaded 6 of 8 entries; 'backbone.' put before its names", report.summary(), "a copy");
        report = load(new StateDict(tensors), false, loaded -> {});
        assertEquals(
                "4 names would match with 'backbone.' put before those of the checkpoint: engine convert IN OUT --add-prefix"
                        + " backbone.",
                hinted(report));
        report = load(SmallNet.state(2, KeyMap.of("^", "model.net.")), false, loaded -> {});
        assertEquals(
                "7 names would match without 'model.net.' before those of the checkpoint: engine convert IN OUT"
                        + " --strip-prefix model.net.",
                hinted(report));
        UserError error = assertThrows(
                UserError.class, () -> load(bare, false, loaded -> {}).requireComplete("x.pth"));
        assertTrue(error.getMessage().startsWith("x.pth does not fit the model: it lacks"), error.getMessage());
    }

    private static String hinted(LoadReport report) {
        assertTrue(report.text().endsWith(report.hint()));
        return report.hint();
    }

    @Test
    void keyMapsUsePythonsReplacements() {
        assertEquals("b.1$x", KeyMap.of("^a(\\d)", "b.\\1$").rename("a1x"));
        assertEquals("b.1", KeyMap.of("^a(?P<n>\\d)", "b.\\g<n>").rename("a1"));
        assertEquals("b.10", KeyMap.of("^a(\\d)", "b.\\g<1>0").rename("a1"));
        assertThrows(UserError.class, () -> KeyMap.of("(", ""));
        KeyMap clash = KeyMap.of("weight|bias", "x");
        assertThrows(UserError.class, () -> clash.rename(SmallNet.state(2, SAME)));
    }
}
