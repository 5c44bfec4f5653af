package dev.taxon.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.cam.ActivationMap;
import dev.taxon.cam.CamMethod;
import dev.taxon.cam.CamRun;
import dev.taxon.cam.HeatMap;
import dev.taxon.cam.TargetLayers;
import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.Image;
import dev.taxon.data.transform.Sample;
import dev.taxon.graph.EvaluationForm;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Node;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Class activation maps are those of PyTorch, by scripts/golden/cam.py, on every device. */
class GoldenCamTest {
    /**
     * Of maps in [0, 1]. The golden maps are rounded at 1e-6; gradients of ResNet-18 in float32 are some 1e-4 off, and
     * scaling by a small maximum widens that. A wrong term or place is off by tenths.
     */
    private static final double TOLERANCE = 2e-3;

    private static final Map<String, Graph> MODELS = Map.of(
            "resnet18_cifar", GoldenModels.resnet18Cifar(), "vision_transformer", GoldenModels.visionTransformer());

    /** Batch 0, first image, by formula. */
    private static Sample input() {
        float[] values = new float[3 * 32 * 32]; // (H, W, C)
        for (int i = 0; i < values.length; i++) {
            int pixel = i / 3;
            values[i] = (float) GoldenFormulas.HASH.input(0, i % 3 * 1024 + pixel);
        }
        return Sample.of("golden", new Image.Floats(32, 32, ChannelOrder.RGB, values), Sample.NO_LABEL);
    }

    @ParameterizedTest
    @MethodSource("dev.taxon.device.DevicesUnderTest#ofWholeModels")
    void mapsAreThoseOfPyTorch(DevicesUnderTest underTest) {
        List<String> failures = new ArrayList<>();
        for (Object item : (List<?>) GoldenFiles.json("cam.json").get("cases")) {
            Map<?, ?> golden = (Map<?, ?>) item;
            if (underTest == DevicesUnderTest.REFERENCE && !isForReference(golden)) {
                continue;
            }
            float[] expected = floats(golden.get("map"));
            HeatMap actual = map(underTest, golden);
            double worst = 0;
            for (int i = 0; i < expected.length; i++) {
                worst = Math.max(worst, Math.abs(expected[i] - actual.values()[i]));
            }
            if (worst > TOLERANCE) {
                failures.add(golden.get("layers") + " " + golden.get("method") + " is off by " + worst);
            }
        }
        assertEquals(List.of(), failures);
    }

    /** The reference is slow: the whole way of one map of each model, for formulas that do not depend on the device. */
    private static boolean isForReference(Map<?, ?> golden) {
        return List.of(List.of("backbone.layer4.1.bn2"), List.of("backbone.layers.1.ln1"))
                .contains(golden.get("layers"));
    }

    private static HeatMap map(DevicesUnderTest underTest, Map<?, ?> golden) {
        Graph trained = MODELS.get(String.valueOf(golden.get("model")));
        Graph graph = EvaluationForm.of(trained);
        TargetLayers targets = new TargetLayers(graph);
        List<Node> layers = ((List<?>) golden.get("layers"))
                .stream().map(name -> targets.of(String.valueOf(name))).toList();
        var settings = new CamRun.Settings(
                CamMethod.of(String.valueOf(golden.get("method"))),
                Boolean.TRUE.equals(golden.get("eigen_smooth")),
                false);
        try (Device device = underTest.open();
                Weights weights = device.allocate(trained)) {
            new GoldenRun(trained, GoldenFormulas.HASH, 1, 0).fill(weights);
            try (CamRun run = new CamRun(
                    graph, layers, targets.extraTokens(), (g, options) -> device.compile(g, weights, options))) {
                float[] logits = run.logits(input());
                float[] expected = floats(golden.get("logits"));
                for (int k = 0; k < logits.length; k++) {
                    assertEquals(expected[k], logits[k], 1e-3 * (1 + Math.abs(expected[k])));
                }
                return run.map(input(), ((Number) golden.get("label")).intValue(), settings);
            }
        }
    }

    /** Three of six variants are mirror images, whose maps are turned back: so a mirror image has the map's mirror image. */
    @Test
    void augmentedMapsAreTheMeanOfSix() {
        Map<?, ?> golden = (Map<?, ?>) ((List<?>) GoldenFiles.json("cam.json").get("cases")).get(2);
        Graph trained = MODELS.get(String.valueOf(golden.get("model")));
        Graph graph = EvaluationForm.of(trained);
        TargetLayers targets = new TargetLayers(graph);
        var augmented = new CamRun.Settings(CamMethod.LAYER_CAM, false, true);
        try (Device device = DevicesUnderTest.CPU.open();
                Weights weights = device.allocate(trained)) {
            new GoldenRun(trained, GoldenFormulas.HASH, 1, 0).fill(weights);
            try (CamRun run = new CamRun(
                    graph,
                    List.of(targets.of("backbone.layer2.1")),
                    0,
                    (g, options) -> device.compile(g, weights, options))) {
                HeatMap map = run.map(input(), 7, augmented);
                HeatMap ofMirror = run.map(mirrored(), 7, augmented);
                for (int i = 0; i < map.values().length; i++) {
                    assertEquals(map.values()[i], ofMirror.values()[i / 32 * 32 + 31 - i % 32], 1e-5);
                }
                HeatMap plain = run.map(input(), 7, new CamRun.Settings(CamMethod.LAYER_CAM, false, false));
                assertTrue(difference(plain, map) > 1e-3);
            }
        }
    }

