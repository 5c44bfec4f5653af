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
import java.util.ArrayList;
import java.util.List;

/**
 * MobileNetV3 with mmcls's names. x (3, H, W) → (576 or 960, H/32, W/32). Source: Howard et al. 2019; mmcls 0.13 and later.
 *
 * @param range of layers, of which {@code out_indices} names the stem too
 */
record MobileNetV3(Arch arch, StageRange range, Norm norm, List<InitRule> init) implements Backbone {
    private static final Norm DEFAULT_NORM = new Norm(1e-3, 0.01, true, false, false);
    private static final int STEM = 16;
    private static final int SQUEEZE = 4;
    private static final List<InitRule> INIT = List.of(
            InitRule.of(new Init.Kaiming(0, true, false, false), "Conv2d"),
            InitRule.of(new Init.Normal(0, 0.01), "Linear"),
            InitRule.of(Init.ONES, "BatchNorm2d"));

    /** A row of the paper's tables 1 and 2: an h-swish or ReLU block, with squeeze-and-excitation or without. */
    record Row(int kernel, int mid, int out, boolean se, Function function, int stride) {}

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

    /** What mmcls 0.12 called big: {@code LARGE} but for its 13th and 14th block. */
    static final List<Row> BIG = big();

    private static List<Row> big() {
        List<Row> rows = new ArrayList<>(Arch.LARGE.rows);
        rows.set(12, new Row(5, 672, 160, true, Function.HSWISH, 1));
        rows.set(13, new Row(5, 672, 160, true, Function.HSWISH, 2));
        return List.copyOf(rows);
    }

    static MobileNetV3 read(Fields f) {
        String name = f.text("arch", "small");
        Arch arch = switch (name) {
            case "small" -> Arch.SMALL;
            case "large" -> Arch.LARGE;
            default ->
                throw UserError.of(
                        "%s: arch of MobileNetV3 must be 'small' or 'large', got '%s'",
                        f.dict().at(), name);
        };
        int layers = arch.rows.size() + 2;
        require(!f.has("conv_cfg"), "%s: conv_cfg is not supported, leave it None", f.path());
        f.ignore("with_cp"); // trades time for memory, same numbers
        StageRange range = StageRange.read(f, layers, layers - 1);
        range = new StageRange(range.frozen(), range.last() - 1);
        return new MobileNetV3(arch, range, Norm.read(f, DEFAULT_NORM), InitRule.read(f, INIT));
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
        Kernel2d window = Kernel2d.square(3, 2, 1);
        x = InvertedResidual.convModule(layer(scope, 0), x, STEM, window, 1, range.norm(norm, 0), Function.HSWISH);
        Node read = x;
        int next = 1;
        for (Row row : arch.rows) {
            SqueezeExcitation se = row.se ? SqueezeExcitation.of(row.mid, SQUEEZE, HardSigmoid.DEFAULT) : null;
            boolean widens = row.mid != x.shape().size(0);
            InvertedResidual block = new InvertedResidual(
                    row.out, row.mid, row.kernel, row.stride, widens, se, row.function, null, range.norm(norm, next));
            x = block.build(layer(scope, next), x);
            read = range.read(read, x, next++);
        }
        Kernel2d pointwise = Kernel2d.square(1, 1, 0);
        x = InvertedResidual.convModule(
                layer(scope, next), x, arch.last, pointwise, 1, range.norm(norm, next), Function.HSWISH);
        return range.read(read, x, next);
    }

    private Scope layer(Scope scope, int index) {
        return range.enter(scope.child("layer" + index), index);
    }
}
