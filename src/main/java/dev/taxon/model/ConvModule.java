package dev.taxon.model;

import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Layer.Activation.Function;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;

/** mmcv's ConvModule: a convolution without bias, its norm and a ReLU or none, named {@code conv}, {@code bn}, {@code activate}. */
record ConvModule(int out, Kernel2d kernel, int groups, Norm norm, boolean relu) {
    /** 1×1 with ReLU. */
    static ConvModule pointwise(int out, Norm norm) {
        return new ConvModule(out, Kernel2d.square(1, 1, 0), 1, norm, true);
    }

    /** 3×3, a group a channel, without ReLU. */
    static ConvModule depthwise(int channels, int stride, Norm norm) {
        return new ConvModule(channels, Kernel2d.square(3, stride, 1), channels, norm, false);
    }

    Node build(Scope s, Node x) {
        x = s.child("conv").conv2d(x, new Layer.Conv2d(x.shape().size(0), out, kernel, groups, false));
        x = norm.build(s.child("bn"), x);
        return relu ? s.child("activate").apply(new Layer.Activation(Function.RELU), x) : x;
    }
}
