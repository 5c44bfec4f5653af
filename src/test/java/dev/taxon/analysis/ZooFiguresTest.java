package dev.taxon.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.config.Config;
import dev.taxon.graph.Graph;
import dev.taxon.model.ImageClassifier;
import dev.taxon.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The figures that mmcls 0.25 publishes in its metafiles (scripts/golden/zoo.py), for every config of ours: FLOPs, which
 * are multiply-accumulates, and parameters agree in each printed digit, or the row is wrong for a reason given here.
 */
class ZooFiguresTest {
    /** What a row should say, where it is not what the network has. */
    private record Slip(long flops, long parameters) {}

    /** The digits of the two columns, G and M, stand in each other's place. */
    private static final Set<String> SWAPPED = Set.of("A2", "B0", "B1", "B1g2", "B1g4", "B2g4", "B3", "B3g4", "D2se");

    private static final Map<String, Slip> SLIPS = Map.of(
            // 3.21 is the FLOPs' number; 15.3 M, written as 1.53, the parameters'
            "regnet/regnetx-3.2gf_8xb64_in1k.py", new Slip(3_210_000_000L, 15_300_000),
            // a slip for 21.8 M: the same network with 100 classes fewer than 1000 is right in the CIFAR rows
            "resnet/resnet34_8xb32_in1k.py", new Slip(3_680_000_000L, 21_800_000),
            // 149.62 M cut off, not rounded
            "shufflenet_v2/shufflenet-v2-1x_16xb64_in1k.py", new Slip(150_000_000, 2_280_000),
            // swapped, and 20.42 for what the README of the family has as 20.46
            "repvgg/repvgg-B2_4xb64-coslr-120e_in1k.py", new Slip(20_460_000_000L, 89_020_000),
            // a ResNet-50 with 196 classes; the row is that of CUB, with 200
            "resnet/resnet50_8xb8_cars.py", new Slip(16_480_000_000L, 23_910_000),
            // counted with 0.12, whose attention kept its linear layers out of the hooks' sight: here by flops.py
            "vision_transformer/vit-base-p16_ft-64xb64_in1k-384.py", new Slip(49_369_634_304L, 86_860_000),
            "vision_transformer/vit-base-p32_ft-64xb64_in1k-384.py", new Slip(12_660_942_336L, 88_300_000),
            "vision_transformer/vit-large-p16_ft-64xb64_in1k-384.py", new Slip(174_759_643_136L, 304_720_000));

    /** A row of the table. */
    private record Row(String config, long flops, long parameters) {
        Row corrected() {
            Slip slip = SLIPS.get(config);
            if (slip != null) {
                return new Row(config, slip.flops, slip.parameters);
            }
            boolean swapped =
                    config.startsWith("repvgg/") && SWAPPED.contains(config.replaceAll(".*-(\\w+?)_4xb64.*", "$1"));
            return swapped ? new Row(config, 1000 * parameters, flops / 1000) : this;
        }

        @Override
        public String toString() {
            return config;
        }
    }

    static List<Row> rows() throws IOException {
        try (InputStream in = ZooFiguresTest.class.getResourceAsStream("/golden/mmcls/zoo_0.25.csv")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .map(l -> l.split(","))
                    .map(c -> new Row(c[0], Long.parseLong(c[1]), Long.parseLong(c[2])))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void countsAreThePublishedDigits(Row published) {
        ImageClassifier model = ImageClassifier.read(
                Config.load(Path.of("configs", published.config)).fields().dict("model"));
        Graph graph = model.graph(input(published.config, model));
        long flops =
                FlopsCounter.count(graph).stream().mapToLong(LayerCost::flops).sum();
        Row row = published.corrected();
        assertEquals(row.flops, rounded(flops, unit(row.flops, 10_000_000)), "exactly " + flops);
        long parameters = graph.parameterCount();
        assertEquals(row.parameters, rounded(parameters, unit(row.parameters, 10_000)), "exactly " + parameters);
    }

    private static Shape input(String config, ImageClassifier model) {
        if (config.contains("_cifar")) {
            return Shape.of(3, 32, 32);
        }
        boolean fine = config.contains("_cub") || config.contains("_cars");
        return fine ? Shape.of(3, 448, 448) : model.exampleInput();
    }

    /** What the last printed digit counts: some rows are exact, others have two decimals of G or M, or a whole M. */
    private static long unit(long published, long largest) {
        long unit = largest;
        while (published % unit != 0) {
            unit /= 10;
        }
        return unit;
    }

    private static long rounded(long value, long unit) {
        return (value + unit / 2) / unit * unit;
    }

    @Test
    void everySlipIsARow() throws IOException {
        Set<String> configs = new HashSet<>();
        rows().forEach(r -> configs.add(r.config));
        assertTrue(configs.containsAll(SLIPS.keySet()));
        Set<String> families = new TreeSet<>();
        configs.forEach(c -> families.add(c.substring(0, c.indexOf('/'))));
        assertEquals(
                "[densenet, mobilenet_v2, mobilenet_v3, regnet, repvgg, res2net, resnet, resnext, seresnet, shufflenet_v1,"
                        + " shufflenet_v2, vgg, vision_transformer, wrn]",
                families.toString()); // mmcls publishes nothing of ResNeSt: see FlopsCounterTest
    }
}
