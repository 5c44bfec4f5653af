package dev.taxon.checkpoint.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.Golden;
import dev.taxon.UserError;
import dev.taxon.checkpoint.LoadReport;
import dev.taxon.checkpoint.Loading;
import dev.taxon.checkpoint.StateDict;
import dev.taxon.checkpoint.names.ForeignModels.Variant;
import dev.taxon.config.Config;
import dev.taxon.device.Weights;
import dev.taxon.device.reference.ReferenceDevice;
import dev.taxon.graph.Graph;
import dev.taxon.graph.StateEntry;
import dev.taxon.model.ImageClassifier;
import dev.taxon.tensor.DType;
import dev.taxon.tensor.Shape;
import dev.taxon.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole state dicts of torchvision and timm become those of mmcls: every name, every shape. */
class FamiliesTest {
    private static final long LARGEST = 4L * 4096 * 512 * 7 * 7;

    @TempDir
    private Path folder;

    private final Arena arena = Arena.ofConfined();
    private MemorySegment zeros = MemorySegment.NULL;

    /** A file of zeros that takes no room, for the elements of all tensors. */
    @BeforeEach
    void map() throws IOException {
        Path sparse = Files.createFile(folder.resolve("zeros"));
        try (FileChannel channel = FileChannel.open(sparse, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.write(java.nio.ByteBuffer.allocate(1), LARGEST - 1);
            zeros = channel.map(FileChannel.MapMode.READ_ONLY, 0, LARGEST, arena);
        }
    }

    @AfterEach
    void unmap() {
        arena.close();
    }

    private StateDict dict(Map<String, Shape> entries) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        entries.forEach((name, shape) ->
                tensors.put(name, new Tensor(DType.FLOAT32, shape, zeros.asSlice(0, shape.numel() * Float.BYTES))));
        return new StateDict(tensors);
    }

    private static Map<String, Shape> mmcls(String keys) {
        Map<String, Shape> entries = new TreeMap<>();
        Golden.json("mmcls/keys_" + keys + ".json")
                .forEach((name, dims) -> entries.put(
                        name,
                        Shape.of(((List<?>) dims)
                                .stream()
                                        .mapToLong(d -> ((Number) d).longValue())
                                        .toArray())));
        return entries;
    }

