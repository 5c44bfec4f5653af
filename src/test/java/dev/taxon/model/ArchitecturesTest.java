package dev.taxon.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.taxon.UserError;
import dev.taxon.analysis.FlopsCounter;
import dev.taxon.analysis.LayerCost;
import dev.taxon.checkpoint.Checkpoint;
import dev.taxon.checkpoint.Loading;
import dev.taxon.checkpoint.StateDict;
import dev.taxon.config.Config;
import dev.taxon.device.Device;
import dev.taxon.device.Options;
import dev.taxon.device.Program;
import dev.taxon.device.Weights;
import dev.taxon.device.cpu.CpuDevice;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every architecture at the smallest input that it takes: it builds, counts, trains a step, saves and loads on the CPU;
 * those above 30 M parameters do the last three in the profile {@code slow}. A backbone or head that is registered without standing here fails.
 */
class ArchitecturesTest {
    private static final int BATCH = 2;
    private static final int CLASSES = 10;
    private static final long LARGEST_TO_RUN = 30_000_000;

    @TempDir
    Path folder;

    /**
     * @param model the config key {@code model}
     * @param size height and width of the smallest input
     */
    private record Architecture(String backbone, String head, String model, int channels, int size) {
        Graph graph(int size) {
            return ImageClassifier.read(Config.parse("model = " + model, toString())
                            .fields()
                            .dict("model"))
                    .graph(Shape.of(channels, size, size));
        }

        @Override
        public String toString() {
            return backbone + ", " + head;
        }
    }

    /** A backbone, average pooling, and a linear head. */
    private static Architecture pooled(String backbone, int features, int size) {
        return pooled(backbone, "type='LinearClsHead'", features, size);
    }

    private static Architecture pooled(String backbone, String head, int features, int size) {
        String model = "dict(type='ImageClassifier', backbone=dict(%s), neck=dict(type='GlobalAveragePooling'),"
                        .formatted(backbone)
                + " head=dict(%s, num_classes=%d, in_channels=%d))".formatted(head, CLASSES, features);
        return new Architecture(backbone, head, model, 3, size);
    }

    /** A backbone that ends in its own classifier. */
    private static Architecture whole(String backbone, int channels, int size) {
        String model = "dict(type='ImageClassifier', backbone=dict(%s, num_classes=%d), head=dict(type='ClsHead'))"
                .formatted(backbone, CLASSES);
        return new Architecture(backbone, "type='ClsHead'", model, channels, size);
    }

    /** The same, for several labels a sample. */
    private static Architecture multiLabel(String backbone, int channels, int size) {
        String model = "dict(type='ImageClassifier', backbone=dict(%s, num_classes=%d),".formatted(backbone, CLASSES)
                + " head=dict(type='MultiLabelClsHead'))";
        return new Architecture(backbone, "type='MultiLabelClsHead'", model, channels, size);
    }

    /** A head that reads the backbone's map. */
    private static Architecture residualAttention(String backbone, int features) {
        String head = "type='CSRAClsHead', num_heads=4, lam=0.2";
        String model = "dict(type='ImageClassifier', backbone=dict(%s), head=dict(%s, num_classes=%d, in_channels=%d))"
                .formatted(backbone, head, CLASSES, features);
        return new Architecture(backbone, head, model, 3, 1);
    }

    private static Architecture generalizedMean(String backbone, int features) {
        String head = "type='LinearClsHead'";
        String model = "dict(type='ImageClassifier', backbone=dict(%s), neck=dict(type='GeneralizedMeanPooling'),"
                        .formatted(backbone)
                + " head=dict(%s, num_classes=%d, in_channels=%d))".formatted(head, CLASSES, features);
        return new Architecture(backbone + ", GeneralizedMeanPooling", head, model, 3, 1);
    }

