package dev.taxon.model;

import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Layer.Activation.Function;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import org.jspecify.annotations.Nullable;

/**
 * A residual block of the ResNet family, named as in mmcls. x (C, H, W) → y (out, ⌈H/stride⌉, ⌈W/stride⌉). Sources: He et
 * al. 2015 (basic, bottleneck), Xie et al. 2016 (groups).
 *
 * @param bottleneck 1×1, 3×3, 1×1; else two 3×3
 * @param mid channels inside
 * @param groups of a bottleneck's 3×3
 * @param strideIn3x3 of a bottleneck: {@code style='pytorch'}; else ({@code 'caffe'}) the stride stands in the first 1×1
 * @param avgDown the shortcut pools before its 1×1 convolution
 * @param se stands before the sum; null for none
 * @param dropPathRate of the branch
 */
record ResidualBlock(
        boolean bottleneck,
        int mid,
        int out,
        int groups,
        int stride,
        int dilation,
        boolean strideIn3x3,
        boolean avgDown,
        Norm norm,
        @Nullable SqueezeExcitation se,
        double dropPathRate) {

    /** The blocks of a stage: the first has the stride. */
    Node stage(Scope layer, Node x, int blocks) {
        x = build(layer.child(0), x);
        ResidualBlock rest = new ResidualBlock(
                bottleneck, mid, out, groups, 1, dilation, strideIn3x3, avgDown, norm, se, dropPathRate);
        for (int i = 1; i < blocks; i++) {
            x = rest.build(layer.child(i), x);
        }
        return x;
    }

    private Node build(Scope s, Node x) {
        Node y = bottleneck ? bottleneck(s, x) : basic(s, x);
        Node shortcut = shortcut(s, x, out, stride, avgDown, norm);
        y = se == null ? y : se.build(s.child("se_layer"), y); // registered behind the shortcut
        y = dropPathRate == 0 ? y : s.child("drop_path").apply(new Layer.DropPath(dropPathRate), y);
        return relu(s, s.child("add").apply(new Layer.Add(), y, shortcut));
    }

    private Node basic(Scope s, Node x) {
        Node y = conv(s.child("conv1"), x, mid, window(stride));
        y = relu(s, norm.build(s.child("bn1"), y));
        y = conv(s.child("conv2"), y, out, Kernel2d.square(3, 1, 1));
        return norm.build(s.child("bn2"), y);
    }

    private Node bottleneck(Scope s, Node x) {
        Node y = conv(s.child("conv1"), x, mid, Kernel2d.square(1, strideIn3x3 ? 1 : stride, 0));
        y = relu(s, norm.build(s.child("bn1"), y));
        Kernel2d middle = window(strideIn3x3 ? stride : 1);
        y = s.child("conv2").conv2d(y, new Layer.Conv2d(mid, mid, middle, groups, false));
        y = relu(s, norm.build(s.child("bn2"), y));
        y = conv(s.child("conv3"), y, out, Kernel2d.square(1, 1, 0));
        return norm.build(s.child("bn3"), y);
    }

    private Kernel2d window(int stride) {
        return new Kernel2d(3, 3, stride, stride, dilation, dilation, dilation, dilation);
    }

    /** The identity where shapes agree, else a 1×1 convolution and its norm, behind a pooling with {@code avgDown}. */
    static Node shortcut(Scope s, Node x, int out, int stride, boolean avgDown, Norm norm) {
        if (stride == 1 && x.shape().size(0) == out) {
            return x;
        }
        Scope down = s.child("downsample");
        int next = 0;
        int convStride = stride;
        if (avgDown && stride != 1) {
            x = down.child(next++).apply(new Layer.AvgPool2d(Kernel2d.square(stride, stride, 0), true, false), x);
            convStride = 1;
        }
        x = conv(down.child(next++), x, out, Kernel2d.square(1, convStride, 0));
        return norm.build(down.child(next), x);
    }

    /** Convolution without groups and bias. */
    static Node conv(Scope s, Node x, int out, Kernel2d kernel) {
        return s.conv2d(x, new Layer.Conv2d(x.shape().size(0), out, kernel, 1, false));
    }

    static Node relu(Scope s, Node x) {
        return s.child("relu").apply(new Layer.Activation(Function.RELU), x);
    }
}
