package dev.taxon.device;

import static dev.taxon.device.LayerCases.anything;
import static dev.taxon.device.LayerCases.between;
import static dev.taxon.device.LayerCases.chance;
import static dev.taxon.device.LayerCases.channels;
import static dev.taxon.device.LayerCases.image;
import static dev.taxon.device.LayerCases.layer;
import static dev.taxon.device.LayerCases.one;
import static dev.taxon.device.LayerCases.tokens;

import dev.taxon.graph.Graph;
import dev.taxon.graph.GraphBuilder;
import dev.taxon.graph.GridResize;
import dev.taxon.graph.Init;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.random.Rng;
import dev.taxon.tensor.Shape;

/** Random small graphs around the layers over tokens (L, C). */
final class TokenCases {
    private TokenCases() {}

    /** Alone, and between a convolution and a linear layer, whose layouts differ. */
    static Graph imageToTokens(Rng rng, int batch) {
        Shape in = image(rng);
        if (chance(rng, 50)) {
            return one(rng, in, new Layer.ImageToTokens());
        }
        GraphBuilder b = new GraphBuilder();
        int channels = channels(rng);
        Layer.Conv2d conv = new Layer.Conv2d(in.size(0), channels, Kernel2d.square(1, 1, 0), 1, false);
        Node y = layer(rng, b).child("conv").conv2d(b.input(in), conv);
        Node x = b.root().child("layer").apply(new Layer.ImageToTokens(), y);
        return b.build(b.root().child("fc").linear(x, new Layer.Linear(channels, between(rng, 1, 12), true)));
    }

    static Graph tokensToImage(Rng rng, int batch) {
        int height = between(rng, 1, 6);
        int width = between(rng, 1, 6);
        return one(rng, Shape.of(height * width, channels(rng)), new Layer.TokensToImage(height, width));
    }

    /** Alone, and beside another reader of the same tokens. */
    static Graph tokenSlice(Rng rng, int batch) {
        Shape in = tokens(rng);
        int from = rng.nextInt(in.size(0));
        Layer slice = new Layer.TokenSlice(from, between(rng, 1, in.size(0) - from));
        if (chance(rng, 70)) {
            return one(rng, in, slice);
        }
        GraphBuilder b = new GraphBuilder();
        Node x = b.input(in);
        Node y = b.root().child("layer").apply(slice, x);
        return b.build(b.root()
                .child("add")
                .apply(new Layer.Add(), y, b.root().child("again").apply(slice, x)));
    }

    static Graph classToken(Rng rng, int batch) {
        GraphBuilder b = new GraphBuilder();
        Shape in = tokens(rng);
        return b.build(layer(rng, b).classToken(b.input(in), new Layer.ClassToken(in.size(1))));
    }

    static Graph positionEmbedding(Rng rng, int batch) {
        GraphBuilder b = new GraphBuilder();
        int extra = rng.nextInt(3);
        int h = between(rng, 1, 6);
        int w = between(rng, 1, 6);
        boolean same = chance(rng, 40);
        GridResize.Mode mode = chance(rng, 70) ? GridResize.Mode.BICUBIC : GridResize.Mode.BILINEAR;
        GridResize resize = new GridResize(same ? h : between(rng, 1, 6), same ? w : between(rng, 1, 6), h, w, mode);
        int channels = channels(rng);
        Layer.PositionEmbedding layer = new Layer.PositionEmbedding(channels, extra, resize);
        Node x = b.input(Shape.of(extra + h * w, channels));
        return b.build(layer(rng, b).positionEmbedding(x, layer, Init.ZEROS));
    }

    /** At least 8 values share one mean: with 2 the gradient of x is the difference of equal numbers. */
    static Graph layerNorm(Rng rng, int batch) {
        GraphBuilder b = new GraphBuilder();
        int channels = 7 + channels(rng) + (chance(rng, 20) ? between(rng, 50, 150) : 0);
        double eps = chance(rng, 70) ? 1e-6 : rng.uniform(1e-6, 1e-1);
        Shape in = chance(rng, 80) ? Shape.of(between(rng, 1, 40), channels) : Shape.of(channels);
        return b.build(layer(rng, b).layerNorm(b.input(in), new Layer.LayerNorm(channels, eps)));
    }

    static Graph attention(Rng rng, int batch) {
        int heads = between(rng, 1, 4);
        int size = chance(rng, 50) ? between(rng, 1, 9) : 16;
        int channels = heads * size;
        double dropout = chance(rng, 60) ? 0 : rng.uniform(0, 0.9);
        return one(rng, Shape.of(between(rng, 2, 24), 3 * channels), new Layer.Attention(channels, heads, dropout));
    }

    static Graph dropPath(Rng rng, int batch) {
        return one(rng, anything(rng), new Layer.DropPath(chance(rng, 10) ? 0 : rng.uniform(0, 0.9)));
    }
}
