package dev.taxon.device;

import static dev.taxon.device.LayerCases.between;
import static dev.taxon.device.LayerCases.chance;

import dev.taxon.graph.Graph;
import dev.taxon.graph.GraphBuilder;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Layer.Activation.Function;
import dev.taxon.graph.Layer.Activation.HardSigmoid;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import dev.taxon.random.Rng;
import dev.taxon.tensor.Shape;
import java.util.List;

/** Small networks as models are built: what a device fuses, reuses or sums over branches shows here. */
final class CompositeCases {
    private CompositeCases() {}

    /** The case of one seed: the first draw whose decisions (ReLU, max-pooling) are clear in float32. */
    static Case of(long seed) {
        for (int draw = 0; ; draw++) {
            long drawn = seed + 1_000_000L * draw;
            Rng rng = new Rng(drawn, 1);
            int batch = between(rng, 2, 5);
            Graph graph = seed % 4 == 3
                    ? inverted(rng)
                    : switch (rng.nextInt(3)) {
                        case 0 -> lenet(rng);
                        case 1 -> residual(rng);
                        default -> bottleneck(rng);
                    };
            Options options = chance(rng, 35) ? Options.eval(batch) : Options.train(batch);
            if (options.mode() == Options.Mode.TRAIN && chance(rng, 50)) {
                options = options.withInputGradient();
            }
            List<Boolean> accumulate = chance(rng, 50) ? List.of(false, true) : List.of(false);
            Case c = new Case("composite", drawn, graph, options, accumulate);
            if (!c.training() || Margin.isClear(c)) {
                return c;
            }
        }
    }

    private static Graph lenet(Rng rng) {
        GraphBuilder b = new GraphBuilder();
        Node x = b.input(Shape.of(between(rng, 1, 3), between(rng, 12, 17), between(rng, 12, 17)));
        Scope s = b.root();
        x = conv(s.child("conv1"), x, between(rng, 3, 9), between(rng, 3, 5), 1, 1, true);
        x = activation(s.child("act1"), x, chance(rng, 70) ? Function.TANH : Function.RELU);
        Layer pool = chance(rng, 50)
                ? new Layer.AvgPool2d(Kernel2d.square(2, 2, 0), false, true)
                : new Layer.MaxPool2d(Kernel2d.square(3, 2, 1), chance(rng, 50));
        x = s.child("pool").apply(pool, x);
        x = conv(s.child("conv2"), x, between(rng, 5, 17), 3, 1, 1, true);
        x = s.child("flat").apply(new Layer.Flatten(), activation(s.child("act2"), x, Function.TANH));
        x = activation(s.child("act3"), linear(s.child("fc1"), x, between(rng, 9, 33)), Function.TANH);
        if (chance(rng, 50)) {
            x = s.child("drop").apply(new Layer.Dropout(0.4), x);
        }
        return LossCases.withLoss(rng, b, linear(s.child("fc2"), x, between(rng, 2, 12)));
    }

    private static Graph residual(Rng rng) {
        GraphBuilder b = new GraphBuilder();
        Node x = b.input(Shape.of(3, between(rng, 7, 13), between(rng, 7, 13)));
        Scope stem = b.root().child("stem");
        if (chance(rng, 25)) {
            stem.freeze();
        }
        int channels = between(rng, 4, 17);
        x = convBnRelu(rng, stem, x, channels, 3, 1, 1);
        int blocks = between(rng, 1, 2);
        for (int i = 0; i < blocks; i++) {
            Scope s = b.root().child("block").child(i);
            int stride = between(rng, 1, 2);
            int wider = chance(rng, 50) ? channels : channels + between(rng, 1, 9);
            Node y = convBnRelu(rng, s.child("a"), x, wider, 3, stride, 1);
            y = convBn(rng, s.child("b"), y, wider, 3, 1, 1);
            Node shortcut = x;
            if (stride > 1 || wider != channels) {
                shortcut = chance(rng, 50)
                        ? s.child("shortcut").apply(new Layer.ShortcutA(channels, wider, stride), x)
                        : convBn(rng, s.child("downsample"), x, wider, 1, stride, 1);
            }
            x = chance(rng, 50) ? s.apply(new Layer.Add(), y, shortcut) : s.apply(new Layer.Add(), shortcut, y);
            x = activation(s.child("relu"), x, Function.RELU);
            channels = wider;
        }
        return head(rng, b, x);
    }