    /** Its position embedding, for images of 224, is resized to one patch. */
    private static Architecture visionTransformer(String sizes, int width) {
        String backbone = "type='VisionTransformer', " + sizes;
        String head = "type='VisionTransformerClsHead', hidden_dim=32";
        String model = "dict(type='ImageClassifier', backbone=dict(%s), head=dict(%s, num_classes=%d, in_channels=%d))"
                .formatted(backbone, head, CLASSES, width);
        return new Architecture(backbone, head, model, 3, 16);
    }

    static Stream<Architecture> all() {
        List<Architecture> all = new ArrayList<>();
        all.add(whole("type='LeNet5'", 1, 32));
        all.add(whole("type='AlexNet'", 3, 223)); // 6 x 6 before its classifier
        all.add(pooled("type='AlexNet'", 256, 63));
        for (int depth : List.of(11, 13, 16, 19)) {
            String vgg = "type='VGG', depth=" + depth;
            all.add(whole(vgg, 3, 224)); // 7 x 7 before its classifier
            all.add(pooled(vgg, 512, 32));
            all.add(pooled(vgg + ", norm_cfg=dict(type='BN')", 512, 32));
        }
        for (String type : List.of("ResNet", "ResNetV1c", "ResNetV1d", "ResNet_CIFAR")) {
            for (int depth : List.of(18, 34, 50, 101, 152)) {
                all.add(pooled("type='%s', depth=%d".formatted(type, depth), depth < 50 ? 512 : 2048, 1));
            }
        }
        for (int depth : List.of(20, 32, 44, 56, 110)) {
            all.add(pooled("type='ResNetCifarA', depth=" + depth, 64, 1));
        }
        for (int depth : List.of(50, 101)) {
            all.add(pooled("type='ResNet', depth=%d, base_channels=128, expansion=2".formatted(depth), 2048, 1));
        }
        for (int depth : List.of(50, 101, 152)) {
            all.add(pooled("type='ResNeXt', depth=" + depth, 2048, 1));
        }
        all.add(pooled("type='ResNeXt', depth=101, width_per_group=8", 2048, 1));
        Map<String, Integer> regNets = Map.of(
                "400mf", 384, "800mf", 672, "1.6gf", 912, "3.2gf", 1008, "4.0gf", 1360, "6.4gf", 1624, "8.0gf", 1920,
                "12gf", 2240);
        regNets.forEach((arch, width) -> all.add(pooled("type='RegNet', arch='regnetx_%s'".formatted(arch), width, 1)));
        for (double width : List.of(0.35, 0.5, 0.75, 1.0, 1.4)) {
            int features = width > 1 ? (int) (1280 * width) : 1280;
            all.add(pooled("type='MobileNetV2', widen_factor=" + width, features, 1));
        }
        String swish = "type='StackedLinearClsHead', mid_channels=[16], dropout_rate=0.2, act_cfg=dict(type='HSwish')";
        all.add(pooled("type='MobileNetV3', arch='small'", swish, 576, 1));
        all.add(pooled("type='MobileNetV3', arch='large'", swish, 960, 1));
        all.add(pooled("type='MobileNetv3'", 96, 1));
        all.add(pooled("type='MobileNetv3', arch='big'", 112, 1)); // mmcls reads its eleventh stage
        all.add(pooled("type='MobileNetv3', arch='big', out_indices=(14,)", 160, 1));
        for (int depth : List.of(50, 101, 152)) {
            all.add(pooled("type='SEResNet', depth=" + depth, 2048, 1));
            all.add(pooled("type='SEResNeXt', depth=" + depth, 2048, 1));
        }
        for (String arch : List.of("deit-tiny", "deit-small", "deit-base", "small", "base", "large")) {
            int width = arch.equals("large")
                    ? 1024
                    : arch.equals("deit-tiny") ? 192 : arch.equals("deit-small") ? 384 : 768;
            all.add(visionTransformer("arch='%s'".formatted(arch), width));
        }
        all.add(visionTransformer(
                "num_layers=2, embed_dim=64, num_heads=4, feedforward_channels=128, drop_rate=0.1, attn_drop_rate=0.1",
                64));
        all.add(pooled("type='VisionTransformer', arch='deit-tiny', output_cls_token=False", 192, 16));
        all.addAll(channelFamilies());
        String stacked = "type='StackedLinearClsHead', mid_channels=[16], dropout_rate=0.5";
        all.add(pooled("type='ResNet_CIFAR', depth=18", stacked, 512, 1));
        all.add(pooled("type='ResNet_CIFAR', depth=18", "type='MultiLabelLinearClsHead'", 512, 1));
        all.add(multiLabel("type='AlexNet'", 3, 223));
        all.add(residualAttention("type='ResNet_CIFAR', depth=18", 512));
        all.add(generalizedMean("type='ResNet_CIFAR', depth=18", 512));
        return all.stream();
    }

