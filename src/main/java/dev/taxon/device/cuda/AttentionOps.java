package dev.taxon.device.cuda;

import static jcuda.jcublas.cublasOperation.CUBLAS_OP_N;
import static jcuda.jcublas.cublasOperation.CUBLAS_OP_T;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import jcuda.jcublas.JCublas2;

/**
 * Multi-head self-attention. Heads that lie side by side in a token's row become matrices of their own, (L, d), so that one
 * batched product does all heads of all samples. Training keeps q, k and v in that order, and the probabilities.
 */
final class AttentionOps {
    private final Lowering l;
    private final Gpu gpu;
    private final Node node;
    private final int tokens;
    private final int heads;
    private final int size; // of a head
    private final double dropout;
    private final long part; // elements of q, of k, of v, and of the result

    private AttentionOps(Lowering l, Node node, Layer.Attention layer) {
        this.l = l;
        this.node = node;
        gpu = l.gpu;
        tokens = node.shape().size(0);
        heads = layer.heads();
        size = layer.headSize();
        dropout = l.training() ? layer.dropout() : 0;
        part = l.count(node);
    }

    static void forward(Lowering l, Node node, Layer.Attention layer) {
        AttentionOps ops = new AttentionOps(l, node, layer);
        ops.forward();
    }

    static void backward(Lowering l, BackwardLowering backward, Node node, Layer.Attention layer) {
        AttentionOps ops = new AttentionOps(l, node, layer);
        backward.give(node.input(), ops.backward(backward.gradient(node)));
    }

    private void forward() {
        Block src = l.value(node.input()); // (N, L, 3, heads, d)
        Block qkv = l.timeline.floats(3 * part); // (3, N, heads, L, d)
        heads(Pass.FORWARD, "heads_split", 3, qkv, src);
        Block probabilities = l.timeline.floats(pairs()); // (N, heads, L, L)
        pairs(Pass.FORWARD, probabilities, qkv, 1, qkv, 0);
        softmax(probabilities);
        Block dropped = probabilities;
        if (dropout > 0) {
            dropped = l.timeline.floats(pairs());
            DropoutOps.drop(l, node, Pass.FORWARD, dropout, dropped, probabilities, pairs());
        }
        Block result = l.timeline.floats(part); // (N, heads, L, d)
        mix(Pass.FORWARD, result, 0, qkv, 2, dropped, CUBLAS_OP_N);
        heads(Pass.FORWARD, "heads_merge", 1, l.newValue(node), result);
        if (l.training()) {
            l.save(node, qkv, probabilities);
        }
    }

    private Block backward(Block diffDst) {
        Pass pass = Pass.BACKWARD_DATA;
        Block qkv = l.saved(node, 0);
        Block probabilities = l.saved(node, 1);
        Block diffResult = l.timeline.floats(part); // (N, heads, L, d)
        heads(pass, "heads_split", 1, diffResult, diffDst);
        Block dropped = probabilities;
        if (dropout > 0) {
            dropped = l.timeline.floats(pairs());
            DropoutOps.drop(l, node, pass, dropout, dropped, probabilities, pairs());
        }
        Block diffQkv = l.timeline.floats(3 * part); // (3, N, heads, L, d)
        mix(pass, diffQkv, 2, diffResult, 0, dropped, CUBLAS_OP_T);
        Block diffPairs = l.timeline.floats(pairs()); // (N, heads, L, L)
        pairs(pass, diffPairs, qkv, 2, diffResult, 0);
        if (dropout > 0) {
            DropoutOps.drop(l, node, pass, dropout, diffPairs, diffPairs, pairs());
        }
        softmaxBackward(diffPairs, probabilities);
        mix(pass, diffQkv, 0, qkv, 1, diffPairs, CUBLAS_OP_N);
        mix(pass, diffQkv, 1, qkv, 0, diffPairs, CUBLAS_OP_T);
        Block diffSrc = l.timeline.floats(3 * part);
        heads(pass, "heads_merge", 3, diffSrc, diffQkv);
        return diffSrc;
    }

