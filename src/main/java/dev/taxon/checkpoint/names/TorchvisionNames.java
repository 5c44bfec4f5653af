package dev.taxon.checkpoint.names;

import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Families of torchvision. Source of the names: torchvision 0.2 to 0.20, {@code torchvision/models}. */
final class TorchvisionNames {
    private static final String SOURCE = "torchvision";

    /** ResNet, ResNeXt and Wide ResNet. */
    static final PrefixRules RESNET = PrefixRules.of("fc\\.", "head.fc.");

    static final PrefixRules DENSENET = PrefixRules.of(
            "features\\.conv0\\.", "stem.0.",
            "features\\.norm0\\.", "stem.1.",
            // until 0.2.1 the layers were norm.1, conv.1, …
            "features\\.denseblock(\\d)\\.denselayer(\\d+)\\.(norm|conv)\\.?([12])\\.",
                    "stages.{1-1}.block.{2-1}.{3}{4}.",
            "features\\.transition(\\d)\\.", "transitions.{1-1}.",
            "features\\.norm5\\.", "transitions.3.0.",
            "classifier\\.", "head.fc.");

    private static final PrefixRules SHUFFLENET_V2 = PrefixRules.of(
            "conv1\\.0\\.", "conv1.conv.",
            "conv1\\.1\\.", "conv1.bn.",
            "stage([234])\\.(\\d+)\\.branch1\\.0\\.", "layers.{1-2}.{2}.branch1.0.conv.",
            "stage([234])\\.(\\d+)\\.branch1\\.1\\.", "layers.{1-2}.{2}.branch1.0.bn.",
            "stage([234])\\.(\\d+)\\.branch1\\.2\\.", "layers.{1-2}.{2}.branch1.1.conv.",
            "stage([234])\\.(\\d+)\\.branch1\\.3\\.", "layers.{1-2}.{2}.branch1.1.bn.",
            "stage([234])\\.(\\d+)\\.branch2\\.0\\.", "layers.{1-2}.{2}.branch2.0.conv.",
            "stage([234])\\.(\\d+)\\.branch2\\.1\\.", "layers.{1-2}.{2}.branch2.0.bn.",
            "stage([234])\\.(\\d+)\\.branch2\\.3\\.", "layers.{1-2}.{2}.branch2.1.conv.",
            "stage([234])\\.(\\d+)\\.branch2\\.4\\.", "layers.{1-2}.{2}.branch2.1.bn.",
            "stage([234])\\.(\\d+)\\.branch2\\.5\\.", "layers.{1-2}.{2}.branch2.2.conv.",
            "stage([234])\\.(\\d+)\\.branch2\\.6\\.", "layers.{1-2}.{2}.branch2.2.bn.",
            "conv5\\.0\\.", "layers.3.conv.",
            "conv5\\.1\\.", "layers.3.bn.",
            "fc\\.", "head.fc.");

    private static final PrefixRules REGNET = PrefixRules.of(
            "stem\\.0\\.", "conv1.",
            "stem\\.1\\.", "bn1.",
            "trunk_output\\.block(\\d)\\.block\\d-(\\d+)\\.proj\\.([01])\\.", "layer{1}.{2}.downsample.{3}.",
            "trunk_output\\.block(\\d)\\.block\\d-(\\d+)\\.f\\.a\\.0\\.", "layer{1}.{2}.conv1.",
            "trunk_output\\.block(\\d)\\.block\\d-(\\d+)\\.f\\.a\\.1\\.", "layer{1}.{2}.bn1.",
            "trunk_output\\.block(\\d)\\.block\\d-(\\d+)\\.f\\.b\\.0\\.", "layer{1}.{2}.conv2.",
            "trunk_output\\.block(\\d)\\.block\\d-(\\d+)\\.f\\.b\\.1\\.", "layer{1}.{2}.bn2.",
            "trunk_output\\.block(\\d)\\.block\\d-(\\d+)\\.f\\.c\\.0\\.", "layer{1}.{2}.conv3.",
            "trunk_output\\.block(\\d)\\.block\\d-(\\d+)\\.f\\.c\\.1\\.", "layer{1}.{2}.bn3.",
            "fc\\.", "head.fc.");

    private static final PrefixRules VISION_TRANSFORMER = PrefixRules.of(
            "class_token", "cls_token",
            "encoder\\.pos_embedding", "pos_embed",
            "conv_proj\\.", "patch_embed.projection.",
            "encoder\\.layers\\.encoder_layer_(\\d+)\\.ln_([12])\\.", "layers.{1}.ln{2}.",
            "encoder\\.layers\\.encoder_layer_(\\d+)\\.self_attention\\.in_proj_", "layers.{1}.attn.qkv.",
            "encoder\\.layers\\.encoder_layer_(\\d+)\\.self_attention\\.out_proj\\.", "layers.{1}.attn.proj.",
            // linear_1, linear_2 until 0.12
            "encoder\\.layers\\.encoder_layer_(\\d+)\\.mlp\\.(0|linear_1)\\.", "layers.{1}.ffn.layers.0.0.",
            "encoder\\.layers\\.encoder_layer_(\\d+)\\.mlp\\.(3|linear_2)\\.", "layers.{1}.ffn.layers.1.",
            "encoder\\.ln\\.", "ln1.",
            "heads\\.", "head.layers.");

