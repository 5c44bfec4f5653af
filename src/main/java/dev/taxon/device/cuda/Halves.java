package dev.taxon.device.cuda;

import dev.taxon.device.Precision;
import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import java.util.HashMap;
import java.util.Map;
import jcuda.cudaDataType;
import jcuda.jcudnn.cudnnDataType;

/**
 * Values in a format of 16 bits, for the convolutions and matrix products of a training program in half precision. What layers
 * hand on is float32: each product casts what it reads, and convolutions what they give.
 */
final class Halves {
    static final int BYTES = Short.BYTES;

    private static final String FILE = "half";

    private final Lowering l;
    private final boolean bfloat;
    private final Map<Node, Block> weights = new HashMap<>();
    private final Map<Block, Block> gradients = new HashMap<>();
    private final Map<Node, Boolean> channelsLast = new HashMap<>();

    Halves(Lowering lowering) {
        l = lowering;
        bfloat = l.gpu.precision() == Precision.BF16;
    }

    /** Matrices of {@code rows} × {@code columns} numbers one behind the other, which a cast transposes if it is told to. */
    record Matrices(long n, long rows, long columns, boolean transposed) {
        static Matrices plain(long count) {
            return new Matrices(1, 1, count, false);
        }

        /** NCHW, cast to NHWC. */
        static Matrices channelsLast(long n, long channels, long pixels) {
            return new Matrices(n, channels, pixels, channels > 1 && pixels > 1);
        }

        long count() {
            return n * rows * columns;
        }

        Matrices back() {
            return new Matrices(n, /* rows= */ columns, /* columns= */ rows, transposed);
        }
    }

    /** One of cudaDataType. */
    int cublasType() {
        return bfloat ? cudaDataType.CUDA_R_16BF : cudaDataType.CUDA_R_16F;
    }

    /** One of cudnnDataType. */
    int cudnnType() {
        return bfloat ? cudnnDataType.CUDNN_DATA_BFLOAT16 : cudnnDataType.CUDNN_DATA_HALF;
    }

    /** What kernels' names in a profile say. */
    String name() {
        return bfloat ? "bf16" : "fp16";
    }

    /** Whether a convolution is in NHWC: one answer for all passes of a node, as they share its weights. */
    boolean channelsLast(Node node, Layer.Conv2d layer) {
        return channelsLast.computeIfAbsent(
                node, n -> layer.groups() == 1 && l.algorithms.has(Convolution.half(l, n, layer, this, true)));
    }

    /** A block for a result. */
    Block block(long count) {
        return l.timeline.bytes(count * BYTES);
    }

    /** A cast copy of a node's weights: made in the forward pass, there until the last op that uses it. */
    Block weights(Node node, Operand values, Matrices shape) {
        return weights.computeIfAbsent(node, n -> narrow(n.name(), Pass.FORWARD, values, shape));
    }

    /** A cast copy of a gradient, which the products of weights and of data share. */
    Block gradient(String name, Block values, long count) {
        return gradients.computeIfAbsent(values, b -> narrow(name, Pass.BACKWARD, b, Matrices.plain(count)));
    }

    /** A cast copy. */
    Block narrow(String name, Pass pass, Operand src, Matrices m) {
        Block dst = block(m.count());
        Gpu gpu = l.gpu;
        Block used = src instanceof Block b ? b : null;
        String implementation = "taxon:cast_to_" + name();
        if (m.transposed) {
            Kernel kernel = gpu.kernel(FILE, "half_narrow_transposed");
            Grid grid = Grid.tiles(m.n, m.rows, m.columns);
            Op op = s -> gpu.arguments()
                    .pointer(dst)
                    .pointer(src)
                    .int64(m.n)
                    .int64(m.rows)
                    .int64(m.columns)
                    .flag(bfloat)
                    .launch(kernel, grid);
            l.timeline.add(name, pass, implementation, op, dst, used);
        } else {
            Kernel kernel = gpu.kernel(FILE, "half_narrow");
            Op op = s -> gpu.arguments()
                    .pointer(dst)
                    .pointer(src)
                    .int64(m.count())
                    .flag(bfloat)
                    .launchFlat(kernel, m.count());
            l.timeline.add(name, pass, implementation, op, dst, used);
        }
        return dst;
    }

    /**
     * Casts a result back to float32.
     *
     * @param gradient of a parameter: added to where the step accumulates
     */
    void widen(String name, Pass pass, Operand dst, Block src, Matrices m, boolean gradient) {
        Gpu gpu = l.gpu;
        Block used = dst instanceof Block b ? b : null;
        String implementation = "taxon:cast_from_" + name();
        if (m.transposed) {
            Kernel kernel = gpu.kernel(FILE, "half_widen_transposed");
            Grid grid = Grid.tiles(m.n, m.rows, m.columns);
            Op op = s -> gpu.arguments()
                    .pointer(dst)
                    .pointer(src)
                    .int64(m.n)
                    .int64(m.rows)
                    .int64(m.columns)
                    .flag(bfloat)
                    .flag(gradient && s.accumulate)
                    .launch(kernel, grid);
            l.timeline.add(name, pass, implementation, op, src, used);
        } else {
            Kernel kernel = gpu.kernel(FILE, "half_widen");
            Op op = s -> gpu.arguments()
                    .pointer(dst)
                    .pointer(src)
                    .int64(m.count())
                    .flag(bfloat)
                    .flag(gradient && s.accumulate)
                    .launchFlat(kernel, m.count());
            l.timeline.add(name, pass, implementation, op, src, used);
        }
    }
}
