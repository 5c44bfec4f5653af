package dev.taxon.model;

import static dev.taxon.UserError.require;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.graph.Init;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import dev.taxon.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * ShuffleNet: grouped 1×1 convolutions, and a shuffle that lets each group see all others. Source: Zhang et al. 2017;
 * mmcls ShuffleNetV1.
 *
 * @param stemChannels of the first convolution
 * @param channels of the three stages
 */
record ShuffleNetV1(
        int groups, int stemChannels, List<Integer> channels, StageRange range, Norm norm, List<InitRule> initRules)
        implements Backbone {

    /** Units of a stage, of V2 also. */
    static final List<Integer> UNITS = List.of(4, 8, 4);

    static ShuffleNetV1 read(Fields f) {
        int groups = f.integer("groups", 3);
        int first = switch (groups) {
            case 1 -> 144;
            case 2 -> 200;
            case 3 -> 240;
            case 4 -> 272;
            case 8 -> 384;
            default ->
                throw UserError.of(
                        "%s: groups of ShuffleNetV1 must be 1, 2, 3, 4 or 8, got %d",
                        f.dict().at(), groups);
        };
        double widen = f.real("widen_factor", 1);
        require(
                widen > 0,
                "%s: widen_factor of ShuffleNetV1 must be positive, got %s",
                f.dict().at(),
                widen);
        Stages.requirePlain(f);
        f.ignore("with_cp"); // trades time for memory, same numbers
        List<Integer> channels = List.of(
                SqueezeExcitation.divisible(first * widen, 8),
                SqueezeExcitation.divisible(2 * first * widen, 8),
                SqueezeExcitation.divisible(4 * first * widen, 8));
        StageRange range = StageRange.read(f, UNITS.size(), UNITS.size() - 1);
        return new ShuffleNetV1(groups, (int) (24 * widen), channels, range, Norm.read(f), rules(f));
    }

    /** mmcls applies its own rules behind an init_cfg. */
    private static List<InitRule> rules(Fields f) {
        List<InitRule> rules = new ArrayList<>(InitRule.read(f, List.of()));
        rules.add(InitRule.of(new Init.NormalByInputs(), "Conv2d"));
        rules.add(InitRule.of(new Init.Normal(0, 0.01), "Conv2d").at(".conv1.conv"));
        rules.add(new InitRule(Init.ONES, new Init.Constant(0.0001), List.of("_BatchNorm"), ""));
        return rules;
    }

    @Override
    public Shape exampleInput() {
        return Shape.of(3, 224, 224);
    }

    @Override
    public Node build(Scope scope, Node x) {
        x = stem(scope, x, stemChannels, range, norm);
        Node read = x;
        for (int stage = 0; stage < UNITS.size(); stage++) {
            int number = stage + 1;
            Scope layer = range.enter(scope.child("layers").child(stage), number);
            for (int i = 0; i < UNITS.get(stage); i++) {
                Unit unit = new Unit(
                        channels.get(stage), stage == 0 && i == 0 ? 1 : groups, groups, range.norm(norm, number));
                x = i == 0 ? unit.concat(layer.child(i), x) : unit.add(layer.child(i), x);
            }
            read = range.read(read, x, number);
        }
        return read;
    }

    /** The 3×3 convolution of stride 2 and the pooling before the stages, of V2 also. A frozen one still updates its running statistics. */
    static Node stem(Scope scope, Node x, int channels, StageRange range, Norm norm) {
        Scope conv = range.enter(scope.child("conv1"), 0);
        Norm own = range.isFrozen(0) ? norm.untrained() : norm;
        x = new ConvModule(channels, Kernel2d.square(3, 2, 1), 1, own, true).build(conv, x);
        return scope.child("maxpool").apply(new Layer.MaxPool2d(Kernel2d.square(3, 2, 1), false), x);
    }

    /** @param firstGroups of the first 1×1: the first of all units sees too few channels to split them */
    private record Unit(int out, int firstGroups, int groups, Norm norm) {
        /** Halves the image, and puts the pooled input before the new channels. */
        Node concat(Scope s, Node x) {
            Node y = ResidualBlock.relu(s, branch(s, x, out - x.shape().size(0), 2));
            Layer pool = new Layer.AvgPool2d(Kernel2d.square(3, 2, 1), false, true);
            return s.child("concat")
                    .apply(new Layer.Concat(), s.child("avgpool").apply(pool, x), y);
        }

        Node add(Scope s, Node x) {
            return ResidualBlock.relu(s, s.child("add").apply(new Layer.Add(), x, branch(s, x, out, 1)));
        }

        private Node branch(Scope s, Node x, int expanded, int stride) {
            int inside = out / 4;
            x = grouped(inside, firstGroups, true).build(s.child("g_conv_1x1_compress"), x);
            x = ConvModule.depthwise(inside, stride, norm).build(s.child("depthwise_conv3x3_bn"), x);
            if (groups > 1) {
                x = s.child("shuffle").apply(new Layer.ChannelShuffle(groups), x);
            }
            return grouped(expanded, groups, false).build(s.child("g_conv_1x1_expand"), x);
        }

        private ConvModule grouped(int channels, int groups, boolean relu) {
            return new ConvModule(channels, Kernel2d.square(1, 1, 0), groups, norm, relu);
        }
    }
}
