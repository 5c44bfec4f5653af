package dev.taxon.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.Golden;
import dev.taxon.UserError;
import dev.taxon.analysis.FlopsCounter;
import dev.taxon.analysis.LayerCost;
import dev.taxon.config.Config;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.StateEntry;
import dev.taxon.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names, order and shapes of state dicts against the lists that mmcls wrote; counts against the published table. */
class ModelStateTest {
    private static Graph graph(String config, Shape input) {
        return ImageClassifier.read(
                        Config.load(Path.of("configs", config)).fields().dict("model"))
                .graph(input);
    }

    private static Graph graphOf(String backbone) {
        return graphOf(backbone, 2048);
    }

    private static Graph graphOf(String backbone, int features) {
        String model = "model = dict(type='ImageClassifier', backbone=" + backbone
                + ", neck=dict(type='GlobalAveragePooling'),"
                + " head=dict(type='LinearClsHead', num_classes=1000, in_channels=" + features + "))";
        return ImageClassifier.read(Config.parse(model, "test.py").fields().dict("model"))
                .graph(Shape.of(3, 224, 224));
    }

    /** A backbone that ends in its own classifier. */
    private static Graph selfContained(String backbone) {
        String model = "model = dict(type='ImageClassifier', backbone=" + backbone + ", head=dict(type='ClsHead'))";
        return ImageClassifier.read(Config.parse(model, "test.py").fields().dict("model"))
                .graph(Shape.of(3, 224, 224));
    }

    private static List<String> lines(Graph graph) {
        List<String> lines = new ArrayList<>();
        for (StateEntry entry : graph.state()) {
            lines.add(entry.name() + " " + entry.shape().toList());
        }
        return lines;
    }

    private static List<String> golden(String name) {
        List<String> lines = new ArrayList<>();
        Golden.json("mmcls/keys_" + name + ".json")
                .forEach((key, shape) -> lines.add(key + " "
                        + Arrays.stream(Golden.doubles(shape))
                                .mapToObj(d -> (long) d)
                                .toList()));
        return lines;
    }

    @ParameterizedTest
    @CsvSource({
        "lenet/lenet5_mnist.py, lenet5_mnist, 1, 32",
        "resnet/resnet18_8xb16_cifar10.py, resnet18_8xb16_cifar10, 3, 32",
        "resnet/resnet50_8xb32_in1k.py, resnet50_8xb32_in1k, 3, 224",
        "resnet/resnetv1d50_8xb32_in1k.py, resnetv1d50_8xb32_in1k, 3, 224",
        "resnext/resnext50-32x4d_8xb32_in1k.py, resnext50-32x4d_8xb32_in1k, 3, 224",
        "regnet/regnetx-400mf_8xb128_in1k.py, regnetx-400mf_8xb128_in1k, 3, 224",
        "mobilenet_v2/mobilenet-v2_8xb32_in1k.py, mobilenet-v2_8xb32_in1k, 3, 224",
        "mobilenet_v3/mobilenet-v3-small_8xb32_in1k.py, mobilenet-v3-small_8xb32_in1k, 3, 224",
        "seresnet/seresnet50_8xb32_in1k.py, seresnet50_8xb32_in1k, 3, 224",
        "vgg/vgg16_8xb32_in1k.py, vgg16_8xb32_in1k, 3, 224",
        "vgg/vgg11bn_8xb32_in1k.py, vgg11bn_8xb32_in1k, 3, 224",
        "vision_transformer/vit-base-p16_pt-64xb64_in1k-224.py, vit-base-p16_pt-64xb64_in1k-224, 3, 224",
        "vision_transformer/vit_base_patch16_224_pretrain_imagenet.py, vit-base-p16_pt-64xb64_in1k-224, 3, 224",
        "densenet/densenet121_4xb256_in1k.py, densenet121_4xb256_in1k, 3, 224",
        "resnest/resnest50_32xb64_in1k.py, resnest50_32xb64_in1k, 3, 224",
        "shufflenet_v1/shufflenet-v1-1x_16xb64_in1k.py, shufflenet-v1-1x_16xb64_in1k, 3, 224",
        "shufflenet_v2/shufflenet-v2-1x_16xb64_in1k.py, shufflenet-v2-1x_16xb64_in1k, 3, 224"
    })
    void stateDictIsMmcls(String config, String name, int channels, int size) {
        assertEquals(golden(name), lines(graph(config, Shape.of(channels, size, size))));
    }

