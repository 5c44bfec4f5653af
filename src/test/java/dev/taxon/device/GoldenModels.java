package dev.taxon.device;

import dev.taxon.config.Fields;
import dev.taxon.data.Configs;
import dev.taxon.graph.Graph;
import dev.taxon.model.ImageClassifier;
import dev.taxon.tensor.Shape;

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

    /** The first two stages of ResNeXt-50 32x4d. */
    static Graph resnext50() {
        Object backbone = Configs.dict("type", "ResNeXt", "depth", 50, "num_stages", 2);
        return pooled(backbone, 512, Shape.of(3, 32, 32));
    }

    static Graph regnetx400mf() {
        return pooled(Configs.dict("type", "RegNet", "arch", "regnetx_400mf"), 384, Shape.of(3, 32, 32));
    }

    static Graph alexnet() {
        return pooled(Configs.dict("type", "AlexNet"), 256, Shape.of(3, 64, 64));
    }

    /** A narrow one: patches of 8, 2 layers of 64 in 4 heads. */
    static Graph visionTransformer() {
        Object arch =
                Configs.dict("embed_dims", 64, "num_layers", 2, "num_heads", 4, "feedforward_channels", 128);
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