    /** Networks that split, concatenate, shuffle or weigh channels, and RepVGG. */
    private static List<Architecture> channelFamilies() {
        List<Architecture> all = new ArrayList<>();
        Map.of(1, 576, 2, 800, 3, 960, 4, 1088, 8, 1536)
                .forEach((groups, width) -> all.add(pooled("type='ShuffleNetV1', groups=" + groups, width, 1)));
        all.add(pooled("type='ShuffleNetV1', widen_factor=0.5", 480, 1));
        for (String widen : List.of("0.5", "1.0", "1.5")) {
            all.add(pooled("type='ShuffleNetV2', widen_factor=" + widen, 1024, 1));
        }
        all.add(pooled("type='ShuffleNetV2', widen_factor=2.0", 2048, 1));
        // three transitions halve the image
        Map.of("121", 1024, "161", 2208, "169", 1664, "201", 1920)
                .forEach((arch, width) -> all.add(pooled("type='DenseNet', arch='%s'".formatted(arch), width, 29)));
        all.add(pooled(
                "type='DenseNet', arch=dict(growth_rate=4, depths=[2, 1], init_channels=8), drop_rate=0.1", 12, 5));
        for (int depth : List.of(50, 101, 152, 200, 269)) {
            all.add(pooled("type='ResNeSt', depth=" + depth, 2048, 1));
        }
        all.add(pooled(
                "type='ResNeSt', depth=50, groups=2, width_per_group=24, radix=1, avg_down_stride=False", 2048, 1));
        for (int depth : List.of(50, 101, 152)) {
            all.add(pooled("type='Res2Net', depth=" + depth, 2048, 1));
        }
        all.add(pooled("type='Res2Net', depth=50, scales=8, base_width=14, deep_stem=False, avg_down=False", 2048, 1));
        Map<String, Integer> repVggs = Map.of(
                "A0", 1280, "A1", 1280, "A2", 1408, "B0", 1280, "B1", 2048, "B1g2", 2048, "B1g4", 2048, "B2", 2560,
                "B2g4", 2560, "B3", 2560);
        repVggs.forEach((arch, width) -> all.add(pooled("type='RepVGG', arch='%s'".formatted(arch), width, 1)));
        all.add(pooled("type='RepVGG', arch='A0', deploy=True", 1280, 1));
        all.add(pooled("type='RepVGG', arch='yolox-pai-small', add_ppf=True", 512, 1));
        all.add(pooled("type='RepVGG', arch='B3g4'", 2560, 1));
        all.add(pooled("type='RepVGG', arch='D2se'", 2560, 1));
        return all;
    }

    @Test
    void everyRegisteredNameStandsHere() {
        assertEquals(new TreeSet<>(ImageClassifier.backboneTypes()), names(all().map(Architecture::backbone)));
        assertEquals(new TreeSet<>(ImageClassifier.headTypes()), names(all().map(Architecture::head)));
    }