    /** torchvision's published numbers of parameters. */
    @ParameterizedTest
    @CsvSource({
        "resnext/resnext50-32x4d_8xb32_in1k.py, 25028904",
        "resnext/resnext101-32x8d_8xb32_in1k.py, 88791336",
        "wrn/wide-resnet50_8xb32_in1k.py, 68883240",
        "wrn/wide-resnet101_8xb32_in1k.py, 126886696",
        "mobilenet_v2/mobilenet-v2_8xb32_in1k.py, 3504872",
        "mobilenet_v3/mobilenet-v3-small_8xb32_in1k.py, 2542856",
        "mobilenet_v3/mobilenet-v3-large_8xb32_in1k.py, 5483032",
        "vgg/vgg11_8xb32_in1k.py, 132863336",
        "vgg/vgg11bn_8xb32_in1k.py, 132868840",
        "vgg/vgg13_8xb32_in1k.py, 133047848",
        "vgg/vgg13bn_8xb32_in1k.py, 133053736",
        "vgg/vgg16_8xb32_in1k.py, 138357544",
        "vgg/vgg16bn_8xb32_in1k.py, 138365992",
        "vgg/vgg19_8xb32_in1k.py, 143667240",
        "vgg/vgg19bn_8xb32_in1k.py, 143678248",
        "densenet/densenet121_4xb256_in1k.py, 7978856",
        "densenet/densenet161_4xb256_in1k.py, 28681000",
        "densenet/densenet169_4xb256_in1k.py, 14149480",
        "densenet/densenet201_4xb256_in1k.py, 20013928",
        "shufflenet_v2/shufflenet-v2-1x_16xb64_in1k.py, 2278604"
    })
    void parametersAreTorchvisions(String config, long parameters) {
        assertEquals(parameters, graph(config, Shape.of(3, 224, 224)).parameterCount());
    }

    /** Names and number of torchvision's AlexNet; mmcls has the class, and no config. */
    @Test
    void alexNetIsTorchvisions() {
        Graph graph = selfContained("dict(type='AlexNet', num_classes=1000)");
        assertEquals(61100840, graph.parameterCount());
        List<String> modules = graph.parameters().stream()
                .filter(p -> p.name().endsWith(".weight"))
                .map(p -> p.name().replaceAll("backbone\\.|\\.weight", ""))
                .toList();
        assertEquals(
                List.of(
                        "features.0",
                        "features.3",
                        "features.6",
                        "features.8",
                        "features.10",
                        "classifier.1",
                        "classifier.4",
                        "classifier.6"),
                modules);
    }

    @Test
    void frozenStagesOfVggCountFromOne() {
        Graph graph =
                selfContained("dict(type='VGG', depth=11, norm_cfg=dict(type='BN'), frozen_stages=1, num_classes=10)");
        assertEquals(
                List.of("conv.weight", "conv.bias", "bn.weight", "bn.bias"),
                graph.parameters().stream()
                        .filter(p -> !p.trainable())
                        .map(p -> p.name().replace("backbone.features.0.", ""))
                        .toList());
    }

    /** Widths that mmcls's own test of RegNet expects. */
    @ParameterizedTest
    @CsvSource({
        "400mf, 32 64 160 384",
        "800mf, 64 128 288 672",
        "1.6gf, 72 168 408 912",
        "3.2gf, 96 192 432 1008",
        "4.0gf, 80 240 560 1360",
        "6.4gf, 168 392 784 1624",
        "8.0gf, 80 240 720 1920",
        "12gf, 224 448 896 2240"
    })
    void regNetsHaveTheWidthsOfMmcls(String arch, String widths) {
        Config config = Config.load(Path.of("configs/_base_/models/regnet/regnetx_" + arch + ".py"));
        Graph graph = ImageClassifier.read(config.fields().dict("model")).graph(Shape.of(3, 64, 64));
        List<String> out = graph.parameters().stream()
                .filter(p -> p.name().matches("backbone\\.layer.\\.0\\.conv3\\.weight"))
                .map(p -> Long.toString(p.shape().dim(0)))
                .toList();
        assertEquals(List.of(widths.split(" ")), out);
    }

