package dev.taxon.device.cpu;

import dev.taxon.device.Program.Pass;
import dev.taxon.device.Weights.Slot;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Parameter;

/** Lowers residual attention: the products with the weights are oneDNN's, what is done with the scores our own. */
final class ResidualAttentionOps {
    private final Lowering l;
    private final Group group;
    private final Node node;
    private final long n;
    private final long pixels;
    private final long classes;
    private final long channels;
    private final double temperature;
    private final double lam;
    private final long weights;

    private ResidualAttentionOps(Lowering l, Group group, Layer.ResidualAttention layer) {
        this.l = l;
        this.group = group;
        node = group.head();
        n = l.batch();
        pixels = Lowering.pixels(node.input().shape());
        classes = layer.classes();
        channels = layer.inC();
        temperature = layer.temperature();
        lam = layer.lam();
        weights = l.address(Slot.VALUE, Lowering.weight(node));
    }

    static void forward(Lowering l, Group group, Layer.ResidualAttention layer) {
        new ResidualAttentionOps(l, group, layer).forward();
    }

    static void backward(Lowering l, BackwardLowering backward, Group group, Layer.ResidualAttention layer) {
        new ResidualAttentionOps(l, group, layer).backward(backward);
    }

    private void forward() {
        Block scores = l.timeline.floats(n * pixels * classes);
        Block norms = l.timeline.floats(classes);
        l.save(group, scores, norms);
        Primitive product = l.own(Primitive.matmul(n * pixels, classes, channels, Native.TRANS_B));
        product(Pass.FORWARD, product, scores, l.value(node.input()));
        Block dst = l.newValue(node);
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:residual_attention",
                s -> (int) ChannelFunctions.RESIDUAL_ATTENTION_FORWARD.invokeExact(
                        dst.address(),
                        scores.address(),
                        norms.address(),
                        weights,
                        n,
                        pixels,
                        classes,
                        channels,
                        temperature,
                        lam),
                dst,
                scores,
                norms);
    }

    private void backward(BackwardLowering backward) {
        Block diffDst = backward.gradient(node);
        Block src = l.value(node.input());
        Block scores = l.saved(group).first();
        Block norms = l.saved(group).second();
        if (norms == null) {
            throw new IllegalStateException(node.name() + " saved no norms");
        }
        Block diffScores = l.timeline.floats(n * pixels * classes);
        Block dots = l.timeline.bytes(classes * Double.BYTES);
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "taxon:residual_attention",
                s -> (int) ChannelFunctions.RESIDUAL_ATTENTION_BACKWARD.invokeExact(
                        diffScores.address(),
                        dots.address(),
                        diffDst.address(),
                        scores.address(),
                        norms.address(),
                        n,
                        pixels,
                        classes,
                        temperature,
                        lam),
                diffScores,
                dots,
                diffDst,
                scores,
                norms);
        Parameter trained = BackwardLowering.trainable(node, Parameter.Role.WEIGHT);
        if (trained != null) {
            long diffWeights = l.address(Slot.GRADIENT, trained);
            weightsProduct(diffWeights, diffScores, src);
            l.timeline.add(
                    node.name(),
                    Pass.BACKWARD_WEIGHTS,
                    "taxon:residual_attention",
                    s -> (int) ChannelFunctions.RESIDUAL_ATTENTION_WEIGHTS.invokeExact(
                            diffWeights, weights, norms.address(), dots.address(), classes, channels),
                    norms,
                    dots);
        }
        if (backward.wants(node.input())) {
            Block diffSrc = l.timeline.floats(l.count(node.input()));
            Primitive product = l.own(Primitive.matmul(n * pixels, channels, classes, 0));
            product(Pass.BACKWARD_DATA, product, diffSrc, diffScores);
            backward.give(node.input(), diffSrc);
        }
    }

    /** dst = src W, or src Wᵀ. */
    private void product(Pass pass, Primitive primitive, Block dst, Block src) {
        long handle = primitive.handle();
        Block scratch = l.scratch(l.timeline, primitive);
        l.timeline.add(
                node.name(),
                pass,
                primitive.implementation(),
                s -> (int)
                        Native.MATMUL.invokeExact(handle, dst.address(), src.address(), weights, 0L, scratch.address()),
                dst,
                src,
                scratch);
    }

    /** dW = diffScoresᵀ src. */
    private void weightsProduct(long diffWeights, Block diffScores, Block src) {
        Primitive assign = l.own(Primitive.matmul(classes, channels, n * pixels, Native.TRANS_A));
        Primitive add = l.own(Primitive.matmul(classes, channels, n * pixels, Native.TRANS_A | Native.SUM));
        Block scratch = l.timeline.bytes(Math.max(1, Math.max(assign.scratchBytes(), add.scratchBytes())));
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_WEIGHTS,
                assign.implementation(),
                s -> (int) Native.MATMUL.invokeExact(
                        s.accumulate ? add.handle() : assign.handle(),
                        diffWeights,
                        diffScores.address(),
                        src.address(),
                        0L,
                        scratch.address()),
                diffScores,
                src,
                scratch);
    }
}