    private static Set<String> names(Stream<String> dicts) {
        return dicts.map(d -> d.replaceAll("type='(\\w+)'.*", "$1")).collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @MethodSource("all")
    void buildsCountsTrainsSavesAndLoads(Architecture architecture) throws IOException {
        Graph graph = architecture.graph(architecture.size);
        assertEquals(Shape.of(CLASSES), graph.output().shape());
        if (architecture.size > 1) {
            assertThrows(UserError.class, () -> architecture.graph(architecture.size - 1));
        }
        assertTrue(
                FlopsCounter.count(graph).stream().mapToLong(LayerCost::flops).sum() > 0);
        long parameters =
                graph.parameters().stream().mapToLong(p -> p.shape().numel()).sum();
        assertEquals(parameters, graph.parameterCount());
        if (parameters <= LARGEST_TO_RUN) {
            run(architecture, graph);
        }
    }

    /** The larger ones: gigabytes and minutes, so only the profile {@code slow} runs them. */
    @ParameterizedTest
    @MethodSource("all")
    @Tag("slow")
    void largeOnesTrainSaveAndLoadToo(Architecture architecture) throws IOException {
        Graph graph = architecture.graph(architecture.size);
        assumeTrue(graph.parameterCount() > LARGEST_TO_RUN, "runs in every build");
        run(architecture, graph);
    }

    private void run(Architecture architecture, Graph graph) throws IOException {
        Path file = folder.resolve("model.pth");
        try (Device device = CpuDevice.open(2);
                Weights weights = device.allocate(graph);
                Weights loaded = device.allocate(graph);
                Arena arena = Arena.ofShared()) {
            ImageClassifier classifier = ImageClassifier.read(Config.parse("model = " + architecture.model, "test.py")
                    .fields()
                    .dict("model"));
            Initializer.initialize(weights, classifier.inits(graph), 1);
            trainStep(device, weights);
            Map<Object, Object> tree = new LinkedHashMap<>();
            tree.put("state_dict", StateDict.of(weights, arena).toTree());
            Checkpoint.write(file, tree);
            try (Checkpoint checkpoint = Checkpoint.open(file)) {
                assertTrue(Loading.into(loaded, checkpoint.stateDict(), true).isExact());
            }
            float[] logits = logits(device, weights);
            for (float logit : logits) {
                assertTrue(Float.isFinite(logit), "logit " + logit);
            }
            assertArrayEquals(logits, logits(device, loaded));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static void trainStep(Device device, Weights weights) {
        try (Program program = device.compile(weights.graph(), weights, Options.train(BATCH))) {
            program.writeInput(input(program));
            if (weights.graph().target() instanceof Node n && n.layer() instanceof Layer.Target t && t.soft()) {
                float[] targets = new float[BATCH * CLASSES];
                targets[3] = 1;
                targets[7] = 1;
                targets[CLASSES] = 1;
                program.writeTargets(targets);
            } else {
                program.writeTargets(new int[] {3, 7});
            }
            program.forward(Program.Draw.NONE);
            program.backward(false, Program.GradientListener.NONE);
            assertTrue(Double.isFinite(program.loss()), "loss " + program.loss());
            double norm = weights.gradientNorm(2);
            assertTrue(Double.isFinite(norm) && norm > 0, "norm of all gradients " + norm);
        }
    }

    private static float[] logits(Device device, Weights weights) {
        float[] logits = new float[BATCH * CLASSES];
        try (Program program = device.compile(weights.graph(), weights, Options.eval(BATCH))) {
            program.writeInput(input(program));
            program.forward(Program.Draw.NONE);
            program.readOutput(MemorySegment.ofArray(logits));
        }
        return logits;
    }

    /** In whatever layout: a wave. */
    private static MemorySegment input(Program program) {
        float[] x = new float[(int) (program.input().byteSize() / Float.BYTES)];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) Math.cos(0.7 * i);
        }
        return MemorySegment.ofArray(x);
    }
}