    private static Graph bottleneck(Rng rng) {
        GraphBuilder b = new GraphBuilder();
        Node x = b.input(Shape.of(3, between(rng, 9, 15), between(rng, 9, 15)));
        Scope s = b.root();
        x = convBnRelu(rng, s.child("stem"), x, 8, between(rng, 3, 5), between(rng, 1, 2), 1);
        x = s.child("maxpool").apply(new Layer.MaxPool2d(Kernel2d.square(3, 2, 1), chance(rng, 30)), x);
        int groups = 1 << rng.nextInt(4);
        Node y = convBnRelu(rng, s.child("reduce"), x, 8, 1, 1, 1);
        y = convBnRelu(rng, s.child("middle"), y, 8, 3, 1, groups);
        y = convBn(rng, s.child("expand"), y, 24, 1, 1, 1);
        Node shortcut = convBn(rng, s.child("downsample"), x, 24, 1, 1, 1);
        x = activation(s.child("relu"), s.child("add").apply(new Layer.Add(), y, shortcut), Function.RELU);
        return head(rng, b, x);
    }

    /** Depthwise between two 1×1 convolutions, with squeeze-and-excitation, as MobileNetV3 has them. */
    private static Graph inverted(Rng rng) {
        GraphBuilder b = new GraphBuilder();
        Node x = b.input(Shape.of(3, between(rng, 7, 13), between(rng, 7, 13)));
        Scope s = b.root();
        Function f = LayerCases.function(rng);
        x = activation(s.child("stem").child("act"), convBn(rng, s.child("stem"), x, 8, 3, 2, 1), f);
        Node y = activation(s.child("expand").child("act"), convBn(rng, s.child("expand"), x, 24, 1, 1, 1), f);
        y = activation(s.child("depthwise").child("act"), convBn(rng, s.child("depthwise"), y, 24, 3, 1, 24), f);
        if (chance(rng, 60)) {
            Scope se = s.child("se");
            Node z = se.child("pool").apply(new Layer.GlobalAvgPool(true), y);
            z = activation(se.child("act1"), conv(se.child("conv1"), z, 6, 1, 1, 1, true), Function.RELU);
            z = conv(se.child("conv2"), z, 24, 1, 1, 1, true);
            z = activation(se.child("act2"), z, chance(rng, 50) ? HardSigmoid.DEFAULT : Function.SIGMOID);
            y = se.apply(new Layer.ChannelScale(), y, z);
        }
        y = convBn(rng, s.child("project"), y, 8, 1, 1, 1);
        x = chance(rng, 70) ? s.child("add").apply(new Layer.Add(), x, y) : y;
        // 3×3: behind a 1×1 a batch norm would take out what the one before it adds, whose gradient were but rounding
        return head(rng, b, activation(s.child("last").child("act"), convBn(rng, s.child("last"), x, 32, 3, 1, 1), f));
    }

    private static Graph head(Rng rng, GraphBuilder b, Node x) {
        if (chance(rng, 20)) {
            return b.build(x); // the caller gives the gradient
        }
        Node features = b.root().child("gap").apply(new Layer.GlobalAvgPool(), x);
        return LossCases.withLoss(rng, b, linear(b.root().child("fc"), features, between(rng, 2, 12)));
    }

    private static Node convBnRelu(Rng rng, Scope s, Node x, int outC, int k, int stride, int groups) {
        return activation(s.child("relu"), convBn(rng, s, x, outC, k, stride, groups), Function.RELU);
    }

    /** No bias before a batch norm: its gradient is 0 but for rounding, and a relative distance says nothing of it. */
    private static Node convBn(Rng rng, Scope s, Node x, int outC, int k, int stride, int groups) {
        Node y = conv(s.child("conv"), x, outC, k, stride, groups, false);
        return s.child("bn").batchNorm2d(y, new Layer.BatchNorm2d(outC, 1e-5, 0.1, chance(rng, 20)));
    }

    private static Node conv(Scope s, Node x, int outC, int k, int stride, int groups, boolean bias) {
        int inC = x.shape().size(0);
        return s.conv2d(x, new Layer.Conv2d(inC, outC, Kernel2d.square(k, stride, k / 2), groups, bias));
    }

    private static Node linear(Scope s, Node x, int out) {
        return s.linear(x, new Layer.Linear(x.shape().size(0), out, true));
    }

    private static Node activation(Scope s, Node x, Function f) {
        return s.apply(new Layer.Activation(f), x);
    }
}
