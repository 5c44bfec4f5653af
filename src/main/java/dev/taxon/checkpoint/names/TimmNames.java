package dev.taxon.checkpoint.names;

import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Families of timm. Source of the names: pytorch-image-models 0.4 to 1.0, {@code timm/models}. */
final class TimmNames {
    private static final String SOURCE = "timm";

    private static final PrefixRules RESNET =
            PrefixRules.of("(layer\\d\\.\\d+)\\.se\\.fc([12])\\.", "{1}.se_layer.conv{2}.conv.", "fc\\.", "head.fc.");

    private static final PrefixRules DEEP_STEM = PrefixRules.of(
            "conv1\\.0\\.", "stem.0.conv.",
            "conv1\\.1\\.", "stem.0.bn.",
            "conv1\\.3\\.", "stem.1.conv.",
            "conv1\\.4\\.", "stem.1.bn.",
            "conv1\\.6\\.", "stem.2.conv.",
            "bn1\\.", "stem.2.bn.");

    /** An average pool that does nothing (stride 1) has a number in timm, and none in mmcls. */
    private static final PrefixRules NO_POOL =
            PrefixRules.of("layer1\\.0\\.downsample\\.([12])\\.", "layer1.0.downsample.{1-1}.");

    private static final PrefixRules MOBILENET_V2 = PrefixRules.of(
            "conv_stem\\.", "conv1.conv.",
            "bn1\\.", "conv1.bn.",
            "blocks\\.0\\.(\\d+)\\.conv_dw\\.", "layer1.{1}.conv.0.conv.",
            "blocks\\.0\\.(\\d+)\\.bn1\\.", "layer1.{1}.conv.0.bn.",
            "blocks\\.0\\.(\\d+)\\.conv_pw\\.", "layer1.{1}.conv.1.conv.",
            "blocks\\.0\\.(\\d+)\\.bn2\\.", "layer1.{1}.conv.1.bn.",
            "blocks\\.(\\d)\\.(\\d+)\\.conv_pw\\.", "layer{1+1}.{2}.conv.0.conv.",
            "blocks\\.(\\d)\\.(\\d+)\\.bn([123])\\.", "layer{1+1}.{2}.conv.{3-1}.bn.",
            "blocks\\.(\\d)\\.(\\d+)\\.conv_dw\\.", "layer{1+1}.{2}.conv.1.conv.",
            "blocks\\.(\\d)\\.(\\d+)\\.conv_pwl\\.", "layer{1+1}.{2}.conv.2.conv.",
            "conv_head\\.", "conv2.conv.",
            "bn2\\.", "conv2.bn.",
            "classifier\\.", "head.fc.");

    private static final PrefixRules REGNET = PrefixRules.of(
            "stem\\.conv\\.", "conv1.",
            "stem\\.bn\\.", "bn1.",
            "s(\\d)\\.b(\\d+)\\.conv([123])\\.conv\\.", "layer{1}.{2-1}.conv{3}.",
            "s(\\d)\\.b(\\d+)\\.conv([123])\\.bn\\.", "layer{1}.{2-1}.bn{3}.",
            "s(\\d)\\.b(\\d+)\\.downsample\\.conv\\.", "layer{1}.{2-1}.downsample.0.",
            "s(\\d)\\.b(\\d+)\\.downsample\\.bn\\.", "layer{1}.{2-1}.downsample.1.",
            "head\\.fc\\.", "head.fc.");

    private static final PrefixRules VISION_TRANSFORMER = PrefixRules.of(
            "patch_embed\\.proj\\.", "patch_embed.projection.",
            "blocks\\.(\\d+)\\.norm([12])\\.", "layers.{1}.ln{2}.",
            "blocks\\.(\\d+)\\.attn\\.", "layers.{1}.attn.",
            "blocks\\.(\\d+)\\.mlp\\.fc1\\.", "layers.{1}.ffn.layers.0.0.",
            "blocks\\.(\\d+)\\.mlp\\.fc2\\.", "layers.{1}.ffn.layers.1.",
            "norm\\.", "ln1.",
            "pre_logits\\.fc\\.", "head.layers.pre_logits.",
            "head\\.", "head.layers.head.");

    static final List<Family> FAMILIES = List.of(
            new Family(SOURCE, "resnet", List.of("bn1.weight", "layer1.0.conv1.weight"), TimmNames::resNet),
            new Family(SOURCE, "vgg", VggNames.timmSignature(), VggNames::of),
            Family.of(
                    SOURCE,
                    "mobilenetv2",
                    List.of("conv_stem.weight", "blocks.0.0.conv_dw.weight", "bn2.weight"),
                    MOBILENET_V2),
            Family.of(
                    SOURCE,
                    "densenet",
                    List.of("features.conv0.weight", "features.norm5.weight"),
                    TorchvisionNames.DENSENET),
            Family.of(SOURCE, "regnet", List.of("stem.conv.weight", "s1.b1.conv1.conv.weight"), REGNET),
            Family.of(SOURCE, "vit", List.of("cls_token", "blocks.0.attn.qkv.weight"), VISION_TRANSFORMER));

    private TimmNames() {}

    /** ResNet and its variants c and d, ResNeXt, SE-ResNet, SE-ResNeXt, ResNeSt, Res2Net. */
    private static UnaryOperator<String> resNet(Set<String> names) {
        PrefixRules rules = RESNET;
        if (names.contains("conv1.6.weight")) {
            rules = DEEP_STEM.before(rules);
        }
        if (names.contains("layer1.0.downsample.2.weight")) {
            rules = NO_POOL.before(rules);
        }
        return rules;
    }
}
