package dev.taxon.model;

import static dev.taxon.UserError.require;

import dev.taxon.config.Fields;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer.Activation.Function;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import dev.taxon.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * MobileNetV2 with mmcls's names. x (3, H, W) → (1280 · max(1, widenFactor), H/32, W/32). Source: Sandler et al. 2018.
 *
 * @param widenFactor of all channels but the last, which it never narrows
 */
record MobileNetV2(
        double widenFactor,
        StageRange range,
        Norm norm,
        @Nullable Function function,
        List<InitRule> init) implements Backbone {
    private static final int LAST = 1280;

    /** Blocks of equal width. */
    private record Stage(int expansion, int channels, int blocks, int stride) {}

    private static final List<Stage> STAGES = List.of(
            new Stage(1, 16, 1, 1),
            new Stage(6, 24, 2, 2),
            new Stage(6, 32, 3, 2),
            new Stage(6, 64, 4, 2),
            new Stage(6, 96, 3, 1),
            new Stage(6, 160, 3, 2),
            new Stage(6, 320, 1, 1));

    MobileNetV2 {
        require(widenFactor > 0, "widen_factor of MobileNetV2 must be positive, got %s", widenFactor);
    }

    static MobileNetV2 read(Fields f) {
        require(!f.has("conv_cfg"), "%s: conv_cfg is not supported, leave it None", f.path());
        f.ignore("with_cp"); // trades time for memory, same numbers
        return new MobileNetV2(
                f.real("widen_factor", 1),
                StageRange.read(f, STAGES.size() + 1, STAGES.size()),
                Norm.read(f),
                ActConfig.read(f, Function.RELU6),
                InitRule.read(f, InitRule.CONVOLUTIONAL));
    }

    @Override
    public List<InitRule> initRules() {
        return init;
    }

    @Override
    public Shape exampleInput() {
        return Shape.of(3, 224, 224);
    }

    @Override
    public Node build(Scope scope, Node x) {
        Scope stem = range.enter(scope.child("conv1"), 0);
        Kernel2d window = Kernel2d.square(3, 2, 1);
        x = InvertedResidual.convModule(stem, x, width(32), window, 1, range.norm(norm, 0), function);
        Node read = x;
        for (int i = 0; i < STAGES.size(); i++) {
            Stage stage = STAGES.get(i);
            int number = i + 1;
            Scope layer = range.enter(scope.child("layer" + number), number);
            for (int block = 0; block < stage.blocks; block++) {
                InvertedResidual residual = new InvertedResidual(
                        width(stage.channels),
                        x.shape().size(0) * stage.expansion,
                        3,
                        block == 0 ? stage.stride : 1,
                        stage.expansion != 1,
                        null,
                        function,
                        null,
                        range.norm(norm, number));
                x = residual.buildList(layer.child(block), x);
            }
            read = range.read(read, x, number);
        }
        int last = widenFactor > 1 ? (int) (LAST * widenFactor) : LAST;
        int behind = STAGES.size() + 1;
        Scope conv2 = range.enter(scope.child("conv2"), behind);
        x = InvertedResidual.convModule(conv2, x, last, Kernel2d.square(1, 1, 0), 1, norm, function);
        return range.read(read, x, behind);
    }

    private int width(int channels) {
        return SqueezeExcitation.divisible(channels * widenFactor, 8);
    }
}
