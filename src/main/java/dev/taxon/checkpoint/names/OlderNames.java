package dev.taxon.checkpoint.names;

import java.util.List;

/** Names that mmcls itself gave up: until 0.16 the attention of vision transformers was PyTorch's own module. */
final class OlderNames {
    private static final String SOURCE = "mmcls-0.12";

    private static final PrefixRules VISION_TRANSFORMER = PrefixRules.of(
            "(?:backbone\\.)?layers\\.(\\d+)\\.attn\\.attn\\.in_proj_", "layers.{1}.attn.qkv.",
            "(?:backbone\\.)?layers\\.(\\d+)\\.attn\\.attn\\.out_proj\\.", "layers.{1}.attn.proj.",
            "(?:backbone\\.)?layers\\.(\\d+)\\.mlp\\.", "layers.{1}.ffn.");

    static final List<Family> FAMILIES = List.of(
            Family.of(SOURCE, "vit", List.of("backbone.layers.0.attn.attn.in_proj_weight"), VISION_TRANSFORMER),
            Family.of(SOURCE, "vit", List.of("layers.0.attn.attn.in_proj_weight"), VISION_TRANSFORMER));

    private OlderNames() {}
}
