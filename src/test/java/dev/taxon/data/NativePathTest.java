package dev.taxon.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.taxon.data.dataset.Dataset;
import dev.taxon.data.dataset.Datasets;
import dev.taxon.data.dataset.Labels;
import dev.taxon.data.dataset.MemoryDataset;
import dev.taxon.data.dataset.Provider;
import dev.taxon.data.dataset.Recipient;
import dev.taxon.data.image.NativePipeline;
import dev.taxon.data.image.OpenCvDecoder;
import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.Pipeline;
import dev.taxon.data.transform.Sample;
import dev.taxon.data.transform.TransformReader;
import dev.taxon.device.InputSpec;
import dev.taxon.device.InputSpec.Layout;
import dev.taxon.random.Rng;
import dev.taxon.tensor.Region;
import dev.taxon.tensor.Shape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What native code makes of a pipeline in one go, against its transforms one after the other: equal bit for bit. */
class NativePathTest {
    private static final Object[] LOAD = {"type", "LoadImageFromFile"};
    private static final Object[] NORMALIZE = {
        "type",
        "Normalize",
        "mean",
        List.of(123.675, 116.28, 103.53),
        "std",
        List.of(58.395, 57.12, 57.375),
        "to_rgb",
        true
    };
    private static final Object[] FLIP = {"type", "RandomFlip"};
    private static final Object[] COLLECT = {"type", "Collect", "keys", List.of("img", "gt_label")};

    private static final long WINDOW = 32; // bytes: a header and four ints, rounded up to 8

    @TempDir
    static Path folder;

    /** One or the other way alone. */
    private record OneWay(Dataset dataset, boolean whole) implements Dataset {
        @Override
        public String name() {
            return dataset.name();
        }

        @Override
        public List<String> classes() {
            return dataset.classes();
        }

        @Override
        public Labels labels() {
            return dataset.labels();
        }

        @Override
        public Sample sample(int index) {
            return dataset.sample(index);
        }

        @Override
        public Sample sample(int index, Rng rng) {
            if (whole) {
                throw new IllegalStateException(index + " did not go through native code");
            }
            return dataset.sample(index, rng);
        }

        @Override
        public boolean offer(int index, Recipient to) {
            return whole && dataset.offer(index, to);
        }
    }

    private static List<Object[]> resizes() {
        List<Object[]> steps = new ArrayList<>();
        for (String way : List.of("nearest", "bilinear", "bicubic", "area", "lanczos")) {
            steps.add(new Object[] {"type", "RandomResizedCrop", "size", 64, "interpolation", way});
            steps.add(new Object[] {"type", "Resize", "size", List.of(64, 64), "interpolation", way});
        }
        for (String way : List.of("nearest", "box", "bilinear", "hamming", "bicubic", "lanczos")) {
            steps.add(
                    new Object[] {"type", "RandomResizedCrop", "size", 64, "interpolation", way, "backend", "pillow"});
        }
        steps.add(new Object[] {
            "type", "RandomResizedCrop", "size", 64, "efficientnet_style", true, "interpolation", "bicubic"
        });
        steps.add(new Object[] {"type", "CenterCrop", "crop_size", 64, "efficientnet_style", true});
        return steps;
    }

    static Stream<List<Object[]>> pipelines() {
        Stream<List<Object[]>> resized = resizes().stream().map(step -> List.of(LOAD, step, FLIP, NORMALIZE, COLLECT));
        Object[] tensor = {"type", "ImageToTensor", "keys", List.of("img")};
        Object[] half = {"type", "ToHalf", "keys", List.of("img")};
        return Stream.concat(
                resized,
                Stream.of(
                        List.of(
                                LOAD,
                                new Object[] {"type", "Resize", "size", List.of(73, -1)},
                                new Object[] {"type", "CenterCrop", "crop_size", 64},
                                NORMALIZE,
                                tensor,
                                COLLECT),
                        List.of(
                                LOAD,
                                new Object[] {
                                    "type",
                                    "Resize",
                                    "size",
                                    List.of(73, -1),
                                    "backend",
                                    "pillow",
                                    "interpolation",
                                    "bicubic"
                                },
                                new Object[] {"type", "RandomCrop", "size", 64},
                                FLIP,
                                new Object[] {"type", "RandomFlip", "direction", "vertical"},
                                NORMALIZE),
                        List.of(LOAD, new Object[] {"type", "RandomCrop", "size", 64, "pad_if_needed", true}, COLLECT),
                        List.of(
                                LOAD,
                                new Object[] {"type", "Resize", "size", List.of(50, 41)},
                                FLIP,
                                new Object[] {"type", "Pad", "size", List.of(64, 64), "pad_val", List.of(3, 130, 250)},
                                NORMALIZE,
                                half),
                        List.of(
                                LOAD,
                                new Object[] {"type", "Resize", "size", List.of(60, 60)},
                                new Object[] {"type", "RandomCrop", "size", 64, "padding", 7, "padding_mode", "reflect"
                                },
                                FLIP,
                                NORMALIZE)));
    }

