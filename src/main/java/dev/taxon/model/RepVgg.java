package dev.taxon.model;

import static dev.taxon.UserError.require;

import dev.taxon.config.Fields;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Layer.Activation.Function;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import dev.taxon.tensor.Shape;
import java.util.List;

/**
 * RepVGG: each block is the sum of a 3×3, a 1×1 and the identity, each with its norm, which one 3×3 convolution replaces
 * after training ({@code deploy}). Source: Ding et al. 2021; mmcls RepVGG.
 *
 * @param deploy one convolution with a bias a block: see {@link dev.taxon.checkpoint.RepVggFusion}; squeeze-and-excitation
 *     stays, though mmcls leaves it out then
 * @param pyramid mmcls's {@code add_ppf}: three poolings in a row behind the last stage, concatenated
 */
record RepVgg(
        RepVggArch arch,
        int inChannels,
        int baseChannels,
        List<Integer> strides,
        List<Integer> dilations,
        StageRange range,
        Norm norm,
        boolean deploy,
        boolean pyramid,
        List<InitRule> initRules)
        implements Backbone {

    RepVgg {
        require(
                inChannels > 0 && baseChannels > 0,
                "in_channels and base_channels of RepVGG must be positive, got %d and %d",
                inChannels,
                baseChannels);
    }

    static RepVgg read(Fields f) {
        RepVggArch arch = RepVggArch.read(f);
        int stages = arch.blocks().size();
        Stages.requirePlain(f);
        f.ignore("with_cp"); // trades time for memory, same numbers
        return new RepVgg(
                arch,
                f.integer("in_channels", 3),
                f.integer("base_channels", 64),
                Stages.each(f, "strides", List.of(2, 2, 2, 2), stages),
                Stages.each(f, "dilations", List.of(1, 1, 1, 1), stages),
                StageRange.read(f, stages),
                Norm.read(f),
                f.bool("deploy", false),
                f.bool("add_ppf", false),
                InitRule.read(f, InitRule.CONVOLUTIONAL));
    }

    @Override
    public Shape exampleInput() {
        return Shape.of(inChannels, 224, 224);
    }

    @Override
    public Node build(Scope scope, Node x) {
        int stemChannels = Math.min(
                arch.stemChannels(), (int) (baseChannels * arch.widths().getFirst()));
        x = new Block(stemChannels, 2, 1, 1, range.norm(norm, 0)).build(range.enter(scope.child("stem"), 0), x);
        Node read = x;
        int numberOfBlock = 1; // blocks count through all stages
        for (int stage = 0; stage < arch.blocks().size(); stage++) {
            int number = stage + 1;
            Scope layer = range.enter(scope.child("stage_" + number), number);
            int out = (int) ((baseChannels << stage) * arch.widths().get(stage));
            for (int i = 0; i < arch.blocks().get(stage); i++) {
                Block block = new Block(
                        out,
                        i == 0 ? strides.get(stage) : 1,
                        dilations.get(stage),
                        arch.groups(numberOfBlock++),
                        range.norm(norm, number));
                x = block.build(layer.child(i), x);
            }
            read = range.read(read, x, number);
        }
        int stages = arch.blocks().size();
        return pyramid ? range.read(read, pyramid(range.enter(scope.child("ppf"), stages), x), stages) : read;
    }

    private Node pyramid(Scope s, Node x) {
        int channels = x.shape().size(0);
        Node y = ConvModule.pointwise(channels / 2, norm).build(s.child("conv1"), x);
        Layer pool = new Layer.MaxPool2d(Kernel2d.square(5, 1, 2), false);
        Node once = s.child("maxpool").apply(pool, y);
        Node twice = s.child("maxpool").apply(pool, once);
        Node thrice = s.child("maxpool").apply(pool, twice);
        y = s.child("concat").apply(new Layer.Concat(), y, once, twice, thrice);
        return ConvModule.pointwise(channels, norm).build(s.child("conv2"), y);
    }

    private final class Block {
        private final int out;
        private final int stride;
        private final int dilation;
        private final int groups;
        private final Norm norm;

        Block(int out, int stride, int dilation, int groups, Norm norm) {
            this.out = out;
            this.stride = stride;
            this.dilation = dilation;
            this.groups = groups;
            this.norm = norm;
        }

        Node build(Scope s, Node x) {
            Node y = deploy ? fused(s, x) : branches(s, x);
            RepVggArch.Squeeze squeeze = arch.squeeze();
            if (squeeze != null) {
                int fraction = out / squeeze.ratio(); // rounded down, as mmcls has it
                int inside = SqueezeExcitation.divisible(fraction, squeeze.divisor());
                y = new SqueezeExcitation(inside, Function.RELU, Function.SIGMOID).build(s.child("se_layer"), y);
            }
            return ResidualBlock.relu(s, y);
        }

        private Node fused(Scope s, Node x) {
            Layer.Conv2d conv = new Layer.Conv2d(x.shape().size(0), out, window(), groups, true);
            return s.child("branch_reparam").conv2d(x, conv);
        }

        private Node branches(Scope s, Node x) {
            boolean identity = x.shape().size(0) == out && stride == 1;
            if (identity) {
                s.child("branch_norm"); // registered first, summed last
            }
            Node sum = s.child("add")
                    .apply(
                            new Layer.Add(),
                            branch(s.child("branch_3x3"), x, window()),
                            branch(s.child("branch_1x1"), x, Kernel2d.square(1, stride, 0)));
            return identity ? s.child("add").apply(new Layer.Add(), sum, norm.build(s.child("branch_norm"), x)) : sum;
        }

        private Node branch(Scope s, Node x, Kernel2d kernel) {
            x = s.child("conv").conv2d(x, new Layer.Conv2d(x.shape().size(0), out, kernel, groups, false));
            return norm.build(s.child("norm"), x);
        }

        private Kernel2d window() {
            return Kernel2d.square(3, stride, dilation).withDilation(dilation);
        }
    }
}
