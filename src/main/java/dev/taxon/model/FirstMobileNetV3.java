package dev.taxon.model;

import static dev.taxon.UserError.require;

import dev.taxon.config.Fields;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer.Activation.Function;
import dev.taxon.graph.Layer.Activation.HardSigmoid;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import dev.taxon.tensor.Shape;
import java.util.List;

/**
 * mmcls 0.12's {@code MobileNetv3}, which 0.13's {@link MobileNetV3} replaced. x (3, H, W) → (96 or 160, H/32, W/32), or a
 * map of another stage. It differs from the paper: no convolution behind the blocks, a function behind each block's
 * narrowing, a widening in every block, and a squeeze to exactly a quarter. Source: mmcls 0.12, with the HSigmoid of the
 * mmcv 1.3 that it was made for, (x + 1)/2.
 */
record FirstMobileNetV3(List<MobileNetV3.Row> rows, StageRange range, Norm norm, List<InitRule> initRules)
        implements Backbone {
    private static final int STEM = 16;
    private static final int READ = 10; // stage, from 0, that mmcls reads: the last of the small one
    private static final HardSigmoid SCALE = new HardSigmoid(1, 2, 0, 1);

    static FirstMobileNetV3 read(Fields f) {
        String arch = f.text("arch", "small");
        List<MobileNetV3.Row> rows = switch (arch) {
            case "small" -> MobileNetV3.Arch.SMALL.rows();
            case "big" -> MobileNetV3.BIG;
            default -> throw f.error("arch", "must be 'small' or 'big', got '" + arch + "'");
        };
        require(!f.has("conv_cfg"), "%s: conv_cfg is not supported, leave it None", f.path());
        f.ignore("with_cp"); // trades time for memory, same numbers
        int frozen = f.integer("frozen_stages", -1);
        if (frozen < -1 || frozen >= rows.size()) {
            throw f.error("frozen_stages", "must be from -1 to %d, got %d".formatted(rows.size() - 1, frozen));
        }
        StageRange range = new StageRange(frozen, StageRange.last(f, rows.size(), READ));
        return new FirstMobileNetV3(rows, range, Norm.read(f), InitRule.CONVOLUTIONAL);
    }

    @Override
    public Shape exampleInput() {
        return Shape.of(3, 224, 224);
    }

    @Override
    public Node build(Scope scope, Node x) {
        Scope stem = range.enter(scope.child("conv1"), 0);
        Kernel2d window = Kernel2d.square(3, 2, 1);
        // a frozen stem still updates its running statistics
        Norm stemNorm = range.isFrozen(0) ? norm.untrained() : norm;
        x = InvertedResidual.convModule(stem, x, STEM, window, 1, stemNorm, Function.HSWISH);
        Node read = x;
        for (int i = 0; i < rows.size(); i++) {
            MobileNetV3.Row row = rows.get(i);
            int number = i + 1;
            SqueezeExcitation se = row.se() ? new SqueezeExcitation(row.mid() / 4, Function.RELU, SCALE) : null;
            InvertedResidual block = new InvertedResidual(
                    row.out(),
                    row.mid(),
                    row.kernel(),
                    row.stride(),
                    true,
                    se,
                    row.function(),
                    row.function(),
                    range.norm(norm, number));
            x = block.build(range.enter(scope.child("layer" + number), number), x);
            read = range.read(read, x, number);
        }
        return read;
    }
}
