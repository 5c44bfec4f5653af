package dev.taxon.device;

import dev.taxon.config.Fields;
import dev.taxon.data.Configs;
import dev.taxon.graph.Graph;
import dev.taxon.model.ImageClassifier;
import dev.taxon.tensor.Shape;
import java.util.List;

/** The models that golden files were made with. */
final class GoldenModels {
    private GoldenModels() {}

    static Graph lenet5() {
        Object backbone = Configs.dict("type", "LeNet5", "num_classes", 10);
        return classifier(Shape.of(1, 32, 32), "backbone", backbone, "head", Configs.dict("type", "ClsHead"));
    }

    static Graph resnet18Cifar() {
        return resnet("ResNet_CIFAR", 18, 512, 10, Shape.of(3, 32, 32));
    }

    static Graph resnet50() {
        return resnet("ResNet", 50, 2048, 1000, Shape.of(3, 64, 64));
    }

    static Graph vgg11Bn() {
        Object norm = Configs.dict("type", "BN");
        return pooled(Configs.dict("type", "VGG", "depth", 11, "norm_cfg", norm), 512, Shape.of(3, 32, 32));
    }

    static Graph regnetx400mf() {
        return pooled(Configs.dict("type", "RegNet", "arch", "regnetx_400mf"), 384, Shape.of(3, 32, 32));
    }

    static Graph shuffleNetV1() {
        return pooled(Configs.dict("type", "ShuffleNetV1"), 960, Shape.of(3, 32, 32));
    }

    static Graph shuffleNetV2() {
        return pooled(Configs.dict("type", "ShuffleNetV2", "widen_factor", 0.5), 1024, Shape.of(3, 32, 32));
    }

    static Graph denseNet() {
        Object arch = Configs.dict("growth_rate", 16, "depths", List.of(3, 4, 2), "init_channels", 32);
        return pooled(Configs.dict("type", "DenseNet", "arch", arch), 84, Shape.of(3, 32, 32));
    }

    /** Three stages; every second block has two groups. */
    static Graph repVgg() {
        Object arch = Configs.dict(
                "num_blocks",
                List.of(2, 3, 1),
                "width_factor",
                List.of(0.75, 0.75, 1.0),
                "group_layer_map",
                Configs.dict("2", 2, "4", 2, "6", 2),
                "se_cfg",
                Configs.dict("ratio", 16, "divisor", 1));
        Object ones = List.of(1, 1, 1);
        Object twos = List.of(2, 2, 2);
        Object backbone = Configs.dict(
                "type", "RepVGG", "arch", arch, "out_indices", List.of(2), "strides", twos, "dilations", ones);
        return pooled(backbone, 256, Shape.of(3, 32, 32));
    }

    static Graph mobileNetV2() {
        return pooled(Configs.dict("type", "MobileNetV2", "widen_factor", 0.35), 1280, Shape.of(3, 32, 32));
    }

    static Graph mobileNetV3() {
        return pooled(Configs.dict("type", "MobileNetV3", "arch", "small"), 576, Shape.of(3, 32, 32));
    }

    /** As mmcls 0.12 had it. */
    static Graph firstMobileNetV3() {
        return pooled(Configs.dict("type", "MobileNetv3", "arch", "small"), 96, Shape.of(3, 32, 32));
    }

    /** The first two stages of a residual network, whose blocks give {@code features} channels in the end. */
    static Graph twoStages(String type, int depth, int features, Object... more) {
        Object[] backbone = new Object[6 + more.length];
        System.arraycopy(new Object[] {"type", type, "depth", depth, "num_stages", 2}, 0, backbone, 0, 6);
        System.arraycopy(more, 0, backbone, 6, more.length);
        return pooled(Configs.dict(backbone), features, Shape.of(3, 32, 32));
    }

    static Graph alexnet() {
        return pooled(Configs.dict("type", "AlexNet"), 256, Shape.of(3, 64, 64));
    }

    /** A narrow one: patches of 8, 2 layers of 64 in 4 heads. */
    static Graph visionTransformer() {
        Object arch = Configs.dict("embed_dims", 64, "num_layers", 2, "num_heads", 4, "feedforward_channels", 128);
        Object backbone = Configs.dict("type", "VisionTransformer", "arch", arch, "img_size", 32, "patch_size", 8);
        Object head = Configs.dict(
                "type", "VisionTransformerClsHead", "num_classes", 10, "in_channels", 64, "hidden_dim", 32);
        return classifier(Shape.of(3, 32, 32), "backbone", backbone, "head", head);
    }

    private static Graph pooled(Object backbone, int features, Shape input) {
        Object neck = Configs.dict("type", "GlobalAveragePooling");
        Object head = Configs.dict("type", "LinearClsHead", "num_classes", 10, "in_channels", features);
        return classifier(input, "backbone", backbone, "neck", neck, "head", head);
    }

    private static Graph resnet(String type, int depth, int features, int classes, Shape input) {
        return classifier(
                input,
                "backbone",
                Configs.dict("type", type, "depth", depth),
                "neck",
                Configs.dict("type", "GlobalAveragePooling"),
                "head",
                Configs.dict("type", "LinearClsHead", "num_classes", classes, "in_channels", features));
    }

    private static Graph classifier(Shape input, Object... parts) {
        Object[] model = new Object[parts.length + 2];
        model[0] = "type";
        model[1] = "ImageClassifier";
        System.arraycopy(parts, 0, model, 2, parts.length);
        return ImageClassifier.read(new Fields(Configs.dict(model), "model")).graph(input);
    }
}
