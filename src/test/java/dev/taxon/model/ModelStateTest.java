package dev.taxon.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.Golden;
import dev.taxon.UserError;
import dev.taxon.config.Config;
import dev.taxon.graph.Graph;
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
        String model = "model = dict(type='ImageClassifier', backbone=" + backbone
                + ", neck=dict(type='GlobalAveragePooling'),"
                + " head=dict(type='LinearClsHead', num_classes=1000, in_channels=2048))";
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
        Golden.json("mmcls/keys_" + name + ".json").forEach((key, shape) -> lines.add(key + " "
                + Arrays.stream(Golden.doubles(shape)).mapToObj(d -> (long) d).toList()));
        return lines;
    }

    @ParameterizedTest
    @CsvSource({
        "lenet/lenet5_mnist.py, lenet5_mnist, 1, 32",
        "resnet/resnet18_8xb16_cifar10.py, resnet18_8xb16_cifar10, 3, 32",
        "resnet/resnet50_8xb32_in1k.py, resnet50_8xb32_in1k, 3, 224"
    })
    void stateDictIsMmcls(String config, String name, int channels, int size) {
        assertEquals(golden(name), lines(graph(config, Shape.of(channels, size, size))));
    }

    @Test
    void stateDictOfResNetV1dIsMmcls() {
        assertEquals(golden("resnetv1d50_8xb32_in1k"), lines(graphOf("dict(type='ResNetV1d', depth=50)")));
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
        UserError unknown = assertThrows(UserError.class, () -> graphOf("dict(type='ResNett', depth=50)"));
        assertTrue(unknown.getMessage().contains("unknown backbone 'ResNett'; did you mean 'ResNet'?"), unknown.getMessage());
        UserError key = assertThrows(UserError.class, () -> graphOf("dict(type='ResNet', dept=50)"));
        assertTrue(key.getMessage().contains("depth"), key.getMessage());
        UserError depth = assertThrows(UserError.class, () -> graphOf("dict(type='ResNet', depth=51)"));
        assertEquals("ResNet depth must be 18, 34, 50, 101 or 152, got 51", depth.getMessage());
        UserError extra = assertThrows(UserError.class, () -> graphOf("dict(type='ResNet', depth=50, stile='caffe')"));
        assertTrue(extra.getMessage().matches("test\\.py:1:\\d+: unknown key 'stile' in model\\.backbone; did you mean 'style'\\?"), extra.getMessage());
    }
}
