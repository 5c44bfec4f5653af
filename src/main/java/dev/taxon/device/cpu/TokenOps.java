package dev.taxon.device.cpu;

import dev.taxon.device.Program.Pass;
import dev.taxon.device.Weights.Slot;
import dev.taxon.graph.GridResize;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Parameter;
import dev.taxon.random.Philox;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** Forward and backward of the layers over sequences of tokens, (N, L, C). */
final class TokenOps {
    private final Lowering l;
    private final Timeline timeline;

    TokenOps(Lowering lowering) {
        l = lowering;
        timeline = lowering.timeline;
    }

    void slice(Node node, Layer.TokenSlice layer) {
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        slice(node, layer, dst, src, Pass.FORWARD);
    }

    void sliceBackward(BackwardLowering backward, Node node, Layer.TokenSlice layer) {
        Block diffDst = backward.gradient(node);
        Block diffSrc = timeline.floats(l.count(node.input()));
        slice(node, layer, diffSrc, diffDst, Pass.BACKWARD_DATA);
        backward.give(node.input(), diffSrc);
    }

    // Forward copies the slice; backward puts it among zeros.
    private void slice(Node node, Layer.TokenSlice layer, Block dst, Block src, Pass pass) {
        long n = l.batch();
        long channels = node.shape().dim(1);
        long whole = node.input().shape().numel();
        long from = layer.from() * channels;
        long count = layer.count() * channels;
        boolean forward = pass == Pass.FORWARD;
        timeline.add(
                node.name(),
                pass,
                "taxon:slice",
                s -> forward
                        ? (int) TokenFunctions.SLICE_FORWARD.invokeExact(
                                dst.address(), src.address(), n, whole, from, count)
                        : (int) TokenFunctions.SLICE_BACKWARD.invokeExact(
                                dst.address(), src.address(), n, whole, from, count),
                dst,
                src);
    }

