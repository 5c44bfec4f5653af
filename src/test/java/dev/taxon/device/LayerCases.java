package dev.taxon.device;

import dev.taxon.graph.Graph;
import dev.taxon.graph.GraphBuilder;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Layer.Activation.Function;
import dev.taxon.graph.Layer.Activation.HardSigmoid;
import dev.taxon.graph.Layer.Activation.LeakyRelu;
import dev.taxon.graph.Layer.Activation.Simple;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import dev.taxon.random.Rng;
import dev.taxon.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Random small graphs around one layer of each kind. */
final class LayerCases {
    /** Every kind of layer that computes; a new {@link Layer} needs a line here. */
    static final Map<String, Generator> KINDS = new LinkedHashMap<>();

    static {
        KINDS.put("Conv2d", LayerCases::conv2d);
        KINDS.put("BatchNorm2d", LayerCases::batchNorm2d);
        KINDS.put("Activation", LayerCases::activation);
        KINDS.put("MaxPool2d", LayerCases::maxPool2d);
        KINDS.put("AvgPool2d", LayerCases::avgPool2d);
        KINDS.put("GlobalAvgPool", LayerCases::globalAvgPool);
        KINDS.put("GeneralizedMeanPool", HeadCases::generalizedMeanPool);
        KINDS.put("ResidualAttention", HeadCases::residualAttention);
        KINDS.put("Linear", LayerCases::linear);
        KINDS.put("Add", LayerCases::add);
        KINDS.put("ChannelScale", LayerCases::channelScale);
        KINDS.put("Flatten", LayerCases::flatten);
        KINDS.put("Dropout", LayerCases::dropout);
        KINDS.put("ShortcutA", LayerCases::shortcutA);
        KINDS.put("ChannelSlice", ChannelCases::slice);
        KINDS.put("Concat", ChannelCases::concat);
        KINDS.put("ChannelShuffle", ChannelCases::shuffle);
        KINDS.put("RadixPool", ChannelCases::radixPool);
        KINDS.put("RadixSoftmax", ChannelCases::radixSoftmax);
        KINDS.put("RadixSum", ChannelCases::radixSum);
        KINDS.put("ImageToTokens", TokenCases::imageToTokens);
        KINDS.put("TokensToImage", TokenCases::tokensToImage);
        KINDS.put("TokenSlice", TokenCases::tokenSlice);
        KINDS.put("ClassToken", TokenCases::classToken);
        KINDS.put("PositionEmbedding", TokenCases::positionEmbedding);
        KINDS.put("LayerNorm", TokenCases::layerNorm);
        KINDS.put("Attention", TokenCases::attention);
        KINDS.put("DropPath", TokenCases::dropPath);
        KINDS.put("SoftmaxCrossEntropy", LossCases::softmaxCrossEntropy);
        KINDS.put("BinaryCrossEntropy", LossCases::binaryCrossEntropy);
        KINDS.put("FocalLoss", LossCases::focal);
        KINDS.put("AsymmetricLoss", LossCases::asymmetric);
        KINDS.put("SeesawLoss", LossCases::seesaw);
    }

    private LayerCases() {}

    /** Draws a graph for batches of {@code batch}. */
    interface Generator {
        Graph graph(Rng rng, int batch);
    }

    /** The case of one kind and seed. */
    static Case of(String kind, long seed) {
        Rng rng = new Rng(seed, kind.hashCode());
        int batch = 1 + rng.nextInt(5);
        Generator generator = KINDS.get(kind);
        if (generator == null) {
            throw new IllegalArgumentException("no generator for " + kind);
        }
        Graph graph = generator.graph(rng, batch);
        boolean input = graph.parameters().isEmpty() || chance(rng, 70);
        Options options = chance(rng, 20) ? Options.eval(batch) : Options.train(batch);
        if (input && options.mode() == Options.Mode.TRAIN) {
            options = options.withInputGradient();
        }
        List<Boolean> accumulate = IntStream.range(0, chance(rng, 40) ? 2 : 1)
                .mapToObj(i -> chance(rng, 50))
                .toList();
        return new Case(kind, seed, graph, options, accumulate);
    }

    static boolean chance(Rng rng, int percent) {
        return rng.nextInt(100) < percent;
    }

    static int between(Rng rng, int low, int high) {
        return low + rng.nextInt(high - low + 1);
    }

    /** Any function; kinks of those with numbers stay at multiples of 1/4. */
    static Function function(Rng rng) {
        Simple[] simple = Simple.values();
        int kind = rng.nextInt(simple.length + 2);
        if (kind < simple.length) {
            return simple[kind];
        }
        if (kind == simple.length) {
            return chance(rng, 50) ? LeakyRelu.DEFAULT : new LeakyRelu(rng.uniform(-0.5, 1.5));
        }
        return switch (rng.nextInt(3)) {
            case 0 -> HardSigmoid.DEFAULT;
            case 1 -> new HardSigmoid(1, 2, 0, 1); // mmcv's before 1.4
            default ->
                new HardSigmoid(
                        between(rng, -3, 3), between(rng, 1, 7), -0.25 * rng.nextInt(4), 0.25 * between(rng, 1, 4));
        };
    }

