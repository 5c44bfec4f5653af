package dev.taxon.model;

import static dev.taxon.UserError.require;

import dev.taxon.config.Fields;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import dev.taxon.tensor.Shape;
import java.util.List;

/**
 * The CIFAR ResNets of He et al. 2015, section 4.2: 6n + 2 layers in three stages of 16, 32 and 64 channels, with
 * parameter-free shortcuts (option A). Not part of mmcls; names as in its BasicBlock.
 */
record ResNetCifarA(int depth, int inChannels, Norm norm, List<InitRule> init) implements Backbone {
    ResNetCifarA {
        require(
                depth >= 8 && (depth - 2) % 6 == 0,
                "depth of ResNetCifarA must be 6n + 2 (20, 32, 44, …), got %d",
                depth);
        require(inChannels > 0, "in_channels of ResNetCifarA must be positive, got %d", inChannels);
    }

    static ResNetCifarA read(Fields f) {
        return new ResNetCifarA(
                f.integer("depth"),
                f.integer("in_channels", 3),
                Norm.read(f),
                InitRule.read(f, InitRule.CONVOLUTIONAL));
    }

    @Override
    public List<InitRule> initRules() {
        return init;
    }

    @Override
    public Shape exampleInput() {
        return Shape.of(inChannels, 32, 32);
    }

    @Override
    public Node build(Scope s, Node x) {
        x = ResidualBlock.conv(s.child("conv1"), x, 16, Kernel2d.square(3, 1, 1));
        x = ResidualBlock.relu(s, norm.build(s.child("bn1"), x));
        for (int stage = 0; stage < 3; stage++) {
            Scope layer = s.child("layer" + (stage + 1));
            for (int i = 0; i < (depth - 2) / 6; i++) {
                x = block(layer.child(i), x, 16 << stage, stage > 0 && i == 0 ? 2 : 1);
            }
        }
        return x;
    }

    private Node block(Scope s, Node x, int out, int stride) {
        Node y = ResidualBlock.conv(s.child("conv1"), x, out, Kernel2d.square(3, stride, 1));
        y = ResidualBlock.relu(s, norm.build(s.child("bn1"), y));
        y = ResidualBlock.conv(s.child("conv2"), y, out, Kernel2d.square(3, 1, 1));
        y = norm.build(s.child("bn2"), y);
        int in = x.shape().size(0);
        Node identity =
                in == out && stride == 1 ? x : s.child("shortcut").apply(new Layer.ShortcutA(in, out, stride), x);
        return ResidualBlock.relu(s, s.child("add").apply(new Layer.Add(), y, identity));
    }
}
