package dev.taxon.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.UserError;
import dev.taxon.data.Loading.OnError;
import dev.taxon.data.dataset.MemoryDataset;
import dev.taxon.data.image.OpenCvDecoder;
import dev.taxon.data.transform.Image;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataLoaderTest {
    private static final Shape SHAPE = Shape.of(3, 8, 8);
    private static final Pipeline AUGMENTED = new TransformReader(new OpenCvDecoder())
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
        return loader(dataset, sampler, batch, layout, Loading.training(workers, 7));
    }

    private static DataLoader loader(
            MemoryDataset dataset, Sampler sampler, int batch, Layout layout, Loading loading) {
        return new DataLoader(dataset, sampler, new InputSpec(batch, SHAPE, layout), loading);
    }

    @Test
    void threadsDoNotMatter() {
        List<List<Kept>> runs = new ArrayList<>();
        for (int workers : List.of(0, 1, 2, 5)) {
            try (var loader = loader(SmallDataset.of(53, AUGMENTED), new RandomSampler(7), 4, Layout.NHWC, workers)) {
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
        try (var loader = loader(SmallDataset.of(50, AUGMENTED), new RandomSampler(7), 4, Layout.NCHW, workers)) {
            List<Kept> whole = epoch(loader, 3, 0);
            assertEquals(whole.subList(9, whole.size()), epoch(loader, 3, 9));
            assertEquals(List.of(), epoch(loader, 3, 13));
        }
    }

    @Test
    void everyExampleComesOnceAndTheLastBatchMayBeShort() {
        try (var loader = loader(SmallDataset.of(10, AUGMENTED), new RandomSampler(1), 4, Layout.NHWC, 2)) {
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
        try (var loader = loader(
                SmallDataset.of(10, AUGMENTED),
                new RandomSampler(1),
                4,
                Layout.NHWC,
                new Loading(1, 2, true, true, 1, OnError.RAISE))) {
            assertEquals(2, loader.batches());
            assertEquals(2, epoch(loader, 0, 0).size());
        }
    }

    @Test
    void layoutsHoldTheSameValues() {
        var plain = SmallDataset.of(2, Pipeline.EMPTY);
        try (var nchw = loader(plain, new SequentialSampler(), 2, Layout.NCHW, 0);
                var nhwc = loader(plain, new SequentialSampler(), 2, Layout.NHWC, 0)) {
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
        try (var loader = loader(dataset, new SequentialSampler(), 4, Layout.NHWC, workers)) {
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
            try (var loader = loader(SmallDataset.of(400, AUGMENTED), new RandomSampler(i), 4, Layout.NHWC, 3)) {
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
        try (var loader =
                new DataLoader(SmallDataset.of(4, Pipeline.EMPTY), new SequentialSampler(), spec, Loading.plain(1))) {
            UserError error =
                    assertThrows(UserError.class, () -> loader.iterator(0).next());
            assertEquals(
                    "Small[0]: the pipeline makes images of shape (3, 8, 8), but the model takes (3, 32, 32);"
                            + " add a Resize or a crop",
                    error.getMessage());
        }
    }

    /** Counts the samples that were begun, and which threads did it. */
    private static final class Counting implements Transform {
        final AtomicInteger samples = new AtomicInteger();
        final Set<Thread> threads = ConcurrentHashMap.newKeySet();

        @Override
        public Sample apply(Sample sample, Rng rng) {
            samples.incrementAndGet();
            threads.add(Thread.currentThread());
            return sample;
        }

        @Override
        public boolean random() {
            return true; // so that nothing is kept from epoch to epoch
        }

        void await(int count) throws InterruptedException {
            long end = System.nanoTime() + 20_000_000_000L;
            while (samples.get() < count && System.nanoTime() < end) {
                Thread.sleep(1);
            }
            assertTrue(samples.get() >= count, samples + " of " + count);
        }
    }

    @Test
    void theNextEpochsFirstBatchesAreReadyBeforeThisOneEnds() throws Exception {
        var counting = new Counting();
        var dataset = SmallDataset.of(40, new Pipeline(List.of(counting)));
        try (var loader = loader(dataset, new RandomSampler(3), 4, Layout.NHWC, 2);
                var validation = loader(
                        SmallDataset.of(9, Pipeline.EMPTY),
                        new SequentialSampler(),
                        4,
                        Layout.NHWC,
                        Loading.plain(2))) {
            List<Kept> epochs = new ArrayList<>();
            for (int epoch = 0; epoch < 3; epoch++) {
                try (Batches batches = loader.iterator(epoch)) {
                    for (int i = 0; i < 10; i++) {
                        epochs.add(Kept.of(batches.next()));
                    }
                    counting.await(40 * (epoch + 1) + 16); // the last batch is lent still, four slots are full again
                    assertFalse(batches.hasNext());
                }
                assertEquals(3, epoch(validation, 0, 0).size());
            }
            assertEquals(2, counting.threads.size(), "the same threads all the time");
            assertEquals(3 * 40 + 16, counting.samples.get(), "nothing was prepared twice");
            try (var fresh = loader(dataset, new RandomSampler(3), 4, Layout.NHWC, 0)) {
                for (int epoch = 0; epoch < 3; epoch++) {
                    assertEquals(epochs.subList(epoch * 10, epoch * 10 + 10), epoch(fresh, epoch, 0));
                }
            }
        }
    }

    @Test
    void anyEpochCanFollowAnyOther() {
        try (var loader = loader(SmallDataset.of(23, AUGMENTED), new RandomSampler(3), 4, Layout.NHWC, 2);
                var fresh = loader(SmallDataset.of(23, AUGMENTED), new RandomSampler(3), 4, Layout.NHWC, 0)) {
            Rng rng = new Rng(5, 0);
            for (int i = 0; i < 60; i++) {
                int epoch = rng.nextInt(3);
                int first = rng.nextInt(2) * rng.nextInt(7);
                try (Batches batches = loader.iterator(epoch, first)) {
                    List<Kept> expected = epoch(fresh, epoch, first);
                    int taken = rng.nextInt(2) == 0 ? expected.size() : rng.nextInt(expected.size() + 1);
                    for (int n = 0; n < taken; n++) {
                        assertEquals(expected.get(n), Kept.of(batches.next()));
                    }
                }
            }
        }
    }

    @Test
    void epochsOfOneBatchRollToo() {
        try (var loader = loader(SmallDataset.of(3, AUGMENTED), new RandomSampler(3), 4, Layout.NHWC, 3);
                var fresh = loader(SmallDataset.of(3, AUGMENTED), new RandomSampler(3), 4, Layout.NHWC, 0)) {
            for (int epoch = 0; epoch < 30; epoch++) {
                assertEquals(epoch(fresh, epoch, 0), epoch(loader, epoch, 0));
            }
        }
    }

    @Test
    void copiesOfAnExampleAreAugmentedEachInItsOwnWay() {
        var sampler = new RepeatAugSampler(true, 3, 0, 0, 7, Sampler.Rank.ONLY);
        List<List<Kept>> runs = new ArrayList<>();
        for (int workers : List.of(0, 2)) {
            try (var loader = loader(SmallDataset.of(30, AUGMENTED), sampler, 3, Layout.NHWC, workers)) {
                runs.add(epoch(loader, 0, 0));
            }
        }
        assertEquals(runs.get(0), runs.get(1));
        int different = 0;
        for (Kept batch : runs.getFirst()) {
            assertEquals(1, new HashSet<>(batch.indices()).size(), "three of the same example");
            List<Float> data = batch.data();
            Set<List<Float>> copies =
                    Set.copyOf(List.of(data.subList(0, 192), new ArrayList<>(data.subList(192, 384))));
            different += copies.size() - 1;
        }
        assertTrue(different > 7, different + " of 10 differ");
    }

    /** An image that cannot be read at some places of the data set. */
    private static MemoryDataset damaged(int size, Set<String> names) {
        Transform broken = (sample, rng) -> {
            if (names.contains(sample.name())) {
                throw new UserError(sample.name() + " is damaged");
            }
            return sample;
        };
        return SmallDataset.of(size, new Pipeline(List.of(broken)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void inTrainingTheNextReadableExampleTakesThePlaceOfADamagedOne(int workers) {
        var dataset = damaged(10, Set.of("Small[2]", "Small[3]", "Small[9]"));
        var loading = new Loading(workers, 2, false, true, 1, OnError.REPLACE);
        try (var loader = loader(dataset, new SequentialSampler(), 4, Layout.NHWC, loading)) {
            for (int epoch = 0; epoch < 2; epoch++) {
                Batches batches = loader.iterator(epoch);
                List<Kept> all = new ArrayList<>();
                batches.forEachRemaining(b -> all.add(Kept.of(b)));
                List<Integer> indices =
                        all.stream().flatMap(b -> b.indices().stream()).toList();
                assertEquals(List.of(0, 1, 4, 4, 4, 5, 6, 7, 8, 0), indices);
                all.forEach(
                        b -> assertEquals(b.indices().stream().map(i -> i % 3).toList(), b.labels()));
                assertEquals(
                        List.of(
                                new Skipped("Small[2]", "Small[2] is damaged"),
                                new Skipped("Small[3]", "Small[3] is damaged"),
                                new Skipped("Small[9]", "Small[9] is damaged")),
                        batches.skipped());
            }
        }
        assertEquals(
                "on_error='skip': 1 image could not be read; others took their places. a is damaged",
                Skipped.line(List.of(new Skipped("a", "a is damaged")), "others took their places"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void inEvaluationADamagedExampleIsLeftOut(int workers) {
        var dataset = damaged(13, Set.of("Small[0]", "Small[2]", "Small[7]", "Small[12]"));
        var loading = new Loading(workers, 2, false, false, 0, OnError.LEAVE_OUT);
        try (var loader = loader(dataset, new SequentialSampler(), 4, Layout.NHWC, loading);
                var whole = loader(SmallDataset.of(13, Pipeline.EMPTY), new SequentialSampler(), 1, Layout.NHWC, 0)) {
            Batches batches = loader.iterator(0);
            List<Kept> all = new ArrayList<>();
            batches.forEachRemaining(b -> all.add(Kept.of(b)));
            assertEquals(
                    List.of(List.of(1, 3), List.of(4, 5, 6), List.of(8, 9, 10, 11), List.of()),
                    all.stream().map(Kept::indices).toList());
            List<Kept> single = epoch(whole, 0, 0);
            for (Kept batch : all) {
                for (int i = 0; i < batch.indices().size(); i++) {
                    assertEquals(
                            single.get(batch.indices().get(i)).data(),
                            batch.data().subList(192 * i, 192 * i + 192));
                    assertEquals(batch.indices().get(i) % 3, batch.labels().get(i));
                }
            }
            assertEquals(4, batches.skipped().size());
        }
    }

    @Test
    void nothingReadableIsAnError() {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            names.add("Small[" + i + "]");
        }
        var loading = new Loading(2, 2, false, true, 1, OnError.REPLACE);
        try (var loader = loader(damaged(5, names), new SequentialSampler(), 4, Layout.NHWC, loading)) {
            UserError error =
                    assertThrows(UserError.class, () -> loader.iterator(0).next());
            assertEquals("Small[4] is damaged (and the 4 examples before it failed, too)", error.getMessage());
        }
    }
}