    static Stream<Arguments> models() {
        return Stream.of(
                Arguments.of(
                        "torchvision", "resnet50", ForeignModels.resnet50(Variant.PLAIN, 1, 64), "resnet50_8xb32_in1k"),
                Arguments.of(
                        "torchvision",
                        "resnext50_32x4d",
                        ForeignModels.resnet50(Variant.PLAIN, 32, 4),
                        "resnext50-32x4d_8xb32_in1k"),
                Arguments.of(
                        "torchvision", "vgg16", ForeignModels.vgg(false, false, 2, 2, 3, 3, 3), "vgg16_8xb32_in1k"),
                Arguments.of(
                        "torchvision", "vgg11_bn", ForeignModels.vgg(true, false, 1, 1, 2, 2, 2), "vgg11bn_8xb32_in1k"),
                Arguments.of(
                        "torchvision", "mobilenet_v2", ForeignModels.mobileNetV2(false), "mobilenet-v2_8xb32_in1k"),
                Arguments.of(
                        "torchvision",
                        "mobilenet_v3_small",
                        ForeignModels.mobileNetV3Small(),
                        "mobilenet-v3-small_8xb32_in1k"),
                Arguments.of(
                        "torchvision",
                        "shufflenet_v2_x1_0",
                        ForeignModels.shuffleNetV2(),
                        "shufflenet-v2-1x_16xb64_in1k"),
                Arguments.of("torchvision", "densenet121", ForeignModels.denseNet121(""), "densenet121_4xb256_in1k"),
                Arguments.of("torchvision", "densenet121", ForeignModels.denseNet121("."), "densenet121_4xb256_in1k"),
                Arguments.of(
                        "torchvision", "vit_b_16", ForeignModels.vitBase16(false), "vit-base-p16_pt-64xb64_in1k-224"),
                Arguments.of("timm", "resnet50", ForeignModels.resnet50(Variant.PLAIN, 1, 64), "resnet50_8xb32_in1k"),
                Arguments.of(
                        "timm",
                        "resnet50d",
                        ForeignModels.resnet50(Variant.DEEP_STEM_AND_POOL, 1, 64),
                        "resnetv1d50_8xb32_in1k"),
                Arguments.of(
                        "timm", "seresnet50", ForeignModels.resnet50(Variant.SQUEEZE, 1, 64), "seresnet50_8xb32_in1k"),
                Arguments.of(
                        "timm",
                        "resnest50d",
                        ForeignModels.resnet50(Variant.SPLIT_ATTENTION, 1, 64),
                        "resnest50_32xb64_in1k"),
                Arguments.of("timm", "vgg16", ForeignModels.vgg(false, true, 2, 2, 3, 3, 3), "vgg16_8xb32_in1k"),
                Arguments.of("timm", "vgg11_bn", ForeignModels.vgg(true, true, 1, 1, 2, 2, 2), "vgg11bn_8xb32_in1k"),
                Arguments.of("timm", "mobilenetv2_100", ForeignModels.mobileNetV2(true), "mobilenet-v2_8xb32_in1k"),
                Arguments.of("timm", "densenet121", ForeignModels.denseNet121(""), "densenet121_4xb256_in1k"),
                Arguments.of("timm", "regnetx_004", ForeignModels.regNetX400(true), "regnetx-400mf_8xb128_in1k"),
                Arguments.of(
                        "timm",
                        "vit_base_patch16_224",
                        ForeignModels.vitBase16(true),
                        "vit-base-p16_pt-64xb64_in1k-224"));
    }

    @ParameterizedTest
    @MethodSource("models")
    void becomesMmclss(String source, String arch, Map<String, Shape> entries, String keys) {
        Map<String, Shape> expected = mmcls(keys);
        if (keys.startsWith("vit")) { // mmcls's was trained with a hidden layer in the head
            expected.keySet().removeIf(name -> name.startsWith("head.layers.pre_logits."));
            expected.put("head.layers.head.weight", Shape.of(1000, 768));
        }
        StateDict foreign = dict(entries);
        for (String named : List.of(arch, "")) {
            Map<String, Shape> translated = new TreeMap<>();
            Families.of(source, named, foreign.names())
                    .translate(foreign)
                    .tensors()
                    .forEach((name, tensor) -> translated.put(name, tensor.shape()));
            assertEquals(lines(expected), lines(translated));
        }
        assertTrue(
                Families.recognizing(foreign.names()).stream()
                        .anyMatch(f -> f.source().equals(source)),
                "by itself");
    }

    /** torchvision's has 400 channels in its last stage, mmcls's of that name 384; numbers that give 400 are in the docs. */
    @Test
    void torchvisionsSmallestRegNetIsAnotherNetwork() {
        StateDict foreign = dict(ForeignModels.regNetX400(false));
        Map<String, Shape> translated = new TreeMap<>();
        Families.of("torchvision", "regnet_x_400mf", foreign.names())
                .translate(foreign)
                .tensors()
                .forEach((name, tensor) -> translated.put(name, tensor.shape()));
        Map<String, Shape> named = mmcls("regnetx-400mf_8xb128_in1k");
        assertEquals(named.keySet(), translated.keySet());
        assertEquals(Shape.of(1000, 384), named.get("head.fc.weight"));
        assertEquals(Shape.of(1000, 400), translated.get("head.fc.weight"));
        Map<String, Shape> built = new TreeMap<>();
        Config config = Config.parse(
                "model = dict(type='ImageClassifier', backbone=dict(type='RegNet', arch=dict(w0=24, wa=24.6, wm=2.548,"
                        + " group_w=16, depth=22, bot_mul=1.0)), neck=dict(type='GlobalAveragePooling'),"
                        + " head=dict(type='LinearClsHead', num_classes=1000, in_channels=400))",
                "regnet");
        for (StateEntry entry : ImageClassifier.read(config.fields().dict("model"))
                .graph(Shape.of(3, 224, 224))
                .state()) {
            built.put(entry.name(), entry.shape());
        }
        assertEquals(lines(built), lines(translated));
    }

