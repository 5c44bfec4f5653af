package dev.taxon.model;

import static dev.taxon.UserError.require;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.graph.Init;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer.Activation.Function;
import dev.taxon.graph.Layer.Activation.HardSigmoid;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import dev.taxon.tensor.Shape;
import java.util.List;

/**
 * MobileNetV3 with mmcls's names. x (3, H, W) → (576 or 960, H/32, W/32). Source: Howard et al. 2019; mmcls 0.13 and later.
 *
 * @param frozenStages layers 0 (the stem) up to this one are not trained; −1 freezes nothing
 */
record MobileNetV3(Arch arch, int frozenStages, Norm norm, List<InitRule> init) implements Backbone {
    private static final Norm DEFAULT_NORM = new Norm(1e-3, 0.01, true, false);
    private static final int STEM = 16;
    private static final int SQUEEZE = 4;
    private static final List<InitRule> INIT = List.of(
            InitRule.of(new Init.Kaiming(0, true, false, false), "Conv2d"),
            InitRule.of(new Init.Normal(0, 0.01), "Linear"),
            InitRule.of(Init.ONES, "BatchNorm2d"));

    /** A row of the paper's tables 1 and 2: an h-swish or ReLU block, with squeeze-and-excitation or without. */
    private record Row(int kernel, int mid, int out, boolean se, Function function, int stride) {}

    /** @param last channels of the 1×1 behind the blocks */
    record Arch(List<Row> rows, int last) {
        static final Arch SMALL = new Arch(
                List.of(
                        new Row(3, 16, 16, true, Function.RELU, 2),
                        new Row(3, 72, 24, false, Function.RELU, 2),
                        new Row(3, 88, 24, false, Function.RELU, 1),
                        new Row(5, 96, 40, true, Function.HSWISH, 2),
                        new Row(5, 240, 40, true, Function.HSWISH, 1),
                        new Row(5, 240, 40, true, Function.HSWISH, 1),
                        new Row(5, 120, 48, true, Function.HSWISH, 1),
                        new Row(5, 144, 48, true, Function.HSWISH, 1),
                        new Row(5, 288, 96, true, Function.HSWISH, 2),
                        new Row(5, 576, 96, true, Function.HSWISH, 1),
                        new Row(5, 576, 96, true, Function.HSWISH, 1)),
                576);

        static final Arch LARGE = new Arch(
                List.of(
                        new Row(3, 16, 16, false, Function.RELU, 1),
                        new Row(3, 64, 24, false, Function.RELU, 2),
                        new Row(3, 72, 24, false, Function.RELU, 1),
                        new Row(5, 72, 40, true, Function.RELU, 2),
                        new Row(5, 120, 40, true, Function.RELU, 1),
                        new Row(5, 120, 40, true, Function.RELU, 1),
                        new Row(3, 240, 80, false, Function.HSWISH, 2),
                        new Row(3, 200, 80, false, Function.HSWISH, 1),
                        new Row(3, 184, 80, false, Function.HSWISH, 1),
                        new Row(3, 184, 80, false, Function.HSWISH, 1),
                        new Row(3, 480, 112, true, Function.HSWISH, 1),
                        new Row(3, 672, 112, true, Function.HSWISH, 1),
                        new Row(5, 672, 160, true, Function.HSWISH, 2),
                        new Row(5, 960, 160, true, Function.HSWISH, 1),
                        new Row(5, 960, 160, true, Function.HSWISH, 1)),
                960);
    }

    static MobileNetV3 read(Fields f) {
        String name = f.text("arch", "small");
        Arch arch = switch (name) {
            case "small" -> Arch.SMALL;
            case "large", "big" -> Arch.LARGE;
            default ->
                throw UserError.of(
                        "%s: arch of MobileNetV3 must be 'small' or 'large', got '%s'",
                        f.dict().at(), name);
        };
        int last = arch.rows.size() + 1;
        Stages.requireLast(f, last + 1);
        require(!f.has("conv_cfg"), "%s: conv_cfg is not supported, leave it None", f.path());
        f.ignore("with_cp"); // trades time for memory, same numbers
        int frozen = f.integer("frozen_stages", -1);
        require(
                frozen >= -1 && frozen <= last,
                "%s: frozen_stages of MobileNetV3 must be from -1 to %d, got %d",
                f.dict().at(),
                last,
                frozen);
        return new MobileNetV3(arch, frozen, Norm.read(f, DEFAULT_NORM), InitRule.read(f, INIT));
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
        x = InvertedResidual.convModule(
                layer(scope, 0), x, STEM, Kernel2d.square(3, 2, 1), 1, normOf(0), Function.HSWISH);
        int next = 1;
        for (Row row : arch.rows) {
            SqueezeExcitation se = row.se ? SqueezeExcitation.of(row.mid, SQUEEZE, HardSigmoid.DEFAULT) : null;
            boolean widens = row.mid != x.shape().size(0);
            InvertedResidual block = new InvertedResidual(
                    row.out, row.mid, row.kernel, row.stride, widens, se, row.function, null, normOf(next));
            x = block.build(layer(scope, next++), x);
        }
        return InvertedResidual.convModule(
                layer(scope, next), x, arch.last, Kernel2d.square(1, 1, 0), 1, normOf(next), Function.HSWISH);
    }

    private Scope layer(Scope scope, int index) {
        Scope layer = scope.child("layer" + index);
        return index <= frozenStages ? layer.freeze() : layer;
    }

    private Norm normOf(int index) {
        return index <= frozenStages ? norm.frozen() : norm;
    }
}
