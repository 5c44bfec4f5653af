package dev.taxon.model;

import static dev.taxon.UserError.require;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import dev.taxon.tensor.Shape;
import java.util.List;

/**
 * ResNeSt: a ResNetV1d whose 3×3 convolutions give {@code radix} maps that attention weighs. Source: Zhang et al. 2020;
 * mmcls ResNeSt.
 *
 * @param frame stem, stages and options, as of a ResNetV1d
 * @param avgDownStride a pooling behind the attention has the stride of the 3×3
 */
record ResNeSt(ResNet frame, ResNet.Cardinality cardinality, int radix, int reductionFactor, boolean avgDownStride)
        implements Backbone {
    ResNeSt {
        require(radix > 0, "radix of ResNeSt must be positive, got %d", radix);
        require(reductionFactor > 0, "reduction_factor of ResNeSt must be positive, got %d", reductionFactor);
    }

    static ResNeSt read(Fields f) {
        return new ResNeSt(
                ResNet.read(f, false, true, true),
                new ResNet.Cardinality(f.integer("groups", 1), f.integer("width_per_group", 4)),
                f.integer("radix", 2),
                f.integer("reduction_factor", 4),
                f.bool("avg_down_stride", true));
    }

    @Override
    public List<InitRule> initRules() {
        return frame.initRules();
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
            int width = frame.baseChannels() << stage;
            int groups = cardinality.groups();
            int mid = groups == 1 ? width : (groups * cardinality.widthPerGroup()) << stage;
            for (int i = 0; i < blocks.get(stage); i++) {
                Block block = new Block(
                        mid,
                        width * frame.expansion(),
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
            case 200 -> List.of(3, 24, 36, 3);
            case 269 -> List.of(3, 30, 48, 8);
            default -> throw UserError.of("ResNeSt depth must be 50, 101, 152, 200 or 269, got %d", frame.depth());
        };
        return blocks.subList(0, frame.strides().size());
    }

    /** A bottleneck with split attention in its middle. */
    private final class Block {
        private final int mid;
        private final int out;
        private final int stride;
        private final int dilation;
        private final Norm norm;

        Block(int mid, int out, int stride, int dilation, Norm norm) {
            this.mid = mid;
            this.out = out;
            this.stride = stride;
            this.dilation = dilation;
            this.norm = norm;
        }

        Node build(Scope s, Node x) {
            int firstStride = frame.strideIn3x3() ? 1 : stride;
            int secondStride = frame.strideIn3x3() ? stride : 1;
            boolean pooled = avgDownStride && secondStride > 1;
            Node y = ResidualBlock.conv(s.child("conv1"), x, mid, Kernel2d.square(1, firstStride, 0));
            y = ResidualBlock.relu(s, norm.build(s.child("bn1"), y));
            y = splitAttention(s.child("conv2"), y, pooled ? 1 : secondStride);
            if (pooled) {
                Layer pool = new Layer.AvgPool2d(Kernel2d.square(3, secondStride, 1), false, true);
                y = s.child("avd_layer").apply(pool, y);
            }
            y = ResidualBlock.conv(s.child("conv3"), y, out, Kernel2d.square(1, 1, 0));
            y = norm.build(s.child("bn3"), y);
            Node identity = ResidualBlock.shortcut(s, x, out, stride, frame.avgDown(), norm);
            return ResidualBlock.relu(s, s.child("add").apply(new Layer.Add(), y, identity));
        }

        private Node splitAttention(Scope s, Node x, int stride) {
            int groups = cardinality.groups();
            int slices = mid * radix;
            Kernel2d window = Kernel2d.square(3, stride, dilation).withDilation(dilation);
            x = s.child("conv").conv2d(x, new Layer.Conv2d(mid, slices, window, groups * radix, false));
            x = ResidualBlock.relu(s, norm.build(s.child("bn0"), x));
            Node a = s.child("gap").apply(new Layer.RadixPool(radix), x);
            int inter = Math.max(mid * radix / reductionFactor, 32);
            a = s.child("fc1").conv2d(a, pointwise(mid, inter));
            a = ResidualBlock.relu(s, norm.build(s.child("bn1"), a));
            a = s.child("fc2").conv2d(a, pointwise(inter, slices));
            a = s.child("rsoftmax").apply(new Layer.RadixSoftmax(radix, groups), a);
            return s.child("sum").apply(new Layer.RadixSum(radix), x, a);
        }

        private Layer.Conv2d pointwise(int in, int out) {
            return new Layer.Conv2d(in, out, Kernel2d.square(1, 1, 0), cardinality.groups(), true);
        }
    }
}
