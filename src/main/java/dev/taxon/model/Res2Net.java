package dev.taxon.model;

import static dev.taxon.UserError.require;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import dev.taxon.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Res2Net: bottlenecks whose 3×3 convolutions stand in a row, each over a slice of the channels and what the one before
 * gave. Source: Gao et al. 2019; mmcls Res2Net.
 *
 * @param frame stem, stages and options, as of a ResNet
 * @param scales slices of a bottleneck
 * @param baseWidth channels of a slice, at 64 base channels and the first stage
 */
record Res2Net(ResNet frame, int scales, int baseWidth, List<InitRule> init) implements Backbone {
    Res2Net {
        require(scales > 1, "scales of Res2Net must be 2 or more, got %d", scales);
        require(baseWidth > 0, "base_width of Res2Net must be positive, got %d", baseWidth);
    }

    static Res2Net read(Fields f) {
        return new Res2Net(
                ResNet.read(f, false, true, true),
                f.integer("scales", 4),
                f.integer("base_width", 26),
                InitRule.read(f, List.of())); // no rule in mmcls: PyTorch's defaults
    }

    @Override
    public List<InitRule> initRules() {
        return frame.zeroInitResidual() ? InitRule.withZeroResidual(init, ".bn3") : init;
    }

    @Override
    public Shape exampleInput() {
        return frame.exampleInput();
    }

    @Override
    public Node build(Scope scope, Node x) {
        x = frame.stem(scope, x);
        Node read = x;
        List<Integer> blocks = blocks();
        for (int stage = 0; stage < blocks.size(); stage++) {
            int number = stage + 1;
            Scope layer = frame.range().enter(scope.child("layer" + number), number);
            int mid = frame.baseChannels() << stage;
            for (int i = 0; i < blocks.get(stage); i++) {
                Block block = new Block(
                        i == 0,
                        (int) Math.floor(mid * ((double) baseWidth / frame.baseChannels())),
                        mid * frame.expansion(),
                        i == 0 ? frame.strides().get(stage) : 1,
                        frame.dilations().get(stage),
                        frame.range().norm(frame.norm(), number));
                x = block.build(layer.child(i), x);
            }
            read = frame.range().read(read, x, number);
        }
        return read;
    }

    private List<Integer> blocks() {
        List<Integer> blocks = switch (frame.depth()) {
            case 50 -> List.of(3, 4, 6, 3);
            case 101 -> List.of(3, 4, 23, 3);
            case 152 -> List.of(3, 8, 36, 3);
            default -> throw UserError.of("Res2Net depth must be 50, 101 or 152, got %d", frame.depth());
        };
        return blocks.subList(0, frame.strides().size());
    }

    /** A bottleneck; the first of a stage has the stride, and its slices do not see each other. */
    private final class Block {
        private final boolean first;
        private final int width;
        private final int out;
        private final int stride;
        private final int dilation;
        private final Norm norm;

        Block(boolean first, int width, int out, int stride, int dilation, Norm norm) {
            this.first = first;
            this.width = width;
            this.out = out;
            this.stride = stride;
            this.dilation = dilation;
            this.norm = norm;
        }

        Node build(Scope s, Node x) {
            // mmcls registers its slices behind what a plain bottleneck has
            List.of("conv1", "bn1", "conv3", "bn3", "downsample", "convs", "bns")
                    .forEach(s::child);
            int firstStride = frame.strideIn3x3() ? 1 : stride;
            Node y = ResidualBlock.conv(s.child("conv1"), x, width * scales, Kernel2d.square(1, firstStride, 0));
            y = ResidualBlock.relu(s, norm.build(s.child("bn1"), y));
            y = slices(s, y, frame.strideIn3x3() ? stride : 1);
            y = ResidualBlock.conv(s.child("conv3"), y, out, Kernel2d.square(1, 1, 0));
            y = norm.build(s.child("bn3"), y);
            return ResidualBlock.relu(s, s.child("add").apply(new Layer.Add(), y, shortcut(s, x)));
        }

        private Node slices(Scope s, Node x, int stride) {
            List<Node> parts = new ArrayList<>();
            Kernel2d window = Kernel2d.square(3, stride, dilation).withDilation(dilation);
            for (int i = 0; i < scales - 1; i++) {
                Node part = slice(s, x, i);
                if (!first && i > 0) {
                    part = s.child("sum").child(i).apply(new Layer.Add(), parts.getLast(), part);
                }
                part = ResidualBlock.conv(s.child("convs").child(i), part, width, window);
                parts.add(ResidualBlock.relu(s, norm.build(s.child("bns").child(i), part)));
            }
            Node last = slice(s, x, scales - 1);
            if (first) {
                Layer pool = new Layer.AvgPool2d(Kernel2d.square(3, stride, 1), false, true);
                last = s.child("pool").apply(pool, last);
            }
            parts.add(last);
            return s.child("concat").apply(new Layer.Concat(), parts.toArray(Node[]::new));
        }

        private Node slice(Scope s, Node x, int i) {
            return s.child("split").child(i).apply(new Layer.ChannelSlice(i * width, width), x);
        }

        /** With avg_down a pooling stands before the convolution even where the stride is 1. */
        private Node shortcut(Scope s, Node x) {
            boolean onlyPooled = frame.avgDown() && stride == 1 && x.shape().size(0) != out;
            if (!onlyPooled) {
                return ResidualBlock.shortcut(s, x, out, stride, frame.avgDown(), norm);
            }
            Scope down = s.child("downsample");
            x = down.child(0).apply(new Layer.AvgPool2d(Kernel2d.square(1, 1, 0), true, false), x);
            x = ResidualBlock.conv(down.child(1), x, out, Kernel2d.square(1, 1, 0));
            return norm.build(down.child(2), x);
        }
    }
}