    static Scope layer(Rng rng, GraphBuilder b) {
        Scope scope = b.root().child("layer");
        return chance(rng, 15) ? scope.freeze() : scope;
    }

    /** Odd channel counts and those around the widths of vectors. */
    static int channels(Rng rng) {
        int[] awkward = {1, 2, 3, 4, 5, 7, 8, 9, 13, 15, 16, 17, 24, 31, 32, 33, 37};
        return awkward[rng.nextInt(awkward.length)];
    }

    static Shape image(Rng rng) {
        return Shape.of(channels(rng), between(rng, 1, 15), between(rng, 1, 15));
    }

    /** An image, or features. */
    static Shape any(Rng rng) {
        return chance(rng, 75) ? image(rng) : Shape.of(between(rng, 1, 150));
    }

    /** An image, features or tokens. */
    static Shape anything(Rng rng) {
        return chance(rng, 75) ? any(rng) : tokens(rng);
    }

    /** Some tokens (L, C). */
    static Shape tokens(Rng rng) {
        return Shape.of(between(rng, 1, 20), channels(rng));
    }

    static Graph one(Rng rng, Shape in, Layer layer) {
        GraphBuilder b = new GraphBuilder();
        Node x = b.input(in);
        return b.build(layer(rng, b).apply(layer, x));
    }

    private static Graph conv2d(Rng rng, int batch) {
        while (true) {
            int groups = 1;
            int inC = channels(rng);
            int outC = channels(rng);
            if (chance(rng, 40)) {
                groups = between(rng, 2, 6);
                inC = groups * between(rng, 1, 6);
                outC = groups * between(rng, 1, 6);
            } else if (chance(rng, 30)) {
                groups = inC; // depthwise
                outC = chance(rng, 70) ? inC : 2 * inC;
            }
            boolean square = chance(rng, 60);
            int kH = between(rng, 1, 5);
            int kW = square ? kH : between(rng, 1, 5);
            int sH = between(rng, 1, 3);
            int sW = square ? sH : between(rng, 1, 3);
            int pH = between(rng, 0, kH);
            int pW = square ? pH : between(rng, 0, kW);
            int dH = chance(rng, 25) ? between(rng, 2, 3) : 1;
            int dW = square ? dH : chance(rng, 25) ? between(rng, 2, 3) : 1;
            Kernel2d kernel = new Kernel2d(kH, kW, sH, sW, pH, pW, dH, dW);
            if (groups == inC && chance(rng, 60)) { // the windows of mobile networks
                int k = chance(rng, 70) ? 3 : 5;
                kernel = Kernel2d.square(k, between(rng, 1, 2), k / 2);
                outC = inC;
            }
            int h = between(rng, 1, 15);
            int w = between(rng, 1, 15);
            if (kernel.outH(h) < 1 || kernel.outW(w) < 1) {
                continue;
            }
            GraphBuilder b = new GraphBuilder();
            Node x = b.input(Shape.of(inC, h, w));
            return b.build(layer(rng, b).conv2d(x, new Layer.Conv2d(inC, outC, kernel, groups, chance(rng, 60))));
        }
    }

    /**
     * At least 8 values share one mean, 4 of features: with 2 the gradient of x is the difference of equal numbers, and float32 can
     * give no digit of it.
     */
    private static Graph batchNorm2d(Rng rng, int batch) {
        while (true) {
            boolean features = batch > 3 && chance(rng, 20); // batch norm of (N, C)
            Shape x = features ? Shape.of(channels(rng)) : image(rng);
            if (!features && batch * x.dim(1) * x.dim(2) < 8) {
                continue;
            }
            GraphBuilder b = new GraphBuilder();
            double eps = chance(rng, 70) ? 1e-5 : rng.uniform(1e-5, 1e-1);
            double momentum = chance(rng, 70) ? 0.1 : rng.uniform(0, 1);
            Layer.BatchNorm2d bn = new Layer.BatchNorm2d(x.size(0), eps, momentum, chance(rng, 25));
            return b.build(layer(rng, b).batchNorm2d(b.input(x), bn));
        }
    }

    private static Graph activation(Rng rng, int batch) {
        if (chance(rng, 50)) {
            return one(rng, anything(rng), new Layer.Activation(function(rng)));
        }
        GraphBuilder b = new GraphBuilder(); // of 4x, which reaches the far kinks
        Node x = b.input(any(rng));
        for (int i = 0; i < 2; i++) {
            x = b.root().child("twice").child(i).apply(new Layer.Add(), x, x);
        }
        return b.build(layer(rng, b).apply(new Layer.Activation(function(rng)), x));
    }