    private static Sample mirrored() {
        float[] values = input().pixels().toFloats().pixels();
        float[] turned = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            int x = i / 3 % 32;
            turned[i] = values[i + (31 - 2 * x) * 3];
        }
        return input().with(new Image.Floats(32, 32, ChannelOrder.RGB, turned));
    }

    private static double difference(HeatMap a, HeatMap b) {
        double sum = 0;
        for (int i = 0; i < a.values().length; i++) {
            sum += Math.abs(a.values()[i] - b.values()[i]);
        }
        return sum / a.values().length;
    }

    /** Levels of a map are cut to 255 steps, where a rounding may fall on either side: one step of 255, half of it heat. */
    @Test
    void overlaysAreThoseOfOpenCv() {
        Map<?, ?> golden = GoldenFiles.json("cam.json");
        Map<?, ?> first = (Map<?, ?>) ((List<?>) golden.get("cases")).getFirst();
        byte[] pixels = new byte[32 * 32 * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (37 * i % 256);
        }
        Image picture = new Image.Bytes(32, 32, ChannelOrder.BGR, pixels);
        BufferedImage overlay = new ActivationMap(7, new HeatMap(32, 32, floats(first.get("map"))), picture).overlay();
        float[] expected = floats(golden.get("overlay"));
        for (int i = 0; i < expected.length; i++) {
            int rgb = overlay.getRGB(i / 3 % 32, i / 96);
            assertEquals(expected[i], rgb >> 8 * (i % 3) & 0xFF, 4, "value " + i);
        }
    }

    @Test
    void theColoursAreOpenCvsJet() {
        List<?> jet = (List<?>) GoldenFiles.json("cam.json").get("jet");
        for (int level = 0; level < 256; level++) {
            // Over black, a map of one level and one of 255 (so that nothing is brightened): the colour is halved twice
            // over.
            float[] values = {level / 255f + 1e-4f, 1};
            Image black = new Image.Bytes(1, 2, ChannelOrder.BGR, new byte[6]);
            BufferedImage overlay = new ActivationMap(0, new HeatMap(1, 2, values), black).overlay();
            float[] bgr = floats(jet.get(level));
            float brightest = Math.max(128, Math.max(bgr[0], Math.max(bgr[1], bgr[2]))); // level 255 is (0, 0, 128)
            for (int c = 0; c < 3; c++) {
                assertEquals(
                        (int) (255 * (bgr[c] / brightest) + 1e-3),
                        overlay.getRGB(0, 0) >> 8 * c & 0xFF,
                        1,
                        level + " " + c);
            }
        }
    }

    @Test
    void namesMeanBlocksAndIndices() {
        TargetLayers layers = new TargetLayers(EvaluationForm.of(GoldenModels.resnet18Cifar()));
        assertEquals("backbone.layer4.1.bn2", layers.standard().name());
        assertEquals(layers.of("backbone.layer4.1"), layers.of("backbone.layer4[-1]"));
        assertEquals(layers.of("backbone.layer4"), layers.of("backbone.layer4[1]"));
        assertEquals(
                "backbone.layer4.0.conv1",
                layers.of("backbone.layer4[-2].conv1").name());
        assertTrue(layers.of("backbone.layer4").name().startsWith("backbone.layer4.1.relu"));
        TargetLayers ofVit = new TargetLayers(EvaluationForm.of(GoldenModels.visionTransformer()));
        assertEquals("backbone.layers.1.ln1", ofVit.standard().name());
        assertEquals(1, ofVit.extraTokens());
        TargetLayers ofShuffleNet = new TargetLayers(EvaluationForm.of(GoldenModels.shuffleNetV2()));
        assertEquals("backbone.layers.2.0.branch2.0.bn", ofShuffleNet.standard().name()); // those behind make 1x1
        TargetLayers ofLenet = new TargetLayers(EvaluationForm.of(GoldenModels.lenet5()));
        assertEquals("backbone.features.3", ofLenet.standard().name()); // features.6 makes 1x1
    }

    private static float[] floats(Object list) {
        List<?> numbers = (List<?>) list;
        float[] floats = new float[numbers.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = ((Number) numbers.get(i)).floatValue();
        }
        return floats;
    }
}
