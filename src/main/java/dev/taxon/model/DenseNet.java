package dev.taxon.model;

import static dev.taxon.UserError.require;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.config.Nearest;
import dev.taxon.config.Value;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import dev.taxon.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * DenseNet: each layer adds some channels to all that it saw. Source: Huang et al. 2016; mmcls DenseNet.
 *
 * @param bottleneck channels of a layer's 1×1 over those that it adds
 * @param compression part of the channels that a transition keeps
 * @param range the stem is never frozen
 */
record DenseNet(
        Arch arch,
        int inChannels,
        int bottleneck,
        double dropRate,
        double compression,
        StageRange range,
        Norm norm,
        List<InitRule> initRules)
        implements Backbone {

    /**
     * @param growth channels that a layer adds
     * @param depths layers of each stage
     * @param stemChannels channels before the first stage
     */
    record Arch(int growth, List<Integer> depths, int stemChannels) {
        Arch {
            require(growth > 0, "arch.growth_rate of DenseNet must be positive, got %d", growth);
            require(stemChannels > 0, "arch.init_channels of DenseNet must be positive, got %d", stemChannels);
            require(
                    !depths.isEmpty() && depths.stream().allMatch(d -> d > 0),
                    "arch.depths of DenseNet must be positive numbers, got %s",
                    depths);
        }
    }

    private static final Map<String, Arch> ARCHS = new TreeMap<>(Map.of(
            "121", new Arch(32, List.of(6, 12, 24, 16), 64),
            "161", new Arch(48, List.of(6, 12, 36, 24), 96),
            "169", new Arch(32, List.of(6, 12, 32, 32), 64),
            "201", new Arch(32, List.of(6, 12, 48, 32), 64)));

    DenseNet {
        require(inChannels > 0, "in_channels of DenseNet must be positive, got %d", inChannels);
        require(bottleneck > 0, "bn_size of DenseNet must be positive, got %d", bottleneck);
        require(compression > 0 && compression <= 1, "compression_factor must be in (0, 1], got %s", compression);
    }

    static DenseNet read(Fields f) {
        Arch arch = arch(f);
        Stages.requirePlain(f);
        f.ignore("memory_efficient"); // trades time for memory, same numbers
        return new DenseNet(
                arch,
                f.integer("in_channels", 3),
                f.integer("bn_size", 4),
                f.real("drop_rate", 0),
                f.real("compression_factor", 0.5),
                StageRange.read(f, arch.depths.size()),
                Norm.read(f),
                InitRule.read(f, List.of())); // no rule in mmcls: PyTorch's defaults
    }

    private static Arch arch(Fields f) {
        if (f.value("arch") instanceof Value.Dict) {
            Fields a = f.dict("arch");
            Arch arch = new Arch(a.integer("growth_rate"), a.integers("depths", List.of()), a.integer("init_channels"));
            a.done();
            return arch;
        }
        String name = f.text("arch", "121");
        Arch arch = ARCHS.get(name);
        if (arch == null) {
            throw UserError.of(
                    "%s: unknown arch '%s' of DenseNet; %s",
                    f.dict().at(), name, Nearest.suggestion(name, ARCHS.keySet()));
        }
        return arch;
    }

    @Override
    public Shape exampleInput() {
        return Shape.of(inChannels, 224, 224);
    }

    @Override
    public Node build(Scope scope, Node x) {
        List.of("stem", "stages", "transitions").forEach(scope::child); // registered in this order, run alternately
        x = stem(scope.child("stem"), x);
        Node read = x;
        int stages = arch.depths.size();
        for (int i = 0; i < stages; i++) {
            int number = i + 1;
            Scope stage = range.enter(scope.child("stages").child(i), number);
            Scope transition = range.enter(scope.child("transitions").child(i), number);
            Norm own = range.norm(norm, number);
            for (int k = 0; k < arch.depths.get(i); k++) {
                x = layer(stage.child("block").child(k), x, own);
            }
            x = i + 1 < stages ? transition(transition, x, own) : last(transition, x, own);
            read = range.read(read, x, number);
        }
        return read;
    }

    private Node stem(Scope s, Node x) {
        x = ResidualBlock.conv(s.child(0), x, arch.stemChannels, Kernel2d.square(7, 2, 3));
        x = ResidualBlock.relu(s, norm.build(s.child(1), x));
        return s.child(3).apply(new Layer.MaxPool2d(Kernel2d.square(3, 2, 1), false), x);
    }

    private Node layer(Scope s, Node x, Norm norm) {
        Node y = ResidualBlock.relu(s, norm.build(s.child("norm1"), x));
        y = ResidualBlock.conv(s.child("conv1"), y, bottleneck * arch.growth, Kernel2d.square(1, 1, 0));
        y = ResidualBlock.relu(s, norm.build(s.child("norm2"), y));
        y = ResidualBlock.conv(s.child("conv2"), y, arch.growth, Kernel2d.square(3, 1, 1));
        if (dropRate > 0) {
            y = s.child("dropout").apply(new Layer.Dropout(dropRate), y);
        }
        return s.child("concat").apply(new Layer.Concat(), x, y);
    }

    private Node transition(Scope s, Node x, Norm norm) {
        int out = (int) Math.floor(x.shape().size(0) * compression);
        x = ResidualBlock.relu(s, norm.build(s.child("norm"), x));
        x = ResidualBlock.conv(s.child("conv"), x, out, Kernel2d.square(1, 1, 0));
        return s.child("pool").apply(new Layer.AvgPool2d(Kernel2d.square(2, 2, 0), false, true), x);
    }

    private static Node last(Scope s, Node x, Norm norm) {
        return ResidualBlock.relu(s, norm.build(s.child(0), x));
    }
}
