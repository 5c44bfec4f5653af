package dev.taxon.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.config.Config;
import dev.taxon.config.Fields;
import dev.taxon.data.dataset.Dataset;
import dev.taxon.data.dataset.Datasets;
import dev.taxon.data.dataset.Kind;
import dev.taxon.data.dataset.Provider;
import dev.taxon.data.image.OpenCvDecoder;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.Pipeline;
import dev.taxon.data.transform.Sample;
import dev.taxon.data.transform.TransformReader;
import dev.taxon.random.Rng;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The data settings of our own configs are understood as they stand. */
class ConfigPipelinesTest {
    @TempDir
    private Path root;

    private static Fields data(String config) {
        return Config.load(Path.of("configs", config)).fields().dict("data");
    }

    private static InferencePipeline inference(String config) {
        return InferencePipeline.of(
                TestEntry.of(Config.load(Path.of("configs", config)).fields()), 3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lenet/lenet5_mnist.py",
                "lenet/lenet5_fashion-mnist.py",
                "resnet/resnet18_8xb16_cifar10.py",
                "resnet/resnet20_cifar10.py",
                "resnet/resnet50_8xb16_cifar100.py"
            })
    void testPipelinesPrepareAnyImage(String config) throws Exception {
        var pipeline = inference(config);
        var png = Path.of(ConfigPipelinesTest.class
                .getResource("/golden/transform/img_in.png")
                .toURI());
        assertEquals(
                32, pipeline.prepare(Sample.of(png, Sample.NO_LABEL)).pixels().width());
    }

    static Stream<Path> configs() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("configs"))) {
            return files
                    .filter(f -> f.toString().endsWith(".py") && !f.toString().contains("_base_"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    /** Each step is read, and their results fit together; training ones are tried with several draws. */
    @ParameterizedTest
    @MethodSource("configs")
    void everyConfigsPipelinesRun(Path config) throws Exception {
        Fields data = Config.load(config).fields().dict("data");
        for (String split : List.of("train", "val", "test")) {
            Fields dataset = data.dict(split);
            while (dataset.has("dataset")) {
                dataset = dataset.dict("dataset"); // of a wrapper
            }
            Pipeline pipeline = new TransformReader(new OpenCvDecoder()).pipeline(dataset.dicts("pipeline"));
            Sample sample = example(dataset.text("type"));
            Image first = pipeline.apply(sample, new Rng(0, 0)).pixels();
            for (int seed = 1; seed < (split.equals("train") ? 8 : 1); seed++) {
                Image image = pipeline.apply(sample, new Rng(seed, 0)).pixels();
                assertEquals(first.height(), image.height());
                assertEquals(first.width(), image.width());
            }
            assertTrue(first.height() >= 28 && first.channels() >= 1);
        }
    }

    private static Sample example(String type) throws Exception {
        var png = Path.of(ConfigPipelinesTest.class
                .getResource("/golden/transform/img_in.png")
                .toURI());
        return Kind.of(type)
                .map(kind -> Sample.of(
                        "x",
                        new Image.Bytes(
                                kind.side(),
                                kind.side(),
                                kind.order(),
                                new byte
                                        [kind.side()
                                                * kind.side()
                                                * kind.order().channels()]),
                        0))
                .orElse(Sample.of(png, 0));
    }

    @Test
    void theBasePoliciesAreReadByReference() throws Exception {
        String base = Path.of("configs/_base_/datasets").toAbsolutePath().toString();
        Path config = Files.writeString(root.resolve("c.py"), """
                _base_ = ['%s/pipelines/rand_aug.py', '%s/pipelines/auto_aug.py']
                train_pipeline = [
                    dict(type='LoadImageFromFile'),
                    dict(type='RandomResizedCrop', size=32, backend='pillow', interpolation='bicubic'),
                    dict(type='RandAugment', policies={{_base_.rand_increasing_policies}}, num_policies=2,
                         total_level=10, magnitude_level=9, magnitude_std=0.5,
                         hparams=dict(pad_val=[104, 116, 124], interpolation='bicubic')),
                    dict(type='RandAugment', policies={{_base_.trivial_policies}}, num_policies=1,
                         total_level=31, magnitude_level=31, magnitude_std='inf'),
                    dict(type='AutoAugment', policies={{_base_.policy_imagenet}})]
                """.formatted(base, base));
        Pipeline pipeline = new TransformReader(new OpenCvDecoder())
                .pipeline(Config.load(config).fields().dicts("train_pipeline"));
        Set<Integer> results = new HashSet<>();
        for (int seed = 0; seed < 300; seed++) {
            Image image = pipeline.apply(example("ImageNet"), new Rng(seed, 0)).pixels();
            results.add(Arrays.hashCode(((Image.Bytes) image).pixels()));
        }
        assertEquals(300, results.size(), 3);
    }

    @Test
    void imageNetsTestPipelineIsReadToo() throws Exception {
        var pipeline = inference("resnet/resnet50_8xb32_in1k.py");
        var png = Path.of(ConfigPipelinesTest.class
                .getResource("/golden/transform/img_in.png")
                .toURI());
        assertEquals(
                224, pipeline.prepare(Sample.of(png, Sample.NO_LABEL)).pixels().height());
        assertEquals(List.of(), pipeline.notes());
    }

    @Test
    void theFolderConfigTakesAFolderAClass() throws Exception {
        var png = Path.of(ConfigPipelinesTest.class
                .getResource("/golden/transform/img_in.png")
                .toURI());
        for (String name : List.of("train/ant", "train/bee", "val/ant", "val/bee")) {
            Path folder = Files.createDirectories(root.resolve("data/images").resolve(name));
            Files.copy(png, folder.resolve("x.png"));
        }
        Fields data = data("resnet/resnet18_folder.py");
        for (String split : List.of("train", "val", "test")) {
            Dataset images = Datasets.build(data.dict(split), root, Provider.NONE, !split.equals("train"));
            assertEquals(List.of("ant", "bee"), images.classes());
            assertEquals(224, images.sample(1, new Rng(0, 0)).pixels().height());
        }
    }

    @Test
    void valAndTestAreTheTestSplitUnlessTheySayOtherwise() throws IOException {
        Path folder = Files.createDirectories(root.resolve("data/mnist"));
        for (String split : List.of("train", "t10k")) {
            int count = split.equals("train") ? 5 : 3;
            Files.write(
                    folder.resolve(split + "-images-idx3-ubyte"),
                    ByteBuffer.allocate(16 + count * 784)
                            .putInt(0x803)
                            .putInt(count)
                            .putInt(28)
                            .putInt(28)
                            .array());
            Files.write(
                    folder.resolve(split + "-labels-idx1-ubyte"),
                    ByteBuffer.allocate(8 + count).putInt(0x801).putInt(count).array());
        }
        Fields data = data("lenet/lenet5_mnist.py");
        Dataset train = Datasets.build(data.dict("train"), root, Provider.NONE, false);
        Dataset val = Datasets.build(data.dict("val"), root, Provider.NONE, true);
        assertEquals(5, train.size());
        assertEquals(3, val.size());
    }
}
