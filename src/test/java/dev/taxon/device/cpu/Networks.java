package dev.taxon.device.cpu;

import dev.taxon.graph.Graph;
import dev.taxon.graph.GraphBuilder;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.LossLayer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import dev.taxon.tensor.Shape;

/** The networks whose steps are guarded and timed, straight from their papers and with a loss. */
public final class Networks {
    private static final Layer.Activation RELU = new Layer.Activation(Layer.Activation.Function.RELU);
    private static final Layer.Activation TANH = new Layer.Activation(Layer.Activation.Function.TANH);

    private Networks() {}

    /** mmcls's LeNet-5 on (1, 32, 32). */
    public static Graph leNet5() {
        GraphBuilder builder = new GraphBuilder();
        Scope s = builder.root();
        Layer.AvgPool2d pool = new Layer.AvgPool2d(Kernel2d.square(2, 2, 0), false, true);
        Node x = builder.input(Shape.of(1, 32, 32));
        x = s.child("pool1").apply(pool, s.child("tanh1").apply(TANH, conv(s.child("conv1"), x, 6, 5, 1, 0, true)));
        x = s.child("pool2").apply(pool, s.child("tanh2").apply(TANH, conv(s.child("conv2"), x, 16, 5, 1, 0, true)));
        x = s.child("tanh3").apply(TANH, conv(s.child("conv3"), x, 120, 5, 1, 0, true));
        x = s.child("flatten").apply(new Layer.Flatten(), x);
        x = s.child("tanh4").apply(TANH, s.child("fc1").linear(x, new Layer.Linear(120, 84, true)));
        return loss(builder, s.child("fc2").linear(x, new Layer.Linear(84, 10, true)), 10);
    }

    /** mmcls's ResNet_CIFAR-18 on (3, 32, 32). */
    public static Graph resNet18Cifar() {
        GraphBuilder builder = new GraphBuilder();
        Scope s = builder.root();
        Node x = builder.input(Shape.of(3, 32, 32));
        x = relu(s.child("relu"), convBn(s, "1", x, 64, 3, 1));
        for (int stage = 0; stage < 4; stage++) {
            for (int block = 0; block < 2; block++) {
                int stride = stage > 0 && block == 0 ? 2 : 1;
                x = basicBlock(s.child("layer" + (stage + 1)).child(block), x, 64 << stage, stride);
            }
        }
        return head(builder, x, 10);
    }

    /** Two blocks, one with a projection, on (3, 16, 16): every kernel of a ResNet, quickly. */
    static Graph tinyResNet() {
        GraphBuilder builder = new GraphBuilder();
        Scope s = builder.root();
        Node x = relu(s.child("relu"), convBn(s, "1", builder.input(Shape.of(3, 16, 16)), 16, 3, 1));
        x = s.child("maxpool").apply(new Layer.MaxPool2d(Kernel2d.square(3, 2, 1), false), x);
        x = basicBlock(s.child("layer1"), x, 16, 1);
        x = basicBlock(s.child("layer2"), x, 32, 2);
        return head(builder, x, 10);
    }

    /** ResNet-50 (v1.5, stride on the 3×3) on (3, size, size). */
    public static Graph resNet50(int size) {
        GraphBuilder builder = new GraphBuilder();
        Scope s = builder.root();
        Node x = builder.input(Shape.of(3, size, size));
        x = relu(s.child("relu"), convBn(s, "1", x, 64, 7, 2));
        x = s.child("maxpool").apply(new Layer.MaxPool2d(Kernel2d.square(3, 2, 1), false), x);
        int[] blocks = {3, 4, 6, 3};
        for (int stage = 0; stage < 4; stage++) {
            for (int block = 0; block < blocks[stage]; block++) {
                int stride = stage > 0 && block == 0 ? 2 : 1;
                x = bottleneck(s.child("layer" + (stage + 1)).child(block), x, 64 << stage, stride);
            }
        }
        return head(builder, x, 1000);
    }

    private static Node basicBlock(Scope s, Node x, int channels, int stride) {
        Node y = relu(s.child("relu1"), convBn(s, "1", x, channels, 3, stride));
        y = convBn(s, "2", y, channels, 3, 1);
        return relu(s.child("relu"), s.child("add").apply(new Layer.Add(), y, shortcut(s, x, channels, stride)));
    }

    private static Node bottleneck(Scope s, Node x, int channels, int stride) {
        Node y = relu(s.child("relu1"), convBn(s, "1", x, channels, 1, 1));
        y = relu(s.child("relu2"), convBn(s, "2", y, channels, 3, stride));
        y = convBn(s, "3", y, 4 * channels, 1, 1);
        return relu(s.child("relu"), s.child("add").apply(new Layer.Add(), y, shortcut(s, x, 4 * channels, stride)));
    }

    private static Node shortcut(Scope s, Node x, int channels, int stride) {
        boolean same = stride == 1 && x.shape().size(0) == channels;
        return same ? x : convBn(s.child("downsample"), "", x, channels, 1, stride);
    }

    private static Node convBn(Scope s, String suffix, Node x, int channels, int k, int stride) {
        Node y = conv(s.child("conv" + suffix), x, channels, k, stride, k / 2, false);
        return s.child("bn" + suffix).batchNorm2d(y, new Layer.BatchNorm2d(channels, 1e-5, 0.1, false));
    }

    private static Node conv(Scope s, Node x, int channels, int k, int stride, int padding, boolean bias) {
        Kernel2d kernel = Kernel2d.square(k, stride, padding);
        return s.conv2d(x, new Layer.Conv2d(x.shape().size(0), channels, kernel, 1, bias));
    }

    private static Node relu(Scope s, Node x) {
        return s.apply(RELU, x);
    }

    private static Graph head(GraphBuilder builder, Node x, int classes) {
        Node pooled = builder.root().child("gap").apply(new Layer.GlobalAvgPool(), x);
        int features = pooled.shape().size(0);
        return loss(
                builder, builder.root().child("fc").linear(pooled, new Layer.Linear(features, classes, true)), classes);
    }

    private static Graph loss(GraphBuilder builder, Node logits, int classes) {
        Node target = builder.target(classes, false);
        Node loss = builder.root()
                .child("loss")
                .apply(new LossLayer.SoftmaxCrossEntropy(classes, LossLayer.Smoothing.NONE, 1), logits, target);
        return builder.build(logits, loss);
    }
}
