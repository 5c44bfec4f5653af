package dev.taxon.model;

import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Layer.Activation.Function;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;

/**
 * mmcls SELayer: each channel times a factor that two 1×1 convolutions make of all channels' means. x (C, H, W) → (C, H, W).
 * Source: Hu et al. 2017.
 *
 * @param squeezed channels between the two convolutions
 * @param first function behind the first convolution
 * @param second behind the second
 */
record SqueezeExcitation(int squeezed, Function first, Function second) {
    /** Of a block with so many channels: a ratio-th of them, as a multiple of 8. */
    static SqueezeExcitation of(int channels, int ratio, Function second) {
        int fraction = channels / ratio; // rounded down, as mmcls has it
        return new SqueezeExcitation(divisible(fraction, 8), Function.RELU, second);
    }

    Node build(Scope s, Node x) {
        int channels = x.shape().size(0);
        Node factors = s.child("global_avgpool").apply(new Layer.GlobalAvgPool(true), x);
        factors = conv(s.child("conv1"), factors, squeezed, first);
        factors = conv(s.child("conv2"), factors, channels, second);
        return s.apply(new Layer.ChannelScale(), x, factors);
    }

    private static Node conv(Scope s, Node x, int out, Function function) {
        Kernel2d pointwise = Kernel2d.square(1, 1, 0);
        x = s.child("conv").conv2d(x, new Layer.Conv2d(x.shape().size(0), out, pointwise, 1, true));
        return s.child("activate").apply(new Layer.Activation(function), x);
    }

    /** The multiple of {@code divisor} next to {@code value}, at least one and not below 0.9 of it. Source: mmcls make_divisible. */
    static int divisible(double value, int divisor) {
        int rounded = Math.max(divisor, (int) (value + divisor / 2.0) / divisor * divisor);
        return rounded < 0.9 * value ? rounded + divisor : rounded;
    }
}