    void classToken(Node node, Layer.ClassToken layer) {
        long n = l.batch();
        long size = node.input().shape().numel();
        long channels = layer.channels();
        long token = l.address(Slot.VALUE, Lowering.weight(node));
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:class_token",
                s -> (int) TokenFunctions.CLASS_TOKEN_FORWARD.invokeExact(
                        dst.address(), src.address(), token, n, size, channels),
                dst,
                src);
    }

    void classTokenBackward(BackwardLowering backward, Node node, Layer.ClassToken layer) {
        long n = l.batch();
        long size = node.input().shape().numel();
        long channels = layer.channels();
        long diffToken = l.address(Slot.GRADIENT, trained(node));
        Block diffDst = backward.gradient(node);
        Block diffSrc = backward.wants(node.input()) ? timeline.floats(n * size) : null;
        timeline.add(
                node.name(),
                diffSrc == null ? Pass.BACKWARD_WEIGHTS : Pass.BACKWARD_DATA,
                "taxon:class_token",
                s -> (int) TokenFunctions.CLASS_TOKEN_BACKWARD.invokeExact(
                        diffSrc == null ? 0L : diffSrc.address(),
                        diffToken,
                        diffDst.address(),
                        s.accumulateFlag(),
                        n,
                        size,
                        channels),
                diffSrc,
                diffDst);
        if (diffSrc != null) {
            backward.give(node.input(), diffSrc);
        }
    }

    void positions(Node node, Layer.PositionEmbedding layer) {
        long n = l.batch();
        long positions = l.address(Slot.VALUE, Lowering.weight(node));
        GridResize resize = layer.resize();
        long matrix = matrix(resize);
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        Block resized = matrix == 0 ? null : timeline.floats((long) resize.to() * layer.channels());
        timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:position_embedding",
                s -> (int) TokenFunctions.POSITION_EMBEDDING_FORWARD.invokeExact(
                        dst.address(),
                        src.address(),
                        positions,
                        matrix,
                        resized == null ? 0L : resized.address(),
                        n,
                        (long) layer.extra(),
                        (long) resize.to(),
                        (long) resize.from(),
                        (long) layer.channels()),
                dst,
                src,
                resized);
    }

    void positionsBackward(BackwardLowering backward, Node node, Layer.PositionEmbedding layer) {
        Block diffDst = backward.gradient(node);
        Parameter positions = trained(node);
        if (positions != null) {
            long n = l.batch();
            long diffPositions = l.address(Slot.GRADIENT, positions);
            GridResize resize = layer.resize();
            long matrix = matrix(resize);
            Block sum = timeline.floats(node.shape().numel());
            timeline.add(
                    node.name(),
                    Pass.BACKWARD_WEIGHTS,
                    "taxon:position_embedding",
                    s -> (int) TokenFunctions.POSITION_EMBEDDING_BACKWARD.invokeExact(
                            diffPositions,
                            diffDst.address(),
                            matrix,
                            sum.address(),
                            s.accumulateFlag(),
                            n,
                            (long) layer.extra(),
                            (long) resize.to(),
                            (long) resize.from(),
                            (long) layer.channels()),
                    diffDst,
                    sum);
        }
        backward.give(node.input(), diffDst);
    }

    // Address of the resizing map as float32; 0 for the identity.
    private long matrix(GridResize resize) {
        if (resize.isIdentity()) {
            return 0;
        }
        double[] matrix = resize.matrix();
        MemorySegment floats = l.constants.allocate(ValueLayout.JAVA_FLOAT, matrix.length);
        for (int i = 0; i < matrix.length; i++) {
            floats.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) matrix[i]);
        }
        return floats.address();
    }

    void layerNorm(Group group, Layer.LayerNorm layer) {
        Node node = group.head();
        long channels = layer.channels();
        long rows = l.count(node) / channels;
        double eps = layer.eps();
        long weight = l.address(Slot.VALUE, Lowering.weight(node));
        long bias = l.address(Slot.VALUE, Lowering.parameter(node, Parameter.Role.BIAS));
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        Block mean = timeline.floats(rows);
        Block invStd = timeline.floats(rows);
        l.save(group, mean, invStd);
        timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:layer_norm",
                s -> (int) TokenFunctions.LAYER_NORM_FORWARD.invokeExact(
                        dst.address(),
                        mean.address(),
                        invStd.address(),
                        src.address(),
                        weight,
                        bias,
                        rows,
                        channels,
                        eps),
                dst,
                mean,
                invStd,
                src);
    }

    void layerNormBackward(BackwardLowering backward, Group group, Layer.LayerNorm layer) {
        Node node = group.head();
        long channels = layer.channels();
        long rows = l.count(node) / channels;
        long weight = l.address(Slot.VALUE, Lowering.weight(node));
        long diffWeight = l.address(Slot.GRADIENT, trained(node));
        long diffBias = l.address(Slot.GRADIENT, BackwardLowering.trainable(node, Parameter.Role.BIAS));
        Block diffDst = backward.gradient(node);
        Block src = l.value(node.input());
        Block mean = l.saved(group).first();
        Block invStd = l.saved(group).second();
        if (invStd == null) {
            throw new IllegalStateException(node.name() + " saved no 1/std");
        }
        Block diffSrc = backward.wants(node.input()) ? timeline.floats(l.count(node)) : null;
        Block scratch = timeline.bytes(
                Native.value(() -> (long) TokenFunctions.LAYER_NORM_SCRATCH_BYTES.invokeExact(channels)));
        timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "taxon:layer_norm",
                s -> (int) TokenFunctions.LAYER_NORM_BACKWARD.invokeExact(
                        diffSrc == null ? 0L : diffSrc.address(),
                        diffWeight,
                        diffBias,
                        diffDst.address(),
                        src.address(),
                        weight,
                        mean.address(),
                        invStd.address(),
                        scratch.address(),
                        s.accumulateFlag(),
                        rows,
                        channels),
                diffSrc,
                diffDst,
                src,
                mean,
                invStd,
                scratch);
        if (diffSrc != null) {
            backward.give(node.input(), diffSrc);
        }
    }

    void dropPath(Node node, Layer.DropPath layer) {
        if (!l.training() || layer.p() == 0) {
            l.setValue(node, l.value(node.input()));
            return;
        }
        Block src = l.value(node.input());
        dropPath(node, layer, Pass.FORWARD, l.newValue(node), src);
    }

    void dropPathBackward(BackwardLowering backward, Node node, Layer.DropPath layer) {
        Block diffDst = backward.gradient(node);
        if (layer.p() == 0) {
            backward.give(node.input(), diffDst);
            return;
        }
        Block diffSrc = timeline.floats(l.count(node));
        dropPath(node, layer, Pass.BACKWARD_DATA, diffSrc, diffDst);
        backward.give(node.input(), diffSrc);
    }

    // The same op drops samples and their gradients.
    private void dropPath(Node node, Layer.DropPath layer, Pass pass, Block dst, Block src) {
        long n = l.batch();
        long size = node.shape().numel();
        double p = layer.p();
        int id = node.id();
        timeline.add(
                node.name(),
                pass,
                "taxon:drop_path",
                s -> (int) TokenFunctions.DROP_PATH.invokeExact(
                        dst.address(),
                        src.address(),
                        n,
                        size,
                        p,
                        s.draw.seed(),
                        Philox.stream(Philox.Purpose.DROPOUT, id, s.draw.step())),
                dst,
                src);
    }

    private static @Nullable Parameter trained(Node node) {
        return BackwardLowering.trainable(node, Parameter.Role.WEIGHT);
    }
}
