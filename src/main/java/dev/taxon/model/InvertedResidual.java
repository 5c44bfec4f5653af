package dev.taxon.model;

import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Layer.Activation.Function;
import dev.taxon.graph.Node;
import dev.taxon.graph.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Widen by 1×1, a depthwise convolution, narrow by 1×1; plus the input where shapes agree. x (C, H, W) → (out, ⌈H/stride⌉,
 * ⌈W/stride⌉). Sources: Sandler et al. 2018; with squeeze-and-excitation, Howard et al. 2019.
 *
 * @param mid channels of the depthwise convolution
 * @param widens whether the first 1×1 is there
 * @param last function behind the narrowing; null for none
 */
record InvertedResidual(
        int out,
        int mid,
        int kernel,
        int stride,
        boolean widens,
        @Nullable SqueezeExcitation se,
        @Nullable Function function,
        @Nullable Function last,
        Norm norm) {

    /** With mmcls's names of its InvertedResidual: expand_conv, depthwise_conv, se, linear_conv. */
    Node build(Scope s, Node x) {
        Node y = widens ? widen(s.child("expand_conv"), x) : x;
        y = depthwise(s.child("depthwise_conv"), y);
        y = se == null ? y : se.build(s.child("se"), y);
        return plus(s, x, narrow(s.child("linear_conv"), y));
    }

    /** With the names of MobileNetV2, a list {@code conv}. */
    Node buildList(Scope s, Node x) {
        Scope list = s.child("conv");
        int next = 0;
        Node y = widens ? widen(list.child(next++), x) : x;
        y = depthwise(list.child(next++), y);
        return plus(s, x, narrow(list.child(next), y));
    }

    private Node widen(Scope s, Node x) {
        return convModule(s, x, mid, Kernel2d.square(1, 1, 0), 1, norm, function);
    }

    private Node depthwise(Scope s, Node x) {
        return convModule(s, x, mid, Kernel2d.square(kernel, stride, kernel / 2), mid, norm, function);
    }

    private Node narrow(Scope s, Node x) {
        return convModule(s, x, out, Kernel2d.square(1, 1, 0), 1, norm, last);
    }

    private Node plus(Scope s, Node x, Node y) {
        boolean same = stride == 1 && x.shape().size(0) == out;
        return same ? s.child("add").apply(new Layer.Add(), x, y) : y;
    }

    /** mmcv's ConvModule: a convolution without bias, its norm and a function or none. */
    static Node convModule(
            Scope s, Node x, int out, Kernel2d kernel, int groups, Norm norm, @Nullable Function function) {
        x = s.child("conv").conv2d(x, new Layer.Conv2d(x.shape().size(0), out, kernel, groups, false));
        x = norm.build(s.child("bn"), x);
        return function == null ? x : s.child("activate").apply(new Layer.Activation(function), x);
    }
}
