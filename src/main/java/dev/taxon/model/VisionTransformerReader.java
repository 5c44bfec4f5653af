package dev.taxon.model;

import static dev.taxon.UserError.require;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.config.Value;
import dev.taxon.graph.GridResize;
import dev.taxon.graph.Layer.Activation.Function;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Reads a VisionTransformer in either form: mmcls 0.25's with {@code arch}, or 0.12's with the sizes themselves. */
final class VisionTransformerReader {
    /** Keys of 0.12's form that 0.25's has not. */
    private static final List<String> SIZES = List.of(
            "num_layers",
            "embed_dim",
            "num_heads",
            "feedforward_channels",
            "attn_drop_rate",
            "hybrid_backbone",
            "act_cfg",
            "num_fcs");

    private VisionTransformerReader() {}

    /** The sizes behind a name. */
    private record Arch(int embedDims, int numLayers, int numHeads, int feedforwardChannels) {
        static Arch named(Fields f) {
            String name = f.text("arch", "base");
            return switch (name.toLowerCase(Locale.ROOT)) {
                case "s", "small" -> new Arch(768, 8, 8, 768 * 3);
                case "b", "base", "deit-b", "deit-base" -> new Arch(768, 12, 12, 3072);
                case "l", "large" -> new Arch(1024, 24, 16, 4096);
                case "deit-t", "deit-tiny" -> new Arch(192, 12, 3, 192 * 4);
                case "deit-s", "deit-small" -> new Arch(384, 12, 6, 384 * 4);
                default ->
                    throw f.error(
                            "arch",
                            "'" + name + "' is not known; known are small, base, large, deit-tiny, deit-small,"
                                    + " deit-base, or a dict of embed_dims, num_layers, num_heads and feedforward_channels");
            };
        }

        static Arch custom(Fields f) {
            Arch arch = new Arch(
                    f.integer("embed_dims"),
                    f.integer("num_layers"),
                    f.integer("num_heads"),
                    f.integer("feedforward_channels"));
            f.done();
            return arch;
        }
    }

    static VisionTransformer read(Fields f) {
        boolean sizes =
                f.value("arch") == null && SIZES.stream().anyMatch(k -> f.dict().get(k) != null);
        return sizes ? readSizes(f) : readArch(f);
    }

    private static VisionTransformer readArch(Fields f) {
        Arch arch = f.value("arch") instanceof Value.Dict ? Arch.custom(f.dict("arch")) : Arch.named(f);
        double dropRate = f.real("drop_rate", 0);
        double dropPathRate = f.real("drop_path_rate", 0);
        TokenNorm norm = TokenNorm.read(f, new TokenNorm(1e-6, true));
        boolean qkvBias = f.bool("qkv_bias", true);
        List<Fields> own = f.dicts("layer_cfgs");
        boolean oneForAll = own.size() == 1 && f.value("layer_cfgs") instanceof Value.Dict;
        require(
                own.isEmpty() || oneForAll || own.size() == arch.numLayers,
                "%s: layer_cfgs needs one dict, or one for each of the %d layers, got %d",
                f.path(),
                arch.numLayers,
                own.size());
        List<TransformerEncoderLayer> layers = new ArrayList<>();
        for (int i = 0; i < arch.numLayers; i++) {
            double path = arch.numLayers == 1 ? 0 : dropPathRate * i / (arch.numLayers - 1);
            TransformerEncoderLayer layer = new TransformerEncoderLayer(
                    arch.embedDims,
                    arch.numHeads,
                    arch.feedforwardChannels,
                    dropRate,
                    0,
                    path,
                    2,
                    qkvBias,
                    Function.GELU,
                    norm);
            layers.add(own.isEmpty() ? layer : layer.read(own.get(oneForAll ? 0 : i)));
        }
        return new VisionTransformer(
                PatchEmbedding.read(f, arch.embedDims),
                layers,
                StageRange.last(f, arch.numLayers, arch.numLayers - 1),
                PatchEmbedding.pair(f, "img_size", List.of(224)),
                dropRate,
                norm,
                f.bool("final_norm", true),
                f.bool("with_cls_token", true),
                f.bool("output_cls_token", true),
                interpolation(f),
                InitRule.read(f, List.of()));
    }

    /** mmcls 0.12's form, whose layer norms have eps 1e-5 where 0.25's have 1e-6. */
    private static VisionTransformer readSizes(Fields f) {
        require(!f.has("hybrid_backbone"), "%s: hybrid_backbone is not supported; leave it None", f.path());
        int embedDims = f.integer("embed_dim", 768);
        double dropRate = f.real("drop_rate", 0);
        TokenNorm norm = TokenNorm.read(f, TokenNorm.LN);
        TransformerEncoderLayer layer = new TransformerEncoderLayer(
                embedDims,
                f.integer("num_heads", 12),
                f.integer("feedforward_channels", 3072),
                dropRate,
                f.real("attn_drop_rate", 0),
                0,
                f.integer("num_fcs", 2),
                true,
                TransformerEncoderLayer.activation(f),
                norm);
        int count = f.integer("num_layers", 12);
        return new VisionTransformer(
                PatchEmbedding.read(f, embedDims),
                Collections.nCopies(count, layer),
                count,
                PatchEmbedding.pair(f, "img_size", List.of(224)),
                dropRate,
                norm,
                true,
                true,
                true,
                GridResize.Mode.BICUBIC,
                InitRule.read(f, List.of(InitRule.LECUN_CONV)));
    }

    private static GridResize.Mode interpolation(Fields f) {
        String mode = f.text("interpolate_mode", "bicubic");
        return switch (mode) {
            case "bicubic" -> GridResize.Mode.BICUBIC;
            case "bilinear" -> GridResize.Mode.BILINEAR;
            default ->
                throw UserError.of(
                        "%s: interpolate_mode must be 'bicubic' or 'bilinear', got '%s', which PyTorch cannot apply to"
                                + " a position embedding either",
                        f.dict().at(), mode);
        };
    }
}
