package dev.taxon.device.cpu;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Node;
import dev.taxon.tensor.Shape;
import org.jspecify.annotations.Nullable;

/** Ops of squeeze-and-excitation's product of an image and a factor for each channel. */
final class ChannelScaling {
    private ChannelScaling() {}

    /** Gradients of the two inputs; null where none is wanted. */
    record Gradients(@Nullable Block image, @Nullable Block scale) {}

    static void forward(Lowering l, Node node) {
        Shape shape = node.shape();
        long n = l.batch();
        long pixels = Lowering.pixels(shape);
        long channels = shape.dim(0);
        Block src = l.value(node.inputs().get(0));
        Block scale = l.value(node.inputs().get(1));
        Block dst = l.newValue(node);
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:channel_scale",
                s -> (int) ChannelFunctions.CHANNEL_SCALE_FORWARD.invokeExact(
                        dst.address(), src.address(), scale.address(), n, pixels, channels),
                dst,
                src,
                scale);
    }

    static Gradients backward(Lowering l, Node node, Block diffDst, boolean wantsImage, boolean wantsScale) {
        Shape shape = node.shape();
        long n = l.batch();
        long pixels = Lowering.pixels(shape);
        long channels = shape.dim(0);
        Node image = node.inputs().get(0);
        Node factors = node.inputs().get(1);
        Block src = l.value(image);
        Block scale = l.value(factors);
        Block diffSrc = wantsImage ? l.timeline.floats(l.count(image)) : null;
        Block diffScale = wantsScale ? l.timeline.floats(l.count(factors)) : null;
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "taxon:channel_scale",
                s -> (int) ChannelFunctions.CHANNEL_SCALE_BACKWARD.invokeExact(
                        diffSrc == null ? 0L : diffSrc.address(),
                        diffScale == null ? 0L : diffScale.address(),
                        diffDst.address(),
                        src.address(),
                        scale.address(),
                        n,
                        pixels,
                        channels),
                diffSrc,
                diffScale,
                diffDst,
                src,
                scale);
        return new Gradients(diffSrc, diffScale);
    }
}
