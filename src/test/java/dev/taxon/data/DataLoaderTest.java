package dev.taxon.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.UserError;
import dev.taxon.data.dataset.MemoryDataset;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.JdkDecoder;
import dev.taxon.data.transform.Pipeline;
import dev.taxon.data.transform.Sample;
import dev.taxon.data.transform.Transform;
import dev.taxon.data.transform.TransformReader;
import dev.taxon.device.InputSpec;
import dev.taxon.device.InputSpec.Layout;
import dev.taxon.random.Rng;
import dev.taxon.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataLoaderTest {
    private static final Shape SHAPE = Shape.of(3, 8, 8);
    private static final Pipeline AUGMENTED = new TransformReader(new JdkDecoder())
            .pipeline(List.of(
                    Configs.fields("type", "RandomCrop", "size", 8, "padding", 2),
                    Configs.fields("type", "RandomFlip", "flip_prob", 0.5),
                    Configs.fields("type", "Normalize", "mean", List.of(1, 2, 3), "std", List.of(4, 5, 6)),
                    Configs.fields("type", "ImageToTensor", "keys", List.of("img")),
                    Configs.fields("type", "Collect", "keys", List.of("img", "gt_label"))));

    /** A batch whose buffers are its own. */
    private record Kept(List<Float> data, List<Integer> labels, List<Integer> indices, int number) {
        static Kept of(Batch b) {
            List<Float> data = new ArrayList<>();
            for (float v : b.data().toArray(ValueLayout.JAVA_FLOAT)) {
                data.add(v);
            }
            return new Kept(
                    data,
                    Arrays.stream(b.labels()).boxed().toList(),
                    Arrays.stream(b.indices()).boxed().toList(),
                    b.number());
        }
    }

    private static List<Kept> epoch(DataLoader loader, int epoch, int first) {
        List<Kept> out = new ArrayList<>();
        try (Batches batches = loader.iterator(epoch, first)) {
            batches.forEachRemaining(b -> out.add(Kept.of(b)));
        }
        return out;
    }

    private static DataLoader loader(MemoryDataset dataset, Sampler sampler, int batch, Layout layout, int workers) {
        return new DataLoader(dataset, sampler, new InputSpec(batch, SHAPE, layout), workers);
    }

    @Test
    void threadsDoNotMatter() {
        List<List<Kept>> runs = new ArrayList<>();
        for (int workers : List.of(0, 1, 2, 5)) {
            try (var loader =
                    loader(SmallDataset.of(53, AUGMENTED), new Sampler(true, false, 7), 4, Layout.NHWC, workers)) {
                List<Kept> both = new ArrayList<>(epoch(loader, 0, 0));
                both.addAll(epoch(loader, 1, 0));
                runs.add(both);
            }
        }
        assertEquals(28, runs.getFirst().size());
        for (List<Kept> run : runs) {
            assertEquals(runs.getFirst(), run);
        }
        assertNotEquals(runs.getFirst().get(0).data(), runs.getFirst().get(14).data(), "epochs differ");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void anEpochCanBeginInItsMiddle(int workers) {
        try (var loader =
                loader(SmallDataset.of(50, AUGMENTED), new Sampler(true, false, 7), 4, Layout.NCHW, workers)) {
            List<Kept> whole = epoch(loader, 3, 0);
            assertEquals(whole.subList(9, whole.size()), epoch(loader, 3, 9));
            assertEquals(List.of(), epoch(loader, 3, 13));
        }
    }

    @Test
    void everyExampleComesOnceAndTheLastBatchMayBeShort() {
        try (var loader = loader(SmallDataset.of(10, AUGMENTED), new Sampler(true, false, 1), 4, Layout.NHWC, 2)) {
            List<Kept> all = epoch(loader, 0, 0);
            assertEquals(3, loader.batches());
            assertEquals(2, all.getLast().labels().size());
            assertEquals(2, loader.count(2));
            assertEquals(2 * SHAPE.numel(), all.getLast().data().size());
            Set<Integer> seen = new HashSet<>();
            all.forEach(b -> seen.addAll(b.indices()));
            assertEquals(10, seen.size());
            all.forEach(b -> assertEquals(b.indices().stream().map(i -> i % 3).toList(), b.labels()));
        }
        try (var loader = loader(SmallDataset.of(10, AUGMENTED), new Sampler(true, true, 1), 4, Layout.NHWC, 1)) {
            assertEquals(2, loader.batches());
            assertEquals(2, epoch(loader, 0, 0).size());
        }
    }

    @Test
    void layoutsHoldTheSameValues() {
        var plain = SmallDataset.of(2, Pipeline.EMPTY);
        try (var nchw = loader(plain, Sampler.SEQUENTIAL, 2, Layout.NCHW, 0);
                var nhwc = loader(plain, Sampler.SEQUENTIAL, 2, Layout.NHWC, 0)) {
            List<Float> planar = epoch(nchw, 0, 0).getFirst().data();
            List<Float> interleaved = epoch(nhwc, 0, 0).getFirst().data();
            byte[] pixels = SmallDataset.image(1).pixels();
            for (int y = 0; y < 8; y++) {
                for (int x = 0; x < 8; x++) {
                    for (int c = 0; c < 3; c++) {
                        float expected = pixels[(y * 8 + x) * 3 + c] & 0xFF;
                        assertEquals(expected, planar.get(192 + c * 64 + y * 8 + x));
                        assertEquals(expected, interleaved.get(192 + (y * 8 + x) * 3 + c));
                    }
                }
            }
        }
    }

    @Test
    void tableLookUpsAreTheTransformsValues() {
        var dataset = SmallDataset.of(5, AUGMENTED);
        for (Layout layout : Layout.values()) {
            var writer = new BatchWriter(new InputSpec(1, SHAPE, layout));
            Sample mapped = dataset.sample(3, new Rng(1, 2));
            float[] fast = new float[192];
            float[] plain = new float[192];
            writer.write(mapped, MemorySegment.ofArray(fast), 0);
            writer.write(mapped.with(mapped.pixels().toFloats()), MemorySegment.ofArray(plain), 0);
            assertTrue(mapped.pixels() instanceof Image.Mapped);
            assertArrayEquals(plain, fast);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void anErrorReachesTheCallerWithTheSamplesName(int workers) {
        Transform broken = (sample, rng) -> {
            if (sample.name().equals("Small[9]")) {
                throw new UserError("this image is damaged");
            }
            return sample;
        };
        var dataset = SmallDataset.of(40, new Pipeline(List.of(broken)));
        try (var loader = loader(dataset, Sampler.SEQUENTIAL, 4, Layout.NHWC, workers)) {
            Batches batches = loader.iterator(0);
            batches.next();
            batches.next();
            UserError error = assertThrows(UserError.class, batches::next);
            assertEquals("Small[9]: this image is damaged", error.getMessage());
            assertFalse(batches.hasNext());
        }
    }

    @Test
    void closingEarlyIsSafe() {
        for (int i = 0; i < 20; i++) {
            try (var loader = loader(SmallDataset.of(400, AUGMENTED), new Sampler(true, false, i), 4, Layout.NHWC, 3)) {
                Batches abandoned = loader.iterator(0);
                for (int n = 0; n < i; n++) {
                    abandoned.next();
                }
                if (i % 2 == 0) {
                    abandoned.close();
                }
                assertEquals(100, epoch(loader, 1, 0).size());
                loader.iterator(2).next();
            }
        }
        assertTrue(Thread.getAllStackTraces().keySet().stream()
                .noneMatch(t -> t.getName().startsWith("taxon-data")));
    }

    @Test
    void aWrongShapeIsOneSentence() {
        var spec = new InputSpec(2, Shape.of(3, 32, 32), Layout.NHWC);
        try (var loader = new DataLoader(SmallDataset.of(4, Pipeline.EMPTY), Sampler.SEQUENTIAL, spec, 1)) {
            UserError error =
                    assertThrows(UserError.class, () -> loader.iterator(0).next());
            assertEquals(
                    "Small[0]: the pipeline makes images of shape (3, 8, 8), but the model takes (3, 32, 32);"
                            + " add a Resize or a crop",
                    error.getMessage());
        }
    }
}
