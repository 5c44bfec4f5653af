package dev.taxon.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taxon.config.Config;
import dev.taxon.graph.Graph;
import dev.taxon.model.ImageClassifier;
import dev.taxon.tensor.Shape;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against mmcls's published table: parameters and multiply-accumulates. */
class FlopsCounterTest {
    private static Graph graph(String config, Shape input) {
        return ImageClassifier.read(
                        Config.load(Path.of("configs", config)).fields().dict("model"))
                .graph(input);
    }

    /** Columns: config, input size, G multiply-accumulates, M parameters (the table's 2.18 for ResNet-34 is a slip for 21.8). */
    @ParameterizedTest
    @CsvSource({
        "resnet18_8xb32_in1k.py, 224, 1.82, 11.69",
        "resnet34_8xb32_in1k.py, 224, 3.68, 21.8",
        "resnet50_8xb32_in1k.py, 224, 4.12, 25.56",
        "resnet101_8xb32_in1k.py, 224, 7.85, 44.55",
        "resnet152_8xb32_in1k.py, 224, 11.58, 60.19",
        "resnet18_8xb16_cifar10.py, 32, 0.56, 11.17",
        "resnet34_8xb16_cifar10.py, 32, 1.16, 21.28",
        "resnet50_8xb16_cifar10.py, 32, 1.31, 23.52",
        "resnet101_8xb16_cifar10.py, 32, 2.52, 42.51",
        "resnet152_8xb16_cifar10.py, 32, 3.74, 58.16",
        "resnet50_8xb16_cifar100.py, 32, 1.31, 23.71"
    })
    void countsAreThePublishedDigits(String config, int size, double giga, double mega) {
        Graph graph = graph("resnet/" + config, Shape.of(3, size, size));
        long flops = FlopsCounter.count(graph).stream().mapToLong(LayerCost::flops).sum();
        assertEquals(giga, Math.round(flops / 1e7) / 100.0);
        assertEquals(mega, Math.round(graph.parameterCount() / 1e4) / 100.0);
    }

    @Test
    void blockIsMmclss() {
        String rule = "=".repeat(30);
        Graph graph = graph("resnet/resnet50_8xb32_in1k.py", Shape.of(3, 224, 224));
        assertEquals(
                String.join("\n", rule, "Input shape: (3, 224, 224)", "Flops: 4.12 GFLOPs", "Params: 25.56 M", rule),
                FlopsCounter.block(graph, FlopsCounter.count(graph)));
    }

    /** LeNet-5's exact count by hand: 2 per multiply-accumulate less the first addition, biases, tanh, pooling windows. */
    @Test
    void exactCountHasEveryOperation() {
        long conv = 2L * (25 * 6 * 28 * 28 + 25 * 6 * 16 * 10 * 10 + 25 * 16 * 120);
        long tanh = 6 * 28 * 28 + 16 * 10 * 10 + 120 + 84;
        long pool = 4 * (6 * 14 * 14 + 16 * 5 * 5);
        long linear = 2L * (120 * 84 + 84 * 10);
        long got = FlopsCounter.countExact(graph("lenet/lenet5_mnist.py", Shape.of(1, 32, 32))).stream()
                .mapToLong(LayerCost::flops)
                .sum();
        assertEquals(conv + tanh + pool + linear, got);
    }

    @Test
    void tableHasALineForEachLayer() {
        Graph graph = graph("lenet/lenet5_mnist.py", Shape.of(1, 32, 32));
        String[] lines = FlopsCounter.table(FlopsCounter.count(graph)).split("\n");
        assertEquals(1 + 12, lines.length);
        assertEquals(
                "backbone.features.0 Conv2d (1, 6, 28, 28) 156 122304 28.49 %", lines[1].replaceAll(" +", " "));
    }

    /** Counted by hand: three convolutions, two poolings (input elements) and two linear layers, biases included. */
    @Test
    void lenetIsCounted() {
        long conv = (25 + 1) * 6 * 28 * 28 + (25 * 6 + 1) * 16 * 10 * 10 + (25 * 16 + 1) * 120;
        long pool = 6 * 28 * 28 + 16 * 10 * 10;
        long linear = (120 + 1) * 84 + (84 + 1) * 10;
        long got = FlopsCounter.count(graph("lenet/lenet5_mnist.py", Shape.of(1, 32, 32))).stream()
                .mapToLong(LayerCost::flops)
                .sum();
        assertEquals(conv + pool + linear, got);
    }
}
