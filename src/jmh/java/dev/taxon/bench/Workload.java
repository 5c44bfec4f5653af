package dev.taxon.bench;

import dev.taxon.config.Fields;
import dev.taxon.config.Position;
import dev.taxon.config.Value;
import dev.taxon.device.Options;
import dev.taxon.graph.Graph;
import dev.taxon.model.ImageClassifier;
import dev.taxon.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The work that is timed, the same here and in scripts/peers/workloads.py, which knows it by {@link #key}. */
public enum Workload {
    /** A training step: forward, loss, backward, SGD with momentum and weight decay. */
    LENET5_TRAIN_128(lenet5(), Shape.of(1, 32, 32), Options.train(128)),
    RESNET20_TRAIN_128(resnet("ResNetCifarA", 20, 10, 64), Shape.of(3, 32, 32), Options.train(128)),
    RESNET18_CIFAR_TRAIN_128(resnet("ResNet_CIFAR", 18, 10, 512), Shape.of(3, 32, 32), Options.train(128)),
    /** Inference: images in, logits out. */
    RESNET18_INFER_1(resnet("ResNet", 18, 1000, 512), Shape.of(3, 224, 224), Options.eval(1)),
    RESNET18_INFER_16(resnet("ResNet", 18, 1000, 512), Shape.of(3, 224, 224), Options.eval(16)),
    RESNET50_INFER_1(resnet("ResNet", 50, 1000, 2048), Shape.of(3, 224, 224), Options.eval(1)),
    RESNET50_INFER_16(resnet("ResNet", 50, 1000, 2048), Shape.of(3, 224, 224), Options.eval(16)),
    RESNET50_TRAIN_16(resnet("ResNet", 50, 1000, 2048), Shape.of(3, 224, 224), Options.train(16)),
    RESNEXT50_INFER_1(resnet("ResNeXt", 50, 1000, 2048), Shape.of(3, 224, 224), Options.eval(1)),
    RESNEXT50_INFER_16(resnet("ResNeXt", 50, 1000, 2048), Shape.of(3, 224, 224), Options.eval(16)),
    RESNEXT50_TRAIN_16(resnet("ResNeXt", 50, 1000, 2048), Shape.of(3, 224, 224), Options.train(16)),
    MOBILENET_V2_INFER_1(pooled("MobileNetV2", 1280), Shape.of(3, 224, 224), Options.eval(1)),
    MOBILENET_V2_INFER_16(pooled("MobileNetV2", 1280), Shape.of(3, 224, 224), Options.eval(16)),
    MOBILENET_V2_TRAIN_16(pooled("MobileNetV2", 1280), Shape.of(3, 224, 224), Options.train(16)),
    SHUFFLENET_V1_INFER_1(pooled("ShuffleNetV1", 960), Shape.of(3, 224, 224), Options.eval(1)),
    SHUFFLENET_V1_INFER_16(pooled("ShuffleNetV1", 960), Shape.of(3, 224, 224), Options.eval(16)),
    SHUFFLENET_V1_TRAIN_16(pooled("ShuffleNetV1", 960), Shape.of(3, 224, 224), Options.train(16)),
    SHUFFLENET_V2_INFER_1(pooled("ShuffleNetV2", 1024), Shape.of(3, 224, 224), Options.eval(1)),
    SHUFFLENET_V2_INFER_16(pooled("ShuffleNetV2", 1024), Shape.of(3, 224, 224), Options.eval(16)),
    SHUFFLENET_V2_TRAIN_16(pooled("ShuffleNetV2", 1024), Shape.of(3, 224, 224), Options.train(16)),
    VGG16_INFER_1(vgg16(), Shape.of(3, 224, 224), Options.eval(1)),
    VGG16_INFER_16(vgg16(), Shape.of(3, 224, 224), Options.eval(16)),
    VGG16_TRAIN_16(vgg16(), Shape.of(3, 224, 224), Options.train(16)),
    VIT_B16_INFER_1(vit(), Shape.of(3, 224, 224), Options.eval(1)),
    VIT_B16_INFER_16(vit(), Shape.of(3, 224, 224), Options.eval(16));

    private final Map<String, Object> model;
    private final Shape image;
    private final Options options;

    Workload(Map<String, Object> model, Shape image, Options options) {
        this.model = model;
        this.image = image;
        this.options = options;
    }

    static Workload of(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT));
    }

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    Graph graph() {
        return ImageClassifier.read(new Fields((Value.Dict) value(model), "model"))
                .graph(image);
    }

    Options options() {
        return options;
    }

    boolean training() {
        return options.mode() == Options.Mode.TRAIN;
    }

    private static Map<String, Object> lenet5() {
        return Map.of(
                "type", "ImageClassifier",
                "backbone", Map.of("type", "LeNet5", "num_classes", 10),
                "head", Map.of("type", "ClsHead", "loss", Map.of("type", "CrossEntropyLoss")));
    }

    private static Map<String, Object> vgg16() {
        return Map.of(
                "type", "ImageClassifier",
                "backbone", Map.of("type", "VGG", "depth", 16, "num_classes", 1000),
                "head", Map.of("type", "ClsHead", "loss", Map.of("type", "CrossEntropyLoss")));
    }

    private static Map<String, Object> vit() {
        return Map.of(
                "type",
                "ImageClassifier",
                "backbone",
                Map.of("type", "VisionTransformer", "arch", "b", "img_size", 224, "patch_size", 16),
                "head",
                Map.of(
                        "type",
                        "VisionTransformerClsHead",
                        "num_classes",
                        1000,
                        "in_channels",
                        768,
                        "loss",
                        Map.of("type", "CrossEntropyLoss")));
    }

    private static Map<String, Object> resnet(String type, int depth, int classes, int features) {
        return pooled(Map.of("type", type, "depth", depth), classes, features);
    }

    private static Map<String, Object> pooled(String type, int features) {
        return pooled(Map.of("type", type), 1000, features);
    }

    private static Map<String, Object> pooled(Map<String, Object> backbone, int classes, int features) {
        return Map.of(
                "type",
                "ImageClassifier",
                "backbone",
                backbone,
                "neck",
                Map.of("type", "GlobalAveragePooling"),
                "head",
                Map.of(
                        "type",
                        "LinearClsHead",
                        "num_classes",
                        classes,
                        "in_channels",
                        features,
                        "loss",
                        Map.of("type", "CrossEntropyLoss")));
    }

    /** A config as its reader would give it. */
    private static Value value(Object plain) {
        return switch (plain) {
            case Integer i -> new Value.Int(i, Position.UNKNOWN);
            case String s -> new Value.Text(s, Position.UNKNOWN);
            case Map<?, ?> map -> {
                Map<String, Value> entries = new LinkedHashMap<>();
                map.forEach((key, item) -> entries.put((String) key, value(item)));
                yield new Value.Dict(entries, Position.UNKNOWN);
            }
            default -> throw new IllegalArgumentException(plain.toString());
        };
    }
}