    private static String lines(Map<String, Shape> entries) {
        StringBuilder lines = new StringBuilder();
        entries.forEach(
                (name, shape) -> lines.append(name).append(' ').append(shape).append('\n'));
        return lines.toString();
    }

    private static Graph graph(String config) {
        return ImageClassifier.read(
                        Config.load(Path.of("configs", config)).fields().dict("model"))
                .graph(Shape.of(3, 224, 224));
    }

    @Test
    void alexNetsNamesAreTheModels() {
        Map<String, Shape> expected = new TreeMap<>();
        Config config = Config.parse(
                "model = dict(type='ImageClassifier', backbone=dict(type='AlexNet', num_classes=1000), neck=None,"
                        + " head=dict(type='ClsHead'))",
                "alexnet");
        for (StateEntry entry : ImageClassifier.read(config.fields().dict("model"))
                .graph(Shape.of(3, 224, 224))
                .state()) {
            expected.put(entry.name(), entry.shape());
        }
        StateDict foreign = dict(ForeignModels.alexNet());
        Map<String, Shape> translated = new TreeMap<>();
        Families.of("torchvision", "alexnet", foreign.names())
                .translate(foreign)
                .tensors()
                .forEach((name, tensor) -> translated.put(name, tensor.shape()));
        assertEquals(lines(expected), lines(translated));
    }

    @Test
    void loadsDirectlyAndSaysSo() {
        try (ReferenceDevice device = new ReferenceDevice();
                Weights weights = device.allocate(graph("resnet/resnet50_8xb32_in1k.py"))) {
            StateDict torchvision = dict(ForeignModels.resnet50(Variant.PLAIN, 1, 64));
            LoadReport report = Loading.into(weights, torchvision, true);
            assertEquals("loaded 320 of 320 entries; names of torchvision's resnet translated", report.summary());
            report = Loading.module(weights, torchvision, "backbone");
            assertEquals(List.of(), report.missing());
            assertEquals(318, report.matched().size());
            Map<String, Shape> old = ForeignModels.resnet50(Variant.PLAIN, 1, 64);
            old.keySet().removeIf(name -> name.endsWith("num_batches_tracked")); // files of PyTorch 0.3
            assertTrue(Loading.into(weights, dict(old), true).isExact());
            LoadReport other = Loading.into(weights, dict(ForeignModels.mobileNetV2(false)), false);
            assertEquals(0, other.matched().size());
            assertEquals("", other.note(), "no translation helps");
        }
    }

    @Test
    void mistakesAreOneSentence() {
        var names = ForeignModels.mobileNetV2(true).keySet();
        assertMistake("--from keras: expected one of torchvision, timm, mmcls-0.12, akamaster", "keras", "", names);
        assertMistake(
                "--arch swin_t is of no family of torchvision that Taxon knows: resnet, vgg",
                "torchvision",
                "swin_t",
                names);
        assertMistake(
                "are not those of torchvision's resnet50; check --from and --arch", "torchvision", "resnet50", names);
        assertMistake("are not those of torchvision's resnet, vgg, alexnet", "torchvision", "", names);
    }

    private static void assertMistake(String expected, String source, String arch, java.util.Set<String> names) {
        UserError error = assertThrows(UserError.class, () -> Families.of(source, arch, names));
        assertTrue(error.getMessage().contains(expected), error.getMessage());
    }
}
