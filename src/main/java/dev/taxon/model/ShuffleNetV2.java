package dev.taxon.model;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.graph.Init;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import dev.taxon.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * ShuffleNetV2: a unit changes half of its channels, and a shuffle mixes both halves for the next. Source: Ma et al. 2018;
 * mmcls ShuffleNetV2.
 *
 * @param channels of the three stages and of the last 1×1 convolution
 */
record ShuffleNetV2(List<Integer> channels, StageRange range, Norm norm, List<InitRule> initRules) implements Backbone {
    private static final int STAGES = 3;
    private static final int STEM = 24;

    static ShuffleNetV2 read(Fields f) {
        double widen = f.real("widen_factor", 1);
        Stages.requirePlain(f);
        f.ignore("with_cp"); // trades time for memory, same numbers
        return new ShuffleNetV2(channels(f, widen), StageRange.read(f, STAGES + 1, STAGES), Norm.read(f), rules(f));
    }

    private static List<Integer> channels(Fields f, double widen) {
        if (widen == 0.5) {
            return List.of(48, 96, 192, 1024);
        } else if (widen == 1) {
            return List.of(116, 232, 464, 1024);
        } else if (widen == 1.5) {
            return List.of(176, 352, 704, 1024);
        } else if (widen == 2) {
            return List.of(244, 488, 976, 2048);
        }
        throw UserError.of(
                "%s: widen_factor of ShuffleNetV2 must be 0.5, 1.0, 1.5 or 2.0, got %s",
                f.dict().at(), widen);
    }

    /** mmcls applies its own rules behind an init_cfg. Norms keep PyTorch's start: what mmcls does to them has no effect. */
    private static List<InitRule> rules(Fields f) {
        List<InitRule> rules = new ArrayList<>(InitRule.read(f, List.of()));
        rules.add(InitRule.of(new Init.NormalByInputs(), "Conv2d"));
        rules.add(InitRule.of(new Init.Normal(0, 0.01), "Conv2d").at(".conv1.conv"));
        return rules;
    }

    @Override
    public Shape exampleInput() {
        return Shape.of(3, 224, 224);
    }

    @Override
    public Node build(Scope scope, Node x) {
        x = ShuffleNetV1.stem(scope, x, STEM, range, norm);
        Node read = x;
        Scope layers = scope.child("layers");
        for (int stage = 0; stage < STAGES; stage++) {
            int number = stage + 1;
            Scope layer = range.enter(layers.child(stage), number);
            Unit unit = new Unit(channels.get(stage) / 2, range.norm(norm, number));
            x = unit.down(layer.child(0), x);
            for (int i = 1; i < ShuffleNetV1.UNITS.get(stage); i++) {
                x = unit.same(layer.child(i), x);
            }
            read = range.read(read, x, number);
        }
        Scope last = range.enter(layers.child(STAGES), STAGES + 1);
        x = ConvModule.pointwise(channels.get(STAGES), norm).build(last, x);
        return range.read(read, x, STAGES + 1);
    }

    /** @param half channels of a branch */
    private record Unit(int half, Norm norm) {
        /** Halves the image; both branches see all channels. */
        Node down(Scope s, Node x) {
            Scope first = s.child("branch1");
            Node a = ConvModule.depthwise(x.shape().size(0), 2, norm).build(first.child(0), x);
            a = ConvModule.pointwise(half, norm).build(first.child(1), a);
            return mix(s, a, branch2(s.child("branch2"), x, 2));
        }

        /** Keeps the first half of the channels. */
        Node same(Scope s, Node x) {
            Node kept = s.child("kept").apply(new Layer.ChannelSlice(0, half), x);
            Node changed = s.child("changed").apply(new Layer.ChannelSlice(half, half), x);
            return mix(s, kept, branch2(s.child("branch2"), changed, 1));
        }

        private Node branch2(Scope s, Node x, int stride) {
            x = ConvModule.pointwise(half, norm).build(s.child(0), x);
            x = ConvModule.depthwise(half, stride, norm).build(s.child(1), x);
            return ConvModule.pointwise(half, norm).build(s.child(2), x);
        }

        private static Node mix(Scope s, Node a, Node b) {
            return s.child("shuffle")
                    .apply(new Layer.ChannelShuffle(2), s.child("concat").apply(new Layer.Concat(), a, b));
        }
    }
}
