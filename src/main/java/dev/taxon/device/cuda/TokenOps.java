package dev.taxon.device.cuda;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.GridResize;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.graph.Parameter;
import dev.taxon.tensor.Shape;

/** Layers that move tokens, (N, L, C), or add learned ones. */
final class TokenOps {
    private TokenOps() {}

    static void imageToTokens(Lowering l, Node node) {
        Shape image = node.input().shape();
        Block src = l.value(node.input());
        transpose(l, node, Pass.FORWARD, l.newValue(node), src, image.dim(0), Lowering.pixels(image));
    }

    static void imageToTokensBackward(Lowering l, BackwardLowering backward, Node node) {
        Shape image = node.input().shape();
        Block diffDst = backward.gradient(node);
        Block diffSrc = l.timeline.floats(l.count(node));
        transpose(l, node, Pass.BACKWARD_DATA, diffSrc, diffDst, Lowering.pixels(image), image.dim(0));
        backward.give(node.input(), diffSrc);
    }

    static void tokensToImage(Lowering l, Node node) {
        Shape image = node.shape();
        Block src = l.value(node.input());
        transpose(l, node, Pass.FORWARD, l.newValue(node), src, Lowering.pixels(image), image.dim(0));
    }

    static void tokensToImageBackward(Lowering l, BackwardLowering backward, Node node) {
        Shape image = node.shape();
        Block diffDst = backward.gradient(node);
        Block diffSrc = l.timeline.floats(l.count(node));
        transpose(l, node, Pass.BACKWARD_DATA, diffSrc, diffDst, image.dim(0), Lowering.pixels(image));
        backward.give(node.input(), diffSrc);
    }

    /** (N, rows, columns) to (N, columns, rows). */
    static void transpose(Lowering l, Node node, Pass pass, Block dst, Block src, long rows, long columns) {
        Kernel kernel = l.gpu.kernel("transpose", "transpose");
        long n = l.batch();
        Grid grid = Grid.tiles(n, rows, columns);
        l.timeline.add(
                node.name(),
                pass,
                "taxon:transpose",
                s -> l.gpu.arguments()
                        .pointer(dst)
                        .pointer(src)
                        .int64(n)
                        .int64(rows)
                        .int64(columns)
                        .launch(kernel, grid),
                dst,
                src);
    }

    static void forward(Lowering l, Node node, Layer.TokenSlice layer) {
        long count = node.shape().numel();
        long whole = node.input().shape().numel();
        Block src = l.value(node.input());
        RowOps.Copy copy = new RowOps.Copy(l.batch(), count, 0, count, from(node, layer), whole);
        RowOps.copy(l, node, Pass.FORWARD, copy, l.newValue(node), src);
    }

    static void backward(Lowering l, BackwardLowering backward, Node node, Layer.TokenSlice layer) {
        long count = node.shape().numel();
        long whole = node.input().shape().numel();
        Block diffDst = backward.gradient(node);
        Block diffSrc = l.timeline.floats(l.count(node.input()));
        l.zero(node, Pass.BACKWARD_DATA, diffSrc);
        RowOps.Copy copy = new RowOps.Copy(l.batch(), count, from(node, layer), whole, 0, count);
        RowOps.copy(l, node, Pass.BACKWARD_DATA, copy, diffSrc, diffDst);
        backward.give(node.input(), diffSrc);
    }

    /** First element of the slice in a sample. */
    private static long from(Node node, Layer.TokenSlice layer) {
        return layer.from() * node.shape().dim(1);
    }

    static void forward(Lowering l, Node node, Layer.ClassToken layer) {
        long n = l.batch();
        long channels = layer.channels();
        long size = node.input().shape().numel();
        Operand token = l.weightOf(node);
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        RowOps.copy(l, node, Pass.FORWARD, new RowOps.Copy(n, channels, 0, channels + size, 0, 0), dst, token);
        RowOps.copy(l, node, Pass.FORWARD, new RowOps.Copy(n, size, channels, channels + size, 0, size), dst, src);
    }