    @Test
    void stackedHeadIsMmclss() {
        String head =
                "dict(type='StackedLinearClsHead', num_classes=5, in_channels=512, mid_channels=[32, 16], dropout_rate=0.1%s)";
        String model = "model = dict(type='ImageClassifier', backbone=dict(type='ResNet_CIFAR', depth=18),"
                + " neck=dict(type='GlobalAveragePooling'), head=" + head + ")";
        Graph graph = ImageClassifier.read(
                        Config.parse(model.formatted(""), "test.py").fields().dict("model"))
                .graph(Shape.of(3, 32, 32));
        assertEquals(
                List.of(
                        "head.layers.0.fc.weight [32, 512]",
                        "head.layers.0.fc.bias [32]",
                        "head.layers.1.fc.weight [16, 32]",
                        "head.layers.1.fc.bias [16]",
                        "head.layers.2.fc.weight [5, 16]",
                        "head.layers.2.fc.bias [5]"),
                lines(graph).stream().filter(l -> l.startsWith("head.")).toList());
        Graph normed = ImageClassifier.read(Config.parse(
                                model.formatted(", norm_cfg=dict(type='BN1d'), act_cfg=dict(type='Tanh')"), "test.py")
                        .fields()
                        .dict("model"))
                .graph(Shape.of(3, 32, 32));
        assertEquals(
                List.of(
                        "head.layers.0.fc.weight [32, 512]",
                        "head.layers.0.fc.bias [32]",
                        "head.layers.0.norm.weight [32]",
                        "head.layers.0.norm.bias [32]",
                        "head.layers.0.norm.running_mean [32]",
                        "head.layers.0.norm.running_var [32]",
                        "head.layers.0.norm.num_batches_tracked []",
                        "head.layers.1.fc.weight [16, 32]"),
                lines(normed).stream()
                        .filter(l -> l.startsWith("head."))
                        .limit(8)
                        .toList());
        UserError norm = assertThrows(
                UserError.class,
                () -> ImageClassifier.read(Config.parse(model.formatted(", norm_cfg=dict(type='BN')"), "test.py")
                        .fields()
                        .dict("model")));
        assertTrue(norm.getMessage().contains("known are BN1d"), norm.getMessage());
    }

    @Test
    void outIndicesNameStagesInAnyOrderAndTheLastIsRead() {
        Graph graph = graphOf("dict(type='ResNet', depth=50, out_indices=(3, 0))");
        assertEquals(lines(graphOf("dict(type='ResNet', depth=50)")), lines(graph));
        for (String wrong : List.of("(3, 4)", "()", "(-5,)")) {
            UserError e = assertThrows(
                    UserError.class, () -> graphOf("dict(type='ResNet', depth=50, out_indices=%s)".formatted(wrong)));
            assertTrue(e.getMessage().contains("out_indices must"), e.getMessage());
        }
    }

    /** mmcls builds them, and a checkpoint has them. */
    @Test
    void stagesThatNothingReadsKeepTheirPlaceAndDoNotTrain() {
        List<String> whole = lines(graphOf("dict(type='ResNet', depth=50)"));
        for (String model : List.of(
                "type='ResNet', depth=50",
                "type='ResNeXt', depth=50",
                "type='SEResNet', depth=50, out_indices=(0, 2)")) {
            String backbone = "dict(" + model + (model.contains("out_") ? ")" : ", out_indices=(2,))");
            Graph graph = graphOf(backbone, 1024);
            assertTrue(graph.output().inputs().getFirst().name().startsWith("neck"));
            graph.parameters()
                    .forEach(p -> assertEquals(!p.name().startsWith("backbone.layer4"), p.trainable(), p.name()));
        }
        Graph read = graphOf("dict(type='ResNet', depth=50, out_indices=(2,))", 1024);
        assertEquals(
                whole.stream().filter(l -> !l.startsWith("head")).toList(),
                lines(read).stream().filter(l -> !l.startsWith("head")).toList());
        assertTrue(read.needed(true).stream().noneMatch(n -> n.name().startsWith("backbone.layer4")));
        long behind = FlopsCounter.count(read).stream()
                .filter(c -> c.name().startsWith("backbone.layer4"))
                .mapToLong(LayerCost::flops)
                .sum();
        assertTrue(behind > 0, "mmcls runs them, and its counter sees them");
    }

