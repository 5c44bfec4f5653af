package dev.taxon.model;

import static dev.taxon.UserError.require;

import dev.taxon.graph.GridResize;
import dev.taxon.graph.Init;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import dev.taxon.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * ViT and DeiT with mmcls's names. x (C, H, W) → the class token (embedDims), or the patches' tokens as an image
 * (embedDims, H', W'). The position embedding belongs to images of {@code imageSize}; others resize it. Source: Dosovitskiy
 * et al. 2020; mmcls VisionTransformer.
 *
 * @param last number of the layer, from 1, whose tokens are the result; those behind it keep their weights and do not run
 * @param imageSize height and width
 * @param dropRate behind the position embedding
 * @param finalNorm whether {@code norm} stands behind the last layer
 * @param withClassToken whether the layers see the class token
 * @param outputClassToken whether the class token is the result
 */
record VisionTransformer(
        PatchEmbedding patches,
        List<TransformerEncoderLayer> layers,
        int last,
        List<Integer> imageSize,
        double dropRate,
        TokenNorm norm,
        boolean finalNorm,
        boolean withClassToken,
        boolean outputClassToken,
        GridResize.Mode interpolation,
        List<InitRule> configured)
        implements Backbone {

    private static final Init POSITIONS = new Init.TruncatedNormal(0, 0.02, -2, 2);

    VisionTransformer {
        layers = List.copyOf(layers);
        imageSize = List.copyOf(imageSize);
        configured = List.copyOf(configured);
        require(!layers.isEmpty(), "num_layers of VisionTransformer must be positive");
        require(
                withClassToken || !outputClassToken,
                "with_cls_token of VisionTransformer must be True when output_cls_token is");
    }

    @Override
    public List<InitRule> initRules() {
        List<InitRule> rules = new ArrayList<>(configured);
        layers.stream().map(TransformerEncoderLayer::initRules).distinct().forEach(rules::addAll);
        return rules;
    }

    @Override
    public Shape exampleInput() {
        return Shape.of(patches.inChannels(), imageSize.get(0), imageSize.get(1));
    }

    @Override
    public Node build(Scope scope, Node x) {
        GridResize grid = new GridResize(
                patches.rows(imageSize.get(0)),
                patches.columns(imageSize.get(1)),
                patches.rows(x.shape().size(1)),
                patches.columns(x.shape().size(2)),
                interpolation);
        int channels = patches.embedDims();
        x = patches.build(scope.child("patch_embed"), x);
        x = scope.classToken(x, new Layer.ClassToken(channels));
        x = scope.positionEmbedding(x, new Layer.PositionEmbedding(channels, 1, grid), POSITIONS);
        if (dropRate > 0) {
            x = scope.child("drop_after_pos").apply(new Layer.Dropout(dropRate), x);
        }
        if (!withClassToken) {
            x = scope.child("without_cls_token").apply(new Layer.TokenSlice(1, grid.to()), x);
        }
        Scope modules = scope.child("layers");
        StageRange range = new StageRange(-1, last);
        Node read = x;
        for (int i = 0; i < layers.size(); i++) {
            x = layers.get(i).build(range.enter(modules.child(i), i + 1), x);
            if (i == layers.size() - 1 && finalNorm) {
                x = norm.build(range.enter(scope.child("ln1"), i + 1), x);
            }
            read = range.read(read, x, i + 1);
        }
        return outputClassToken ? classToken(scope, read) : image(scope, read, grid);
    }

    private static Node classToken(Scope scope, Node x) {
        x = scope.child("cls").apply(new Layer.TokenSlice(0, 1), x);
        return scope.child("cls").apply(new Layer.Flatten(), x);
    }

    private Node image(Scope scope, Node x, GridResize grid) {
        if (withClassToken) {
            x = scope.child("patches").apply(new Layer.TokenSlice(1, grid.to()), x);
        }
        return scope.child("patches").apply(new Layer.TokensToImage(grid.toH(), grid.toW()), x);
    }
}