    static void backward(Lowering l, BackwardLowering backward, Node node, Layer.ClassToken layer) {
        long n = l.batch();
        long channels = layer.channels();
        long size = node.input().shape().numel();
        Block diffDst = backward.gradient(node);
        Parameter token = BackwardLowering.trainable(node, Parameter.Role.WEIGHT);
        if (token != null) {
            ColumnSum.add(l, node, l.gradientOf(token), null, diffDst, n, channels, channels + size);
        }
        if (backward.wants(node.input())) {
            Block diffSrc = l.timeline.floats(n * size);
            RowOps.Copy copy = new RowOps.Copy(n, size, 0, size, channels, channels + size);
            RowOps.copy(l, node, Pass.BACKWARD_DATA, copy, diffSrc, diffDst);
            backward.give(node.input(), diffSrc);
        }
    }

    static void forward(Lowering l, Node node, Layer.PositionEmbedding layer) {
        Operand positions = l.weightOf(node);
        long head = (long) layer.extra() * layer.channels();
        Block resized = layer.resize().isIdentity() ? null : resize(l, node, layer, positions.from(head * Float.BYTES));
        Operand grid = resized == null ? positions.from(head * Float.BYTES) : resized;
        Kernel kernel = l.gpu.kernel("position_embedding", "position_add");
        long n = l.batch();
        long tail = node.shape().numel() - head;
        Grid launch = Grid.rows(n, head + tail);
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:position_add",
                s -> l.gpu.arguments()
                        .pointer(dst)
                        .pointer(src)
                        .pointer(positions)
                        .pointer(grid)
                        .int64(n)
                        .int64(head)
                        .int64(tail)
                        .launch(kernel, launch),
                dst,
                src,
                resized);
    }

    /** The grid of positions in the image's size, (to, C). */
    private static Block resize(Lowering l, Node node, Layer.PositionEmbedding layer, Operand grid) {
        Kernel kernel = l.gpu.kernel("position_embedding", "position_resize");
        GridResize resize = layer.resize();
        Operand matrix = matrix(l, resize);
        long channels = layer.channels();
        Grid launch = Grid.rows(resize.to(), channels);
        Block resized = l.timeline.floats(resize.to() * channels);
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:position_resize",
                s -> l.gpu.arguments()
                        .pointer(resized)
                        .pointer(matrix)
                        .pointer(grid)
                        .int64(resize.to())
                        .int64(resize.from())
                        .int64(channels)
                        .launch(kernel, launch),
                resized);
        return resized;
    }

    static void backward(Lowering l, BackwardLowering backward, Node node, Layer.PositionEmbedding layer) {
        Block diffDst = backward.gradient(node);
        Parameter positions = BackwardLowering.trainable(node, Parameter.Role.WEIGHT);
        if (positions != null) {
            long size = node.shape().numel();
            Operand gradient = l.gradientOf(positions);
            if (layer.resize().isIdentity()) {
                ColumnSum.add(l, node, gradient, null, diffDst, l.batch(), size, size);
            } else {
                Block sum = l.timeline.floats(size);
                ColumnSum.add(l, node, sum, sum, diffDst, l.batch(), size, size);
                resizeBackward(l, node, layer, gradient, sum);
            }
        }
        backward.give(node.input(), diffDst);
    }

    private static void resizeBackward(
            Lowering l, Node node, Layer.PositionEmbedding layer, Operand gradient, Block sum) {
        Kernel kernel = l.gpu.kernel("position_embedding", "position_backward");
        GridResize resize = layer.resize();
        Operand matrix = matrix(l, resize);
        long channels = layer.channels();
        Grid launch = Grid.rows((long) layer.extra() + resize.from(), channels);
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_WEIGHTS,
                "taxon:position_backward",
                s -> l.gpu.arguments()
                        .pointer(gradient)
                        .pointer(sum)
                        .pointer(matrix)
                        .int64(layer.extra())
                        .int64(resize.to())
                        .int64(resize.from())
                        .int64(channels)
                        .int32(s.accumulateFlag())
                        .launch(kernel, launch),
                sum);
    }

    /** The map between grids, (to, from). */
    private static Operand matrix(Lowering l, GridResize resize) {
        double[] matrix = resize.matrix();
        float[] floats = new float[matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            floats[i] = (float) matrix[i];
        }
        return l.constants.floats(floats);
    }
}