    /** Smaller by the inverse DCT, and cut off: both ways make the same of it. */
    @Test
    void smallerAndTruncatedJpegsHaveTheSameValues() throws Exception {
        Object[] load = {"type", "LoadImageFromFile", "jpeg_short_side", 48, "keep_truncated", true};
        Object[] crop = {"type", "RandomResizedCrop", "size", 32};
        Dataset small = pictures(List.of(load, crop, FLIP, NORMALIZE));
        assertSame(small, Shape.of(3, 32, 32));
        Dataset full = pictures(List.of(LOAD, crop, FLIP, NORMALIZE));
        assertFalse(Arrays.equals(
                batches(small, Shape.of(3, 32, 32), Layout.NCHW, 0).getFirst(),
                batches(full, Shape.of(3, 32, 32), Layout.NCHW, 0).getFirst()));

        Path one = Files.createDirectories(folder.resolve("truncated/one"));
        for (int i = 0; i < 4; i++) {
            byte[] bytes = Files.readAllBytes(folder.resolve("data/one/" + i + ".jpg"));
            Files.write(one.resolve(i + ".jpg"), Arrays.copyOf(bytes, bytes.length * (6 + i) / 10));
        }
        for (Object[] step : List.of(crop, new Object[] {"type", "RandomCrop", "size", 32})) {
            assertSame(dataset(folder.resolve("truncated"), List.of(load, step, FLIP, NORMALIZE)), Shape.of(3, 32, 32));
        }
    }

    /** Those of which native code does the beginning. */
    static Stream<List<Object[]>> begun() {
        Object[] jitter = {"type", "ColorJitter", "brightness", 0.4, "contrast", 0.4, "saturation", 0.4};
        Object[] rotate = {"type", "Rotate", "angle", 30, "prob", 0.7};
        Object[] resize = {"type", "Resize", "size", List.of(70, 90)};
        Object[] cut = {"type", "CenterCrop", "crop_size", 64};
        Object[] crop = {"type", "RandomResizedCrop", "size", 64, "backend", "pillow", "interpolation", "bicubic"};
        Object[] padded = {"type", "RandomCrop", "size", 64, "padding", 9, "pad_val", 7, "pad_if_needed", true};
        Object[] erase = {"type", "RandomErasing", "erase_prob", 0.7};
        return Stream.of(
                List.of(LOAD, crop, FLIP, jitter, rotate, erase, NORMALIZE, COLLECT),
                List.of(LOAD, resize, crop, FLIP, NORMALIZE),
                List.of(LOAD, padded, FLIP, jitter, NORMALIZE),
                List.of(LOAD, resize, cut, NORMALIZE, FLIP, FLIP));
    }

    private static Dataset pictures(List<Object[]> pipeline) throws IOException {
        Path classes = folder.resolve("data/one");
        if (Files.notExists(classes)) {
            Files.createDirectories(classes);
            int[][] sizes = {{97, 131}, {64, 64}, {240, 180}, {66, 70}, {128, 128}, {90, 300}};
            for (int i = 0; i < sizes.length; i++) {
                ImageIO.write(
                        picture(sizes[i][0], sizes[i][1], i),
                        "jpg",
                        classes.resolve(i + ".jpg").toFile());
            }
        }
        return dataset(folder.resolve("data"), pipeline);
    }