    /** mmcls: the same rate in every block, between the last norm and the sum. */
    @Test
    void dropPathStandsBeforeEverySum() {
        Graph graph = graphOf("dict(type='ResNet', depth=50, drop_path_rate=0.05)");
        List<Node> drops = graph.nodes().stream()
                .filter(n -> n.layer() instanceof Layer.DropPath)
                .toList();
        assertEquals(16, drops.size());
        drops.forEach(n -> {
            assertEquals(new Layer.DropPath(0.05), n.layer());
            assertTrue(n.input().name().endsWith(".bn3"), n.input().name());
            assertTrue(graph.nodes().stream()
                    .anyMatch(a -> a.layer() instanceof Layer.Add
                            && a.inputs().getFirst().equals(n)));
        });
        assertEquals(lines(graphOf("dict(type='ResNet', depth=50)")), lines(graph));
        UserError unused =
                assertThrows(UserError.class, () -> graphOf("dict(type='SEResNet', depth=50, drop_path_rate=0.1)"));
        assertTrue(
                unused.getMessage().contains("drop_path_rate has no effect in mmcls's SEResNet"), unused.getMessage());
    }

    /** Layers and parameters of He et al. 2015, table 6: 0.27 M, 0.46 M, 0.66 M, 0.85 M, 1.7 M; option A adds none. */
    @ParameterizedTest
    @CsvSource({"20, 269722", "32, 464154", "44, 658586", "56, 853018", "110, 1727962"})
    void cifarResNetsHaveTheParametersOfThePaper(int depth, long parameters) {
        Graph graph = graph("resnet/resnet" + depth + "_cifar10.py", Shape.of(3, 32, 32));
        assertEquals(parameters, graph.parameterCount());
    }

    @Test
    void frozenStagesAreNotTrainableAndUseRunningStatistics() {
        Graph graph = graphOf("dict(type='ResNet', depth=50, frozen_stages=1)");
        Map<Boolean, List<String>> byTrainable = graph.parameters().stream()
                .collect(java.util.stream.Collectors.partitioningBy(
                        p -> p.trainable(),
                        java.util.stream.Collectors.mapping(p -> p.name(), java.util.stream.Collectors.toList())));
        assertTrue(byTrainable.getOrDefault(false, List.of()).stream()
                .allMatch(n -> n.matches("backbone\\.(conv1|bn1|layer1)\\..*")));
        assertTrue(byTrainable.getOrDefault(true, List.of()).stream()
                .noneMatch(n -> n.matches("backbone\\.(conv1|bn1|layer1)\\..*")));
        graph.nodes().forEach(n -> {
            if (n.layer() instanceof dev.taxon.graph.Layer.BatchNorm2d bn) {
                boolean frozen = n.name().matches("backbone\\.(bn1|layer1\\..*)");
                assertEquals(frozen, bn.useRunningStats(), n.name());
            }
        });
    }

    @Test
    void mistakesAreOneSentence() {
        UserError unknown = assertThrows(UserError.class, () -> graphOf("dict(type='ResNetz', depth=50)"));
        assertTrue(
                unknown.getMessage().contains("unknown backbone 'ResNetz'; did you mean 'ResNet'?"),
                unknown.getMessage());
        UserError key = assertThrows(UserError.class, () -> graphOf("dict(type='ResNet', dept=50)"));
        assertTrue(key.getMessage().contains("depth"), key.getMessage());
        UserError depth = assertThrows(UserError.class, () -> graphOf("dict(type='ResNet', depth=51)"));
        assertEquals("ResNet depth must be 18, 34, 50, 101 or 152, got 51", depth.getMessage());
        UserError extra = assertThrows(UserError.class, () -> graphOf("dict(type='ResNet', depth=50, stile='caffe')"));
        assertTrue(
                extra.getMessage()
                        .matches("test\\.py:1:\\d+: unknown key 'stile' in model\\.backbone; did you mean 'style'\\?"),
                extra.getMessage());
    }
}