    private static final Pattern BLOCK = Pattern.compile("features\\.(\\d+)\\.conv\\.(\\d)\\.(?:([01])\\.)?(.*)");

    static final List<Family> FAMILIES = List.of(
            Family.of(SOURCE, "resnet", List.of("conv1.weight", "bn1.weight"), RESNET),
            new Family(SOURCE, "vgg", List.of("features.0.weight", "classifier.0.weight"), VggNames::of),
            Family.of(SOURCE, "alexnet", List.of("features.0.weight", "classifier.1.weight"), PrefixRules.of()),
            Family.of(
                    SOURCE,
                    "mobilenet_v2",
                    List.of("features.0.0.weight", "features.1.conv.0.0.weight"),
                    TorchvisionNames::mobileNetV2),
            new Family(
                    SOURCE,
                    "mobilenet_v3",
                    List.of("features.0.0.weight", "features.1.block.0.0.weight"),
                    TorchvisionNames::mobileNetV3),
            Family.of(SOURCE, "shufflenet_v2", List.of("conv1.0.weight", "stage2.0.branch1.0.weight"), SHUFFLENET_V2),
            Family.of(SOURCE, "densenet", List.of("features.conv0.weight", "features.norm5.weight"), DENSENET),
            Family.of(SOURCE, "regnet", List.of("stem.0.weight", "trunk_output.block1.block1-0.f.a.0.weight"), REGNET),
            Family.of(SOURCE, "vit", List.of("class_token", "encoder.pos_embedding"), VISION_TRANSFORMER));

    private TorchvisionNames() {}

    private static String mobileNetV2(String name) {
        Matcher block = BLOCK.matcher(name);
        if (!block.matches()) {
            return PrefixRules.of(
                            "features\\.0\\.0\\.", "conv1.conv.",
                            "features\\.0\\.1\\.", "conv1.bn.",
                            "features\\.18\\.0\\.", "conv2.conv.",
                            "features\\.18\\.1\\.", "conv2.bn.",
                            "classifier\\.1\\.", "head.fc.")
                    .apply(name);
        }
        int[] blocks = {1, 2, 3, 4, 3, 3, 1}; // of each layer of the paper
        int index = Integer.parseInt(block.group(1)) - 1;
        int layer = 0;
        while (layer < blocks.length - 1 && index >= blocks[layer]) {
            index -= blocks[layer++];
        }
        int module = Integer.parseInt(block.group(2));
        boolean nested = block.group(3) != null; // a convolution with its own batch norm and activation
        int linear = layer == 0 ? 1 : 2; // the last convolution and its batch norm are two modules of the block
        boolean norm = nested ? block.group(3).equals("1") : module > linear;
        return "backbone.layer" + (layer + 1) + "." + index + ".conv." + (nested ? module : linear)
                + (norm ? ".bn." : ".conv.") + block.group(4);
    }

    /** Blocks have two or three convolutions, and squeeze-and-excitation or not: their numbers tell which. */
    private static UnaryOperator<String> mobileNetV3(Set<String> names) {
        PrefixRules rules =
                PrefixRules.of("classifier\\.0\\.", "head.layers.0.fc.", "classifier\\.3\\.", "head.layers.1.fc.");
        for (int i = 0; names.contains("features." + i + ".0.weight") || names.contains(block(i, 0)); i++) {
            String from = "features\\." + i + "\\.";
            String to = "layer" + i + ".";
            if (!names.contains(block(i, 0))) {
                rules = PrefixRules.of(from + "0\\.", to + "conv.", from + "1\\.", to + "bn.")
                        .before(rules);
                continue;
            }
            boolean expands =
                    names.contains(block(i, 1)) && (names.contains(block(i, 2)) || names.contains(block(i, 3)));
            List<String> roles = expands
                    ? List.of("expand_conv.", "depthwise_conv.", "linear_conv.")
                    : List.of("depthwise_conv.", "linear_conv.");
            int convolution = 0;
            for (int module = 0; module < 4; module++) {
                String inner = from + "block\\." + module + "\\.";
                if (names.contains(block(i, module))) {
                    String role = to + roles.get(convolution++);
                    rules = PrefixRules.of(inner + "0\\.", role + "conv.", inner + "1\\.", role + "bn.")
                            .before(rules);
                } else {
                    rules = PrefixRules.of(inner + "fc([12])\\.", to + "se.conv{1}.conv.")
                            .before(rules);
                }
            }
        }
        return rules;
    }

    private static String block(int block, int module) {
        return "features." + block + ".block." + module + ".0.weight";
    }
}
