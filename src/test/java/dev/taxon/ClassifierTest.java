package dev.taxon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.Prediction.Ranked;
import dev.taxon.config.Config;
import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.device.cpu.CpuDevice;
import dev.taxon.random.Rng;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedding API, with ResNet-20's real weights for CIFAR-10. */
class ClassifierTest {
    private static final Path CONFIG = Path.of("configs/resnet/resnet20_cifar10.py");
    private static final List<String> CIFAR10 =
            List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

    /** Programs of other batch sizes add in another order; scores are at most 1, and float32 has 2^-24. */
    private static final double OTHER_KERNELS = 1e-5;

    @TempDir
    private Path dir;

    private Path weights;

    @BeforeEach
    void unpackWeights() throws IOException {
        weights = Files.write(dir.resolve("resnet20.th"), Golden.bytes("weights/resnet20-12fca82f.th"));
    }

    private Classifier load() {
        return Classifier.load(
                CONFIG, weights, Classifier.Options.DEFAULT.withThreads(2).withBatch(8));
    }

    /** Blobs in the colours of {@code seed}. */
    private static BufferedImage picture(int seed, int width, int height) {
        Rng rng = new Rng(seed, 0);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] colors = {rng.nextInt(), rng.nextInt(), rng.nextInt()};
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, colors[(i % width / 7 + i / width / 11) % 3]);
        }
        return image;
    }

    private Path file(int seed) throws IOException {
        Path file = dir.resolve(seed + ".png");
        ImageIO.write(picture(seed, 40 + seed % 13, 30 + seed % 7), "png", file.toFile());
        return file;
    }

    private List<Path> files(int count) throws IOException {
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            files.add(file(i));
        }
        return files;
    }

    private static List<Float> scores(Prediction p) {
        return IntStream.range(0, p.classes()).mapToObj(p::score).toList();
    }

    private static void assertClose(Prediction expected, Prediction actual) {
        for (int k = 0; k < expected.classes(); k++) {
            assertEquals(expected.score(k), actual.score(k), OTHER_KERNELS);
        }
    }

    @Test
    void anImageIsTheSameFromWhereverItComes() throws IOException {
        BufferedImage image = picture(3, 50, 37);
        Path file = dir.resolve("image.png");
        ImageIO.write(image, "png", file.toFile());
        byte[] bytes = Files.readAllBytes(file);
        try (Classifier classifier = load();
                Arena arena = Arena.ofConfined()) {
            Prediction expected = classifier.predict(file);
            MemorySegment encoded = arena.allocate(bytes.length);
            encoded.copyFrom(MemorySegment.ofArray(bytes));
            MemorySegment rgb = arena.allocate(50 * 37 * 3);
            MemorySegment bgr = arena.allocate(50 * 37 * 3);
            for (int i = 0; i < 50 * 37 * 3; i++) {
                int value = image.getRGB(i / 3 % 50, i / 150);
                rgb.set(ValueLayout.JAVA_BYTE, i, (byte) (value >> 8 * (2 - i % 3)));
                bgr.set(ValueLayout.JAVA_BYTE, i, (byte) (value >> 8 * (i % 3)));
            }
            List<Prediction> others = List.of(
                    classifier.predict(bytes),
                    classifier.predict(encoded),
                    classifier.predict(image),
                    classifier.predict(Picture.of(rgb, 37, 50, ChannelOrder.RGB)),
                    classifier.predict(Picture.of(bgr, 37, 50, ChannelOrder.BGR)));
            others.forEach(p -> assertEquals(scores(expected), scores(p)));
            assertClose(
                    expected,
                    classifier
                            .predict(List.of(
                                    Picture.of(encoded), Picture.of(file), Picture.of(rgb, 37, 50, ChannelOrder.RGB)))
                            .getLast());
            assertEquals(1, scores(expected).stream().mapToDouble(f -> f).sum(), 1e-6);
        }
    }

    @Test
    void rawPixelsMustFillTheirSize() {
        MemorySegment pixels = MemorySegment.ofArray(new byte[11]);
        assertThrows(IllegalArgumentException.class, () -> Picture.of(pixels, 2, 2, ChannelOrder.RGB));
        assertThrows(IllegalArgumentException.class, () -> Picture.of(pixels, -1, -11, ChannelOrder.GREY));
    }

    @Test
    void namesAndNotesSayWhereTheyComeFrom() throws IOException {
        try (Classifier classifier = load()) {
            assertEquals(CIFAR10, classifier.classes());
            assertTrue(
                    classifier.notes().contains("the checkpoint has no class names: they are those of CIFAR10"),
                    classifier.notes()::toString);
            Prediction p = classifier.predict(file(1));
            assertEquals(CIFAR10.get(p.label()), p.className());
            assertEquals(p.score(p.label()), p.score());
        }
        Config other =
                Config.load(CONFIG).with(List.of("data.test.type=CustomDataset", "data.test.data_prefix=" + dir));
        try (Classifier classifier = Classifier.load(other, weights, Classifier.Options.DEFAULT)) {
            assertEquals("7", classifier.classes().get(7));
            assertTrue(classifier.notes().toString().contains("classes are numbers"), classifier.notes()::toString);
        }
        Config own = other.with(List.of("data.test.classes=a,b,c,d,e,f,g,h,i,j"));
        try (Classifier classifier = Classifier.load(own, weights, Classifier.Options.DEFAULT)) {
            assertEquals("h", classifier.classes().get(7));
        }
    }

    @Test
    void topClassesAreInOrderAndNoMoreThanThereAre() throws IOException {
        try (Classifier classifier = load()) {
            Prediction p = classifier.predict(file(2));
            List<Ranked> all = p.top(99);
            assertEquals(10, all.size());
            assertEquals(p.label(), all.getFirst().label());
            for (int i = 1; i < 10; i++) {
                assertTrue(all.get(i - 1).score() >= all.get(i).score());
            }
            assertEquals(all.subList(0, 3), p.top(3));
            assertThrows(IllegalArgumentException.class, () -> p.top(0));
        }
    }

    @Test
    void aListIsInOrderAndEachAsAlone() throws IOException {
        List<Path> files = files(23); // 8 + 8 + 4 + 1 + 1 + 1
        try (Classifier classifier = load()) {
            List<Prediction> together =
                    classifier.predict(files.stream().map(Picture::of).toList());
            assertEquals(23, together.size());
            for (int i = 0; i < 23; i++) {
                assertClose(classifier.predict(files.get(i)), together.get(i));
            }
            assertEquals(List.of(), classifier.predict(List.of()));
        }
    }

    /** A config without Resize: each image runs in its own size, more sizes than programs are kept. */
    @Test
    void imagesOfManySizesRunThroughAConfigThatLeavesThem() throws IOException {
        Config config = Config.load(CONFIG).with(List.of("data.test.type=CustomDataset"));
        List<Picture> pictures = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            pictures.add(Picture.of(picture(i / 2, 32 + i, 40)));
        }
        Collections.addAll(pictures, pictures.toArray(Picture[]::new));
        try (Classifier classifier = Classifier.load(config, weights, Classifier.Options.DEFAULT)) {
            List<Prediction> together = classifier.predict(pictures);
            for (int i = 0; i < 15; i++) {
                assertEquals(scores(together.get(i)), scores(together.get(15 + i)));
                assertClose(classifier.predict(pictures.get(i)), together.get(i));
            }
        }
    }

    @Test
    void manyThreadsGetWhatOneGets() throws Exception {
        List<Path> files = files(9);
        List<Picture> pictures = files.stream().map(Picture::of).toList();
        try (Classifier classifier = load();
                ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
            List<List<Float>> alone =
                    files.stream().map(f -> scores(classifier.predict(f))).toList();
            List<List<Float>> listed = classifier.predict(pictures).stream()
                    .map(ClassifierTest::scores)
                    .toList();
            List<Future<?>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                int n = i;
                calls.add(virtual.submit(() -> {
                    if (n % 10 == 0) {
                        assertEquals(
                                listed,
                                classifier.predict(pictures).stream()
                                        .map(ClassifierTest::scores)
                                        .toList());
                    } else {
                        assertEquals(alone.get(n % 9), scores(classifier.predict(files.get(n % 9))));
                    }
                }));
            }
            for (Future<?> call : calls) {
                call.get();
            }
        }
    }

    @Test
    void oneBadPictureIsNamedAndMayBeSkipped() throws IOException {
        Path bad = Files.writeString(dir.resolve("bad.png"), "no image");
        List<Picture> pictures = List.of(
                Picture.of(file(1)),
                Picture.of(bad),
                Picture.of(file(2)),
                Picture.of(new byte[5]).named("upload 7"));
        try (Classifier classifier = load()) {
            UserError error = assertThrows(UserError.class, () -> classifier.predict(pictures));
            assertTrue(String.valueOf(error.getMessage()).contains("bad.png"), error::getMessage);
            List<String> heard = new ArrayList<>();
            classifier.predictEach(pictures, new Classifier.Listener() {
                @Override
                public void predicted(int index, Picture picture, Prediction prediction) {
                    heard.add(index + " " + picture.name());
                }

                @Override
                public void failed(int index, Picture picture, UserError error) {
                    assertTrue(String.valueOf(error.getMessage()).contains(picture.name()), error::getMessage);
                    heard.add(index + " failed");
                }
            });
            assertEquals(
                    List.of("0 " + dir.resolve("1.png"), "1 failed", "2 " + dir.resolve("2.png"), "3 failed"), heard);
        }
    }

    /**
     * Decoders' scratch memory waits for the garbage collector, and the JVM's compiler uses malloc too, up and down; a leak
     * shows in every window of ten classifiers: ten copies of the weights alone, 272,474 floats, are 10.9 MB.
     */
    @Test
    void closingFreesEverything() throws IOException {
        List<Picture> pictures = files(5).stream().map(Picture::of).toList();
        long handles = CpuDevice.liveNativeBytes();
        long growth = Long.MAX_VALUE;
        for (int window = 0; window < 8 && growth > 5_000_000; window++) {
            long before = mallocBytesAfterCollection();
            for (int i = 0; i < 10; i++) {
                try (Classifier classifier = load()) {
                    classifier.predict(pictures);
                    assertTrue(CpuDevice.liveNativeBytes() > handles);
                }
                assertEquals(handles, CpuDevice.liveNativeBytes());
            }
            growth = mallocBytesAfterCollection() - before;
        }
        assertTrue(growth <= 5_000_000, "the C heap grows by " + growth + " bytes with ten classifiers");
        assertEquals(0, threads("taxon-decode-"));
        assertEquals(0, threads("taxon-cpu"));
    }

    /** Memory that is out of reach is freed by the collector's cleaner, a thread of its own: the least of some readings. */
    private static long mallocBytesAfterCollection() {
        long least = Long.MAX_VALUE;
        for (int reading = 0; reading < 5; reading++) {
            System.gc();
            LockSupport.parkNanos(20_000_000);
            least = Math.min(least, CpuDevice.mallocBytes());
        }
        return least;
    }

    private static long threads(String name) {
        long deadline = System.nanoTime() + 5_000_000_000L; // ends of threads are not waited for
        long alive = Long.MAX_VALUE;
        while (alive > 0 && System.nanoTime() < deadline) {
            alive = Thread.getAllStackTraces().keySet().stream()
                    .filter(t -> t.getName().startsWith(name))
                    .count();
        }
        return alive;
    }

    @Test
    void afterClosingEveryCallSaysSo() throws IOException {
        Path file = file(1);
        Classifier classifier = load();
        classifier.close();
        classifier.close();
        IllegalStateException error = assertThrows(IllegalStateException.class, () -> classifier.predict(file));
        assertEquals("this classifier is closed; load another one", error.getMessage());
        assertThrows(IllegalStateException.class, () -> classifier.predict(List.of()));
    }

    @Test
    void closingWaitsForCallsInFlight() throws Exception {
        List<Picture> pictures = files(12).stream().map(Picture::of).toList();
        Classifier classifier = load();
        CountDownLatch running = new CountDownLatch(1);
        List<Integer> heard = Collections.synchronizedList(new ArrayList<>());
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                classifier.predictEach(pictures, (index, picture, prediction) -> {
                    running.countDown();
                    heard.add(index);
                });
            } catch (RuntimeException e) {
                thrown.set(e);
            }
        });
        running.await();
        classifier.close();
        assertEquals(12, heard.size());
        caller.join();
        assertSame(null, thrown.get());
    }

    @Test
    void aListenerCannotCloseWhatCallsIt() throws IOException {
        List<Picture> pictures = List.of(Picture.of(file(1)));
        try (Classifier classifier = load()) {
            IllegalStateException error = assertThrows(
                    IllegalStateException.class,
                    () -> classifier.predictEach(pictures, (index, picture, prediction) -> classifier.close()));
            assertTrue(String.valueOf(error.getMessage()).contains("listener"), error::getMessage);
            assertFalse(classifier.predict(pictures).isEmpty());
        }
    }

    @Test
    void mistakesAreSentences() {
        assertThrows(UserError.class, () -> Classifier.Options.DEFAULT.withBatch(0));
        assertThrows(UserError.class, () -> Classifier.Options.DEFAULT.withThreads(-1));
        assertThrows(UserError.class, () -> Classifier.load(CONFIG, dir.resolve("none.pth")));
        assertThrows(UserError.class, () -> Classifier.load(dir.resolve("none.py"), weights));
        assertThrows(
                UserError.class, () -> Classifier.load(CONFIG, weights, Classifier.Options.DEFAULT.onDevice("abacus")));
    }
}
