package dev.taxon.model;

import static dev.taxon.UserError.require;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.config.Nearest;
import dev.taxon.config.Value;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import dev.taxon.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * RegNetX: grouped bottlenecks whose widths lie on a quantized line. Source: Radosavovic et al. 2020; mmcls RegNet.
 */
record RegNet(
        Arch arch,
        int inChannels,
        int stemChannels,
        List<Integer> strides,
        List<Integer> dilations,
        boolean strideIn3x3,
        boolean avgDown,
        StageRange range,
        Norm norm,
        boolean zeroInitResidual,
        List<InitRule> init)
        implements Backbone {
    RegNet {
        require(
                inChannels > 0 && stemChannels > 0,
                "in_channels and stem_channels of a RegNet must be positive, got %d and %d",
                inChannels,
                stemChannels);
    }

    /**
     * The numbers of the paper that make a network.
     *
     * @param w0 width of the first block
     * @param wa slope of the width over the blocks
     * @param wm ratio of the widths of neighbouring stages
     * @param groupW channels of a group
     * @param depth number of blocks
     * @param botMul width inside of a block over its width outside
     */
    record Arch(int w0, double wa, double wm, int groupW, int depth, double botMul) {
        Arch {
            require(w0 > 0 && w0 % 8 == 0, "arch.w0 of RegNet must be a positive multiple of 8, got %d", w0);
            require(wa >= 0, "arch.wa of RegNet must not be negative, got %s", wa);
            require(wm > 1, "arch.wm of RegNet must be larger than 1, got %s", wm);
            require(groupW > 0, "arch.group_w of RegNet must be positive, got %d", groupW);
            require(depth > 0, "arch.depth of RegNet must be positive, got %d", depth);
            require(botMul > 0, "arch.bot_mul of RegNet must be positive, got %s", botMul);
        }

        /** Blocks of equal quantized width make a stage. */
        List<Stage> stages() {
            List<Stage> stages = new ArrayList<>();
            int first = 0;
            for (int i = 1; i <= depth; i++) {
                if (i == depth || width(i) != width(first)) {
                    stages.add(stage(width(first), i - first));
                    first = i;
                }
            }
            return stages;
        }

        /** Width of a block: the power of wm next to the line w0 + wa·i, times w0, rounded to a multiple of 8. */
        private int width(int i) {
            double power = Math.rint(Math.log((w0 + wa * i) / w0) / Math.log(wm));
            return (int) (Math.rint(w0 * Math.pow(wm, power) / 8) * 8);
        }

        /** Makes the width inside of a block a multiple of its groups' width. */
        private Stage stage(int width, int blocks) {
            int inside = (int) (width * botMul);
            int group = Math.min(groupW, inside);
            int fitted = (int) (Math.rint((double) inside / group) * group);
            int out = (int) (fitted / botMul);
            int groups = (int) Math.rint(out * botMul) / group;
            // mmcls: a bottleneck of one group has its full width inside
            return new Stage(out, groups == 1 ? out : groups * group, groups, blocks);
        }
    }

    /** @param mid channels inside of a block */
    record Stage(int out, int mid, int groups, int blocks) {}

    private static final Map<String, Arch> ARCHS = new TreeMap<>(Map.of(
            "regnetx_400mf", new Arch(24, 24.48, 2.54, 16, 22, 1),
            "regnetx_800mf", new Arch(56, 35.73, 2.28, 16, 16, 1),
            "regnetx_1.6gf", new Arch(80, 34.01, 2.25, 24, 18, 1),
            "regnetx_3.2gf", new Arch(88, 26.31, 2.25, 48, 25, 1),
            "regnetx_4.0gf", new Arch(96, 38.65, 2.43, 40, 23, 1),
            "regnetx_6.4gf", new Arch(184, 60.83, 2.07, 56, 17, 1),
            "regnetx_8.0gf", new Arch(80, 49.56, 2.88, 120, 23, 1),
            "regnetx_12gf", new Arch(168, 73.36, 2.37, 112, 19, 1)));

    static RegNet read(Fields f) {
        Arch arch = arch(f);
        int stages = arch.stages().size();
        require(
                stages <= 4,
                "%s: arch of %s gives %d stages, at most 4 are allowed",
                f.dict().at(),
                f.path(),
                stages);
        require(!f.bool("deep_stem", false), "%s: RegNet has no deep_stem", f.path());
        require(!f.has("conv_cfg"), "%s: conv_cfg is not supported, leave it None", f.path());
        f.ignore("with_cp", "base_channels"); // the first trades time for memory; mmcls does not use the second
        return new RegNet(
                arch,
                f.integer("in_channels", 3),
                f.integer("stem_channels", 32),
                Stages.each(f, "strides", List.of(2, 2, 2, 2), stages),
                Stages.each(f, "dilations", List.of(1, 1, 1, 1), stages),
                Stages.strideIn3x3(f),
                f.bool("avg_down", false),
                StageRange.read(f, stages),
                Norm.read(f),
                f.bool("zero_init_residual", true),
                InitRule.read(f, List.of())); // no rule in mmcls: PyTorch's defaults
    }

    private static Arch arch(Fields f) {
        if (f.value("arch") instanceof Value.Dict) {
            Fields a = f.dict("arch");
            Arch arch = new Arch(
                    a.integer("w0"),
                    a.real("wa"),
                    a.real("wm"),
                    a.integer("group_w"),
                    a.integer("depth"),
                    a.real("bot_mul"));
            a.done();
            return arch;
        }
        String name = f.text("arch");
        Arch arch = ARCHS.get(name);
        if (arch == null) {
            throw UserError.of(
                    "%s: unknown arch '%s' of RegNet; %s",
                    f.dict().at(), name, Nearest.suggestion(name, ARCHS.keySet()));
        }
        return arch;
    }

    @Override
    public List<InitRule> initRules() {
        return zeroInitResidual ? InitRule.withZeroResidual(init, ".bn3") : init;
    }

    @Override
    public Shape exampleInput() {
        return Shape.of(inChannels, 224, 224);
    }

    @Override
    public Node build(Scope scope, Node x) {
        x = ResidualBlock.conv(range.enter(scope.child("conv1"), 0), x, stemChannels, Kernel2d.square(3, 2, 1));
        x = ResidualBlock.relu(scope, range.norm(norm, 0).build(range.enter(scope.child("bn1"), 0), x));
        Node read = x;
        List<Stage> stages = arch.stages();
        for (int i = 0; i < stages.size(); i++) {
            int number = i + 1;
            Scope layer = range.enter(scope.child("layer" + number), number);
            Stage stage = stages.get(i);
            ResidualBlock block = new ResidualBlock(
                    true,
                    stage.mid,
                    stage.out,
                    stage.groups,
                    strides.get(i),
                    dilations.get(i),
                    strideIn3x3,
                    avgDown,
                    range.norm(norm, number),
                    null,
                    0);
            x = block.stage(layer, x, stage.blocks);
            read = range.read(read, x, number);
        }
        return read;
    }
}