    private int matrices() {
        return l.batch() * heads;
    }

    private long pairs() {
        return (long) matrices() * tokens * tokens;
    }

    private float scale() {
        return (float) (1 / Math.sqrt(size));
    }

    /** Between tokens' rows and a matrix a head. */
    private void heads(Pass pass, String name, int parts, Block dst, Block src) {
        Kernel kernel = gpu.kernel("heads", name);
        int n = l.batch();
        long rows = (long) n * tokens;
        Grid grid = Grid.rows(rows, (long) parts * heads * size);
        l.timeline.add(
                node.name(),
                pass,
                "taxon:" + name,
                s -> gpu.arguments()
                        .pointer(dst)
                        .pointer(src)
                        .int64(rows)
                        .int32(n)
                        .int32(tokens)
                        .int32(parts)
                        .int32(heads)
                        .int32(size)
                        .launch(kernel, grid),
                dst,
                src);
    }

    /** dst (L, L) = row matrix · column matrixᵀ, both (L, d): which parts of their blocks, in the order of q, k, v. */
    private void pairs(Pass pass, Block dst, Block columns, int columnPart, Block rows, int rowPart) {
        Operand a = columns.from(columnPart * part * Float.BYTES);
        Operand b = rows.from(rowPart * part * Float.BYTES);
        long stride = (long) tokens * size;
        l.timeline.add(
                node.name(),
                pass,
                "cublas:sgemm_strided_batched",
                s -> gpu.cublas(JCublas2.cublasSgemmStridedBatched(
                        gpu.cublas(),
                        CUBLAS_OP_T,
                        CUBLAS_OP_N,
                        tokens,
                        tokens,
                        size,
                        gpu.one(),
                        a.pointer(),
                        size,
                        stride,
                        b.pointer(),
                        size,
                        stride,
                        gpu.zero(),
                        dst.pointer(),
                        tokens,
                        (long) tokens * tokens,
                        matrices())),
                dst,
                columns,
                rows);
    }

    /** dst (L, d) = pairs (L, L), or its transpose · src (L, d). */
    private void mix(Pass pass, Block dst, int dstPart, Block src, int srcPart, Block pairs, int transpose) {
        Operand a = src.from(srcPart * part * Float.BYTES);
        Operand c = dst.from(dstPart * part * Float.BYTES);
        long stride = (long) tokens * size;
        l.timeline.add(
                node.name(),
                pass,
                "cublas:sgemm_strided_batched",
                s -> gpu.cublas(JCublas2.cublasSgemmStridedBatched(
                        gpu.cublas(),
                        CUBLAS_OP_N,
                        transpose,
                        size,
                        tokens,
                        tokens,
                        gpu.one(),
                        a.pointer(),
                        size,
                        stride,
                        pairs.pointer(),
                        tokens,
                        (long) tokens * tokens,
                        gpu.zero(),
                        c.pointer(),
                        size,
                        stride,
                        matrices())),
                dst,
                src,
                pairs);
    }

    private void softmax(Block scores) {
        Kernel kernel = gpu.kernel("softmax", "softmax_rows");
        long rows = (long) matrices() * tokens;
        Grid grid = Grid.warps(rows);
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:softmax_rows",
                s -> gpu.arguments()
                        .pointer(scores)
                        .int64(rows)
                        .int64(tokens)
                        .float32(scale())
                        .launch(kernel, grid),
                scores);
    }

    private void softmaxBackward(Block diff, Block probabilities) {
        Kernel kernel = gpu.kernel("softmax", "softmax_rows_backward");
        long rows = (long) matrices() * tokens;
        Grid grid = Grid.warps(rows);
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "taxon:softmax_rows_backward",
                s -> gpu.arguments()
                        .pointer(diff)
                        .pointer(probabilities)
                        .int64(rows)
                        .int64(tokens)
                        .float32(scale())
                        .launch(kernel, grid),
                diff,
                probabilities);
    }
}
