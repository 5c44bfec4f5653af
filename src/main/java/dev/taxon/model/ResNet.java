package dev.taxon.model;

import static dev.taxon.UserError.require;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.graph.Init;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Layer.Activation.Function;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import dev.taxon.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * ResNet, with mmcls's names and options. Sources: He et al. 2015 (V1), torchvision (V1b: stride in the 3×3), He et al.
 * 2018 (V1c deep stem, V1d average-pooled shortcut); mmcls ResNet and ResNet_CIFAR.
 *
 * @param stem what stands before the first stage
 * @param strideIn3x3 {@code style='pytorch'}; else ({@code 'caffe'}) the stride stands in the first 1×1
 * @param avgDown shortcuts pool before their 1×1 convolution
 * @param frozenStages stem (0) and stages (1 …) up to this one are not trained; −1 freezes nothing
 */
record ResNet(
        int depth,
        int inChannels,
        Stem stem,
        int stemChannels,
        int baseChannels,
        List<Integer> strides,
        List<Integer> dilations,
        boolean strideIn3x3,
        boolean avgDown,
        int frozenStages,
        Norm norm,
        boolean zeroInitResidual,
        List<InitRule> init)
        implements Backbone {
    ResNet {
        require(
                inChannels > 0 && stemChannels > 0 && baseChannels > 0,
                "in_channels, stem_channels and base_channels of a ResNet must be positive, got %d, %d and %d",
                inChannels,
                stemChannels,
                baseChannels);
    }

    /** IMAGENET: 7×7 stride 2 and max pooling; DEEP: three 3×3 and max pooling; CIFAR: one 3×3. */
    enum Stem {
        IMAGENET,
        DEEP,
        CIFAR
    }

    static ResNet read(Fields f, boolean cifar, boolean deepStem, boolean avgDown) {
        int stages = f.integer("num_stages", 4);
        require(stages >= 1 && stages <= 4, "%s: num_stages must be from 1 to 4, got %d", f.dict().at(), stages);
        List<Integer> outIndices = f.integers("out_indices", List.of(stages - 1));
        require(
                !outIndices.isEmpty() && outIndices.getLast() == stages - 1,
                "%s: out_indices of %s must end with the last stage, %d, got %s",
                f.dict().at(),
                f.path(),
                stages - 1,
                outIndices);
        require(f.real("drop_path_rate", 0) == 0, "%s: drop_path_rate is not supported yet", f.path());
        require(!f.has("conv_cfg"), "%s: conv_cfg is not supported, leave it None", f.path());
        f.ignore("with_cp"); // trades time for memory, same numbers
        boolean deep = f.bool("deep_stem", deepStem);
        require(!(cifar && deep), "%s: ResNet_CIFAR has no deep_stem", f.path());
        int depth = f.integer("depth");
        ResNet net = new ResNet(
                depth,
                f.integer("in_channels", 3),
                cifar ? Stem.CIFAR : deep ? Stem.DEEP : Stem.IMAGENET,
                f.integer("stem_channels", 64),
                f.integer("base_channels", 64),
                ofStages(f, "strides", List.of(1, 2, 2, 2), stages),
                ofStages(f, "dilations", List.of(1, 1, 1, 1), stages),
                f.text("style", "pytorch").equals("pytorch"),
                f.bool("avg_down", avgDown),
                f.integer("frozen_stages", -1),
                Norm.read(f),
                f.bool("zero_init_residual", true),
                InitRule.read(f, InitRule.CONVOLUTIONAL));
        int expansion = f.integer("expansion", net.expansion());
        require(
                expansion == net.expansion(),
                "%s: expansion of ResNet-%d is %d, got %d",
                f.path(),
                depth,
                net.expansion(),
                expansion);
        return net;
    }

    private static List<Integer> ofStages(Fields f, String key, List<Integer> otherwise, int stages) {
        List<Integer> values = f.integers(key, otherwise);
        require(
                values.size() >= stages && values.stream().allMatch(v -> v > 0),
                "%s: %s needs a positive number for each of the %d stages, got %s",
                f.dict().at(),
                key,
                stages,
                values);
        return values.subList(0, stages);
    }

    @Override
    public List<InitRule> initRules() {
        List<InitRule> rules = new ArrayList<>(init);
        if (zeroInitResidual) { // each residual block starts as the identity
            rules.add(new InitRule(Init.ZEROS, Init.ZEROS, List.of("_BatchNorm"), bottleneck() ? ".bn3" : ".bn2"));
        }
        return rules;
    }

    @Override
    public Shape exampleInput() {
        return Shape.of(inChannels, 224, 224);
    }

    @Override
    public Node build(Scope scope, Node x) {
        x = stem(scope, x);
        List<Integer> blocks = blocks();
        for (int stage = 0; stage < strides.size(); stage++) {
            Scope layer = scope.child("layer" + (stage + 1));
            boolean frozen = stage + 1 <= frozenStages;
            if (frozen) {
                layer.freeze();
            }
            Block block = new Block(
                    (baseChannels << stage) * expansion(), strides.get(stage), dilations.get(stage), normOf(frozen));
            for (int i = 0; i < blocks.get(stage); i++) {
                x = bottleneck() ? bottleneck(layer.child(i), x, block) : basic(layer.child(i), x, block);
                block = new Block(block.out, 1, block.dilation, block.norm);
            }
        }
        return x;
    }

    /** What the blocks of a stage share; only the first has a stride. */
    private record Block(int out, int stride, int dilation, Norm norm) {}

    private Node stem(Scope s, Node x) {
        Norm stemNorm = normOf(frozenStages >= 0);
        if (stem == Stem.DEEP) {
            Scope deep = s.child("stem");
            if (frozenStages >= 0) {
                deep.freeze();
            }
            int half = stemChannels / 2;
            x = convNormRelu(deep.child(0), x, half, 2, stemNorm);
            x = convNormRelu(deep.child(1), x, half, 1, stemNorm);
            x = convNormRelu(deep.child(2), x, stemChannels, 1, stemNorm);
        } else {
            if (frozenStages >= 0) {
                s.child("conv1").freeze();
                s.child("bn1").freeze();
            }
            Kernel2d kernel = stem == Stem.CIFAR ? Kernel2d.square(3, 1, 1) : Kernel2d.square(7, 2, 3);
            x = conv(s.child("conv1"), x, stemChannels, kernel);
            x = relu(s, stemNorm.build(s.child("bn1"), x));
        }
        return stem == Stem.CIFAR
                ? x
                : s.child("maxpool").apply(new Layer.MaxPool2d(Kernel2d.square(3, 2, 1), false), x);
    }

    private Node basic(Scope s, Node x, Block b) {
        Kernel2d first = new Kernel2d(
                3, 3, b.stride, b.stride, b.dilation, b.dilation, b.dilation, b.dilation);
        Node y = conv(s.child("conv1"), x, b.out, first);
        y = relu(s, b.norm.build(s.child("bn1"), y));
        y = conv(s.child("conv2"), y, b.out, Kernel2d.square(3, 1, 1));
        y = b.norm.build(s.child("bn2"), y);
        return relu(s, s.child("add").apply(new Layer.Add(), y, shortcut(s, x, b)));
    }

    private Node bottleneck(Scope s, Node x, Block b) {
        int mid = b.out / expansion();
        int stride1 = strideIn3x3 ? 1 : b.stride;
        int stride2 = strideIn3x3 ? b.stride : 1;
        Node y = conv(s.child("conv1"), x, mid, Kernel2d.square(1, stride1, 0));
        y = relu(s, b.norm.build(s.child("bn1"), y));
        Kernel2d middle =
                new Kernel2d(3, 3, stride2, stride2, b.dilation, b.dilation, b.dilation, b.dilation);
        y = conv(s.child("conv2"), y, mid, middle);
        y = relu(s, b.norm.build(s.child("bn2"), y));
        y = conv(s.child("conv3"), y, b.out, Kernel2d.square(1, 1, 0));
        y = b.norm.build(s.child("bn3"), y);
        return relu(s, s.child("add").apply(new Layer.Add(), y, shortcut(s, x, b)));
    }

    private Node shortcut(Scope s, Node x, Block b) {
        if (b.stride == 1 && x.shape().size(0) == b.out) {
            return x;
        }
        Scope down = s.child("downsample");
        int next = 0;
        int stride = b.stride;
        if (avgDown && stride != 1) {
            x = down.child(next++).apply(new Layer.AvgPool2d(Kernel2d.square(stride, stride, 0), true, false), x);
            stride = 1;
        }
        x = conv(down.child(next++), x, b.out, Kernel2d.square(1, stride, 0));
        return b.norm.build(down.child(next), x);
    }

    private static Node convNormRelu(Scope s, Node x, int out, int stride, Norm norm) {
        x = conv(s.child("conv"), x, out, Kernel2d.square(3, stride, 1));
        return relu(s, norm.build(s.child("bn"), x));
    }

    static Node conv(Scope s, Node x, int out, Kernel2d kernel) {
        return s.conv2d(x, new Layer.Conv2d(x.shape().size(0), out, kernel, 1, false));
    }

    static Node relu(Scope s, Node x) {
        return s.child("relu").apply(new Layer.Activation(Function.RELU), x);
    }

    private Norm normOf(boolean frozen) {
        return frozen ? norm.frozen() : norm;
    }

    private boolean bottleneck() {
        return depth >= 50;
    }

    private int expansion() {
        return bottleneck() ? 4 : 1;
    }

    private List<Integer> blocks() {
        List<Integer> blocks = switch (depth) {
            case 18 -> List.of(2, 2, 2, 2);
            case 34, 50 -> List.of(3, 4, 6, 3);
            case 101 -> List.of(3, 4, 23, 3);
            case 152 -> List.of(3, 8, 36, 3);
            default -> throw UserError.of("ResNet depth must be 18, 34, 50, 101 or 152, got %d", depth);
        };
        return blocks.subList(0, strides.size());
    }
}
