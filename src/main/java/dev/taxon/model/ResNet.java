package dev.taxon.model;

import static dev.taxon.UserError.require;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Layer.Activation.Function;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import dev.taxon.tensor.Shape;
import java.util.List;

/**
 * ResNet, ResNeXt, Wide ResNet, SE-ResNet and SE-ResNeXt, with mmcls's names and options. Sources: He et al. 2015 (V1), torchvision (V1b: stride
 * in the 3×3), He et al. 2018 (V1c deep stem, V1d average-pooled shortcut), Xie et al. 2016 (ResNeXt), Zagoruyko and
 * Komodakis 2016 (wide: more base channels, less expansion), Hu et al. 2017 (SE); mmcls ResNet, ResNeXt and ResNet_CIFAR.
 *
 * @param stem what stands before the first stage
 * @param expansion channels that a block gives over the channels inside of it
 * @param cardinality of the bottlenecks' 3×3
 * @param seRatio channels over those that squeeze-and-excitation keeps; 0 for none
 * @param strideIn3x3 {@code style='pytorch'}; else ({@code 'caffe'}) the stride stands in the first 1×1
 * @param avgDown shortcuts pool before their 1×1 convolution
 * @param dropPathRate of each block's branch, the same in all
 */
record ResNet(
        int depth,
        int inChannels,
        Stem stem,
        int stemChannels,
        int baseChannels,
        int expansion,
        Cardinality cardinality,
        int seRatio,
        List<Integer> strides,
        List<Integer> dilations,
        boolean strideIn3x3,
        boolean avgDown,
        StageRange range,
        Norm norm,
        boolean zeroInitResidual,
        double dropPathRate,
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

    /** Groups of a 3×3 convolution. Channels inside of a block are groups · widthPerGroup · 2^stage when groups > 1. */
    record Cardinality(int groups, int widthPerGroup) {
        static final Cardinality ONE = new Cardinality(1, 64);

        Cardinality {
            require(groups > 0, "groups of ResNeXt must be positive, got %d", groups);
            require(widthPerGroup > 0, "width_per_group of ResNeXt must be positive, got %d", widthPerGroup);
        }
    }

    static ResNet read(Fields f, boolean cifar, boolean deepStem, boolean avgDown) {
        return read(f, cifar, deepStem, avgDown, Cardinality.ONE, 0);
    }

    static ResNet readResNeXt(Fields f) {
        requireBottleneck(f);
        return read(f, false, false, false, readCardinality(f), 0);
    }

    static ResNet readSEResNet(Fields f) {
        requireBottleneck(f);
        return read(f, false, false, false, Cardinality.ONE, readSeRatio(f));
    }

    static ResNet readSEResNeXt(Fields f) {
        requireBottleneck(f);
        return read(f, false, false, false, readCardinality(f), readSeRatio(f));
    }

    private static void requireBottleneck(Fields f) {
        int depth = f.integer("depth");
        require(
                isBottleneck(depth),
                "%s: depth of %s must be 50, 101 or 152, got %d",
                f.dict().at(),
                f.text("type"),
                depth);
    }

    private static Cardinality readCardinality(Fields f) {
        return new Cardinality(f.integer("groups", 32), f.integer("width_per_group", 4));
    }

    private static double dropPathRate(Fields f) {
        double rate = f.real("drop_path_rate", 0);
        boolean drops = List.of("ResNet", "ResNetV1c", "ResNetV1d", "ResNet_CIFAR", "ResNeXt")
                .contains(f.text("type"));
        if (rate != 0 && !drops) {
            throw f.error("drop_path_rate", "has no effect in mmcls's " + f.text("type") + "; leave it out");
        }
        return rate > 1e-5 ? rate : 0; // mmcls's threshold
    }

    private static int readSeRatio(Fields f) {
        int ratio = f.integer("se_ratio", 16);
        require(ratio > 0, "%s: se_ratio must be positive, got %d", f.dict().at(), ratio);
        return ratio;
    }

    private static ResNet read(
            Fields f, boolean cifar, boolean deepStem, boolean avgDown, Cardinality cardinality, int seRatio) {
        int stages = f.integer("num_stages", 4);
        require(
                stages >= 1 && stages <= 4,
                "%s: num_stages must be from 1 to 4, got %d",
                f.dict().at(),
                stages);
        require(!f.has("conv_cfg"), "%s: conv_cfg is not supported, leave it None", f.path());
        f.ignore("with_cp"); // trades time for memory, same numbers
        boolean deep = f.bool("deep_stem", deepStem);
        require(!(cifar && deep), "%s: ResNet_CIFAR has no deep_stem", f.path());
        int depth = f.integer("depth");
        int expansion = f.integer("expansion", isBottleneck(depth) ? 4 : 1);
        int baseChannels = f.integer("base_channels", 64);
        require(
                expansion > 0,
                "%s: expansion of %s must be positive, got %d",
                f.dict().at(),
                f.path(),
                expansion);
        return new ResNet(
                depth,
                f.integer("in_channels", 3),
                cifar ? Stem.CIFAR : deep ? Stem.DEEP : Stem.IMAGENET,
                f.integer("stem_channels", 64),
                baseChannels,
                expansion,
                cardinality,
                seRatio,
                Stages.each(f, "strides", List.of(1, 2, 2, 2), stages),
                Stages.each(f, "dilations", List.of(1, 1, 1, 1), stages),
                Stages.strideIn3x3(f),
                f.bool("avg_down", avgDown),
                StageRange.read(f, stages),
                Norm.read(f),
                f.bool("zero_init_residual", true),
                dropPathRate(f),
                InitRule.read(f, InitRule.CONVOLUTIONAL));
    }

    @Override
    public List<InitRule> initRules() {
        return zeroInitResidual ? InitRule.withZeroResidual(init, isBottleneck(depth) ? ".bn3" : ".bn2") : init;
    }

    @Override
    public Shape exampleInput() {
        return Shape.of(inChannels, 224, 224);
    }

    @Override
    public Node build(Scope scope, Node x) {
        x = stem(scope, x);
        Node read = x;
        List<Integer> blocks = blocks();
        for (int stage = 0; stage < strides.size(); stage++) {
            int number = stage + 1;
            Scope layer = range.enter(scope.child("layer" + number), number);
            int mid = baseChannels << stage;
            int groups = cardinality.groups();
            ResidualBlock block = new ResidualBlock(
                    isBottleneck(depth),
                    groups == 1 ? mid : (groups * cardinality.widthPerGroup()) << stage,
                    mid * expansion,
                    groups,
                    strides.get(stage),
                    dilations.get(stage),
                    strideIn3x3,
                    avgDown,
                    range.norm(norm, number),
                    seRatio == 0 ? null : SqueezeExcitation.of(mid * expansion, seRatio, Function.SIGMOID),
                    dropPathRate);
            x = block.stage(layer, x, blocks.get(stage));
            read = range.read(read, x, number);
        }
        return read;
    }

    Node stem(Scope s, Node x) {
        Norm stemNorm = range.norm(norm, 0);
        if (stem == Stem.DEEP) {
            Scope deep = range.enter(s.child("stem"), 0);
            int half = stemChannels / 2;
            x = convNormRelu(deep.child(0), x, half, 2, stemNorm);
            x = convNormRelu(deep.child(1), x, half, 1, stemNorm);
            x = convNormRelu(deep.child(2), x, stemChannels, 1, stemNorm);
        } else {
            Kernel2d kernel = stem == Stem.CIFAR ? Kernel2d.square(3, 1, 1) : Kernel2d.square(7, 2, 3);
            x = ResidualBlock.conv(range.enter(s.child("conv1"), 0), x, stemChannels, kernel);
            x = ResidualBlock.relu(s, stemNorm.build(range.enter(s.child("bn1"), 0), x));
        }
        return stem == Stem.CIFAR
                ? x
                : s.child("maxpool").apply(new Layer.MaxPool2d(Kernel2d.square(3, 2, 1), false), x);
    }

    private static Node convNormRelu(Scope s, Node x, int out, int stride, Norm norm) {
        x = ResidualBlock.conv(s.child("conv"), x, out, Kernel2d.square(3, stride, 1));
        return ResidualBlock.relu(s, norm.build(s.child("bn"), x));
    }

    private static boolean isBottleneck(int depth) {
        return depth >= 50;
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