    private static Dataset dataset(Path prefix, List<Object[]> pipeline) {
        return Datasets.build(
                Configs.fields(
                        "type",
                        "CustomDataset",
                        "data_prefix",
                        prefix.toString(),
                        "pipeline",
                        pipeline.stream().map(Configs::dict).toList()),
                folder,
                Provider.NONE,
                false);
    }

    private static BufferedImage picture(int height, int width, int seed) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Rng rng = new Rng(seed, 3);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, (x * 3 + rng.nextInt(40)) << 16 | (y * 2 + rng.nextInt(9)) << 8 | ((x ^ y) & 0xFF));
            }
        }
        return image;
    }

    private static List<float[]> batches(Dataset dataset, Shape shape, Layout layout, int workers) {
        List<float[]> out = new ArrayList<>();
        var spec = new InputSpec(3, shape, layout);
        try (DataLoader loader = new DataLoader(dataset, new RandomSampler(5), spec, Loading.training(workers, 5))) {
            for (int epoch = 0; epoch < 6; epoch++) {
                try (Batches all = loader.iterator(epoch)) {
                    all.forEachRemaining(b -> out.add(b.data().toArray(ValueLayout.JAVA_FLOAT)));
                }
            }
        }
        return out;
    }

    private static void assertSame(Dataset dataset, Shape shape) {
        for (Layout layout : Layout.values()) {
            List<float[]> plain = batches(new OneWay(dataset, false), shape, layout, 0);
            List<float[]> whole = batches(new OneWay(dataset, true), shape, layout, 2);
            assertEquals(plain.size(), whole.size());
            for (int i = 0; i < plain.size(); i++) {
                assertArrayEquals(plain.get(i), whole.get(i));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pipelines")
    void filesGoTheNativeWayWithTheSameValues(List<Object[]> pipeline) throws Exception {
        assertSame(pictures(pipeline), Shape.of(3, 64, 64));
    }

    @ParameterizedTest
    @MethodSource("begun")
    void pipelinesOfOtherStepsBeginNatively(List<Object[]> pipeline) throws Exception {
        assertSame(pictures(pipeline), Shape.of(3, 64, 64));
    }

    @Test
    void picturesInMemoryDoToo() {
        List<Image.Bytes> colors = new ArrayList<>();
        List<Image.Bytes> greys = new ArrayList<>();
        Rng rng = new Rng(1, 1);
        for (int i = 0; i < 20; i++) {
            byte[] pixels = new byte[33 * 30 * 3];
            for (int k = 0; k < pixels.length; k++) {
                pixels[k] = (byte) rng.nextInt();
            }
            colors.add(new Image.Bytes(33, 30, ChannelOrder.RGB, pixels));
            greys.add(new Image.Bytes(33, 30, ChannelOrder.GREY, Arrays.copyOf(pixels, 33 * 30)));
        }
        var cifar = new TransformReader(new OpenCvDecoder())
                .pipeline(List.of(
                        Configs.fields("type", "RandomCrop", "size", List.of(29, 31), "padding", 4),
                        Configs.fields(FLIP),
                        Configs.fields(NORMALIZE)));
        assertSame(new MemoryDataset("A", List.of("a"), colors, new int[20], cifar), Shape.of(3, 29, 31));
        var mnist = new TransformReader(new OpenCvDecoder())
                .pipeline(List.of(
                        Configs.fields("type", "Resize", "size", 32),
                        Configs.fields("type", "Normalize", "mean", List.of(33.46), "std", List.of(78.87))));
        assertSame(new MemoryDataset("A", List.of("a"), greys, new int[20], mnist), Shape.of(1, 32, 32));
    }

    @Test
    void otherFormatsAndTurnedPicturesHaveTheSameValues() throws Exception {
        mixed(LOAD);
    }

    @Test
    void soTheyHaveByPillow() throws Exception {
        mixed("type", "LoadImageFromFile", "imdecode_backend", "pillow");
        mixed("type", "LoadImageFromFile", "imdecode_backend", "pillow", "color_type", "color_ignore_orientation");
    }

    private static void mixed(Object... load) throws Exception {
        Path classes = Files.createDirectories(folder.resolve("mixed/one"));
        ImageIO.write(picture(97, 131, 1), "png", classes.resolve("a.png").toFile());
        copy("image/jpeg/pillow_cmyk.jpg", classes.resolve("cmyk.jpg"));
        copy("image/jpeg/exif_second_app1.jpg", classes.resolve("second.jpg"));
        copy("image/jpeg/grey.jpg", classes.resolve("grey.jpg"));
        for (int code = 1; code <= 8; code++) {
            copy("transform/exif_" + code + ".jpg", classes.resolve("exif_" + code + ".jpg"));
        }
        copy("transform/exif_6.jpg", classes.resolve("schön.jpg"));
        Dataset dataset = Datasets.build(
                Configs.fields(
                        "type",
                        "CustomDataset",
                        "data_prefix",
                        folder.resolve("mixed").toString(),
                        "pipeline",
                        Stream.of(load, new Object[] {"type", "RandomResizedCrop", "size", 64}, FLIP, NORMALIZE)
                                .map(Configs::dict)
                                .toList()),
                folder,
                Provider.NONE,
                false);
        for (Layout layout : Layout.values()) {
            List<float[]> plain = batches(new OneWay(dataset, false), Shape.of(3, 64, 64), layout, 0);
            List<float[]> mixed = batches(dataset, Shape.of(3, 64, 64), layout, 2);
            for (int i = 0; i < plain.size(); i++) {
                assertArrayEquals(plain.get(i), mixed.get(i));
            }
        }
    }

    private static void copy(String golden, Path to) throws Exception {
        Path from =
                Path.of(NativePathTest.class.getResource("/golden/" + golden).toURI());
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void pipelinesWithoutANativeFormAreNamed() {
        var reader = new TransformReader(new OpenCvDecoder());
        Object[] resize = {"type", "Resize", "size", List.of(70, 70)};
        Object[] crop = {"type", "RandomResizedCrop", "size", 64};
        Object[] jitter = {"type", "ColorJitter", "brightness", 0.4, "contrast", 0.4, "saturation", 0.4};
        Object[] padded = {"type", "Pad", "size", List.of(80, 80)};
        for (List<Object[]> steps : List.of(
                List.of(LOAD, resize, crop, NORMALIZE),
                List.of(LOAD, FLIP, crop, NORMALIZE),
                List.of(LOAD, padded, crop, NORMALIZE),
                List.of(LOAD, crop, jitter, NORMALIZE),
                List.of(LOAD, NORMALIZE, crop))) {
            Pipeline pipeline =
                    reader.pipeline(steps.stream().map(Configs::fields).toList());
            assertTrue(NativePipeline.of(pipeline).isEmpty(), pipeline.toString());
        }
    }

    /** Once warm, a sample allocates nothing but the window of a resized crop, which the compiler removes where it can. */
    @Test
    void aSampleAllocatesNoMoreThanAWindow() throws Exception {
        Dataset files = pictures(
                List.of(LOAD, new Object[] {"type", "RandomResizedCrop", "size", 64}, FLIP, NORMALIZE, COLLECT));
        long ofFiles = allocated(files, 64, WINDOW);
        assertTrue(ofFiles <= WINDOW, ofFiles + " bytes a sample");
        var cifar = new TransformReader(new OpenCvDecoder())
                .pipeline(List.of(
                        Configs.fields("type", "RandomCrop", "size", 32, "padding", 4),
                        Configs.fields(FLIP),
                        Configs.fields(NORMALIZE)));
        var image = new Image.Bytes(32, 32, ChannelOrder.RGB, new byte[32 * 32 * 3]);
        var memory = new MemoryDataset("A", List.of("a"), java.util.Collections.nCopies(6, image), new int[6], cifar);
        long ofMemory = allocated(memory, 32, 0);
        assertEquals(0, ofMemory, "bytes a sample");
    }

    /** Bytes of the heap that a sample takes, when all is compiled. */
    private static long allocated(Dataset dataset, int side, long enough) {
        var spec = new InputSpec(6, Shape.of(3, side, side), Layout.NHWC);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        try (Worker worker = new Worker(spec, true);
                Region region = Region.ofBytes(spec.byteSize())) {
            for (int round = 0; round < 100 && least > enough; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 600; i++) {
                    worker.prepare(dataset, i % 6, 1, i, 0, region.segment(), i % 6);
                }
                least = Math.min(least, (threads.getCurrentThreadAllocatedBytes() - before) / 600);
            }
        }
        return least;
    }
}
