package dev.taxon.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.taxon.config.Config;
import dev.taxon.config.Fields;
import dev.taxon.data.dataset.Dataset;
import dev.taxon.data.dataset.Datasets;
import dev.taxon.data.dataset.Provider;
import dev.taxon.random.Rng;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The data settings of our own configs are understood as they stand. */
class ConfigPipelinesTest {
    @TempDir
    private Path root;

    private static Fields data(String config) {
        return Config.load(Path.of("configs", config)).fields().dict("data");
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
        Fields test = data(config).dict("test");
        var pipeline = InferencePipeline.of(test.text("type"), test.dicts("pipeline"));
        var png = Path.of(ConfigPipelinesTest.class
                .getResource("/golden/transform/img_in.png")
                .toURI());
        assertEquals(32, pipeline.prepare(png).pixels().width());
    }

    @Test
    void imageNetsTestPipelineIsReadToo() throws Exception {
        Fields test = data("resnet/resnet50_8xb32_in1k.py").dict("test");
        var pipeline = InferencePipeline.of(test.text("type"), test.dicts("pipeline"));
        var png = Path.of(ConfigPipelinesTest.class
                .getResource("/golden/transform/img_in.png")
                .toURI());
        assertEquals(224, pipeline.prepare(png).pixels().height());
        assertFalse(pipeline.note().isPresent());
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