    private static Graph maxPool2d(Rng rng, int batch) {
        while (true) {
            Kernel2d kernel = window(rng, chance(rng, 25));
            Layer.MaxPool2d pool = new Layer.MaxPool2d(kernel, chance(rng, 50));
            Shape x = image(rng);
            // a dilated window that holds only padding is no case that anyone meets: PyTorch reads out of bounds there
            boolean empty = kernel.dilationH() > 1 && x.dim(1) <= kernel.dilationH()
                    || kernel.dilationW() > 1 && x.dim(2) <= kernel.dilationW();
            if (!empty && fits(kernel, x, pool.ceilMode())) {
                return one(rng, x, pool);
            }
        }
    }

    private static Graph avgPool2d(Rng rng, int batch) {
        while (true) {
            Layer.AvgPool2d pool = new Layer.AvgPool2d(window(rng, false), chance(rng, 50), chance(rng, 50));
            Shape x = image(rng);
            if (fits(pool.kernel(), x, pool.ceilMode())) {
                return one(rng, x, pool);
            }
        }
    }

    private static Kernel2d window(Rng rng, boolean dilated) {
        int kH = between(rng, 1, 5);
        int kW = chance(rng, 60) ? kH : between(rng, 1, 5);
        return new Kernel2d(
                kH,
                kW,
                between(rng, 1, 4),
                between(rng, 1, 4),
                between(rng, 0, kH / 2),
                between(rng, 0, kW / 2),
                dilated ? between(rng, 1, 3) : 1,
                dilated ? between(rng, 1, 3) : 1);
    }

    private static boolean fits(Kernel2d kernel, Shape x, boolean ceilMode) {
        return kernel.outH(x.size(1), ceilMode) > 0 && kernel.outW(x.size(2), ceilMode) > 0;
    }

    private static Graph globalAvgPool(Rng rng, int batch) {
        return one(rng, image(rng), new Layer.GlobalAvgPool(chance(rng, 50)));
    }

    /** Factors from the image itself, as squeeze-and-excitation has them, or from another branch. */
    private static Graph channelScale(Rng rng, int batch) {
        GraphBuilder b = new GraphBuilder();
        Shape in = chance(rng, 10) ? Shape.of(between(rng, 500, 530), 3, 2) : image(rng);
        Node x = b.input(in);
        Node s = b.root().child("pool").apply(new Layer.GlobalAvgPool(true), x);
        if (chance(rng, 60)) {
            int channels = in.size(0);
            Layer.Conv2d conv = new Layer.Conv2d(channels, channels, Kernel2d.square(1, 1, 0), 1, true);
            s = layer(rng, b).child("conv").conv2d(s, conv);
            s = b.root().child("act").apply(new Layer.Activation(function(rng)), s);
        }
        return b.build(b.root().child("layer").apply(new Layer.ChannelScale(), x, s));
    }

    private static Graph linear(Rng rng, int batch) {
        GraphBuilder b = new GraphBuilder();
        int in = between(rng, 1, 150);
        int out = between(rng, 1, 70);
        Shape x = chance(rng, 60) ? Shape.of(in) : Shape.of(between(rng, 1, 20), in);
        return b.build(layer(rng, b).linear(b.input(x), new Layer.Linear(in, out, chance(rng, 70))));
    }

    /** x + tanh x, tanh x + x or x + x: an operand that fans out. */
    private static Graph add(Rng rng, int batch) {
        GraphBuilder b = new GraphBuilder();
        Node x = b.input(anything(rng));
        Node other = chance(rng, 80) ? b.root().child("tanh").apply(new Layer.Activation(Function.TANH), x) : x;
        boolean swap = chance(rng, 50);
        return b.build(b.root().child("layer").apply(new Layer.Add(), swap ? other : x, swap ? x : other));
    }

    /** Alone, and between a convolution and a linear layer, whose layouts differ. */
    private static Graph flatten(Rng rng, int batch) {
        Shape in = image(rng);
        if (chance(rng, 50)) {
            return one(rng, in, new Layer.Flatten());
        }
        GraphBuilder b = new GraphBuilder();
        int channels = channels(rng);
        Layer.Conv2d conv = new Layer.Conv2d(in.size(0), channels, Kernel2d.square(1, 1, 0), 1, false);
        Node y = layer(rng, b).child("conv").conv2d(b.input(in), conv);
        Node x = b.root().child("layer").apply(new Layer.Flatten(), y);
        int features = x.shape().size(0);
        return b.build(b.root().child("fc").linear(x, new Layer.Linear(features, between(rng, 1, 12), true)));
    }

    private static Graph dropout(Rng rng, int batch) {
        return one(rng, anything(rng), new Layer.Dropout(chance(rng, 10) ? 0 : rng.uniform(0, 0.9)));
    }

    private static Graph shortcutA(Rng rng, int batch) {
        Shape in = image(rng);
        int inC = in.size(0);
        int outC = chance(rng, 50) ? 2 * inC : inC + rng.nextInt(9);
        return one(rng, in, new Layer.ShortcutA(inC, outC, between(rng, 1, 3)));
    }
}
