package dev.taxon.device.cuda;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.tensor.Shape;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnPoolingDescriptor;
import jcuda.jcudnn.cudnnPoolingMode;
import jcuda.jcudnn.cudnnTensorDescriptor;

/**
 * Pooling: by cuDNN where it has the window; it has no dilation, and none that hangs over the end (ceil_mode). Those are our
 * kernels'.
 */
final class PoolOps {
    private static final int MAX = cudnnPoolingMode.CUDNN_POOLING_MAX_DETERMINISTIC;
    private static final int INCLUDE_PAD = cudnnPoolingMode.CUDNN_POOLING_AVERAGE_COUNT_INCLUDE_PADDING;
    private static final int EXCLUDE_PAD = cudnnPoolingMode.CUDNN_POOLING_AVERAGE_COUNT_EXCLUDE_PADDING;

    private final Lowering l;
    private final Gpu gpu;
    private final Node node;
    private final Kernel2d window;

    private PoolOps(Lowering l, Node node, Kernel2d window) {
        this.l = l;
        this.node = node;
        this.window = window;
        gpu = l.gpu;
    }

    static void maxForward(Lowering l, Node node, Layer.MaxPool2d layer) {
        PoolOps ops = new PoolOps(l, node, layer.kernel());
        if (ops.isPlain()) {
            ops.forward(MAX);
        } else {
            ops.ownMaxForward();
        }
    }

    static void maxBackward(Lowering l, BackwardLowering backward, Node node, Layer.MaxPool2d layer) {
        PoolOps ops = new PoolOps(l, node, layer.kernel());
        Block diffDst = backward.gradient(node);
        Block diffSrc = l.timeline.floats(l.count(node.input()));
        if (ops.isPlain()) {
            ops.backward(MAX, diffSrc, diffDst);
        } else {
            ops.ownMaxBackward(diffSrc, diffDst);
        }
        backward.give(node.input(), diffSrc);
    }

    static void avgForward(Lowering l, Node node, Layer.AvgPool2d layer) {
        PoolOps ops = new PoolOps(l, node, layer.kernel());
        if (ops.isPlain()) {
            ops.forward(layer.countIncludePad() ? INCLUDE_PAD : EXCLUDE_PAD);
        } else {
            ops.ownAvgForward(layer.countIncludePad());
        }
    }

    static void avgBackward(Lowering l, BackwardLowering backward, Node node, Layer.AvgPool2d layer) {
        PoolOps ops = new PoolOps(l, node, layer.kernel());
        Block diffDst = backward.gradient(node);
        Block diffSrc = l.timeline.floats(l.count(node.input()));
        if (ops.isPlain()) {
            ops.backward(layer.countIncludePad() ? INCLUDE_PAD : EXCLUDE_PAD, diffSrc, diffDst);
        } else {
            ops.ownAvgBackward(layer.countIncludePad(), diffSrc, diffDst);
        }
        backward.give(node.input(), diffSrc);
    }

    static void globalForward(Lowering l, Node node) {
        new PoolOps(l, node, all(node)).forward(EXCLUDE_PAD);
    }

    static void globalBackward(Lowering l, BackwardLowering backward, Node node) {
        Block diffDst = backward.gradient(node);
        Block diffSrc = l.timeline.floats(l.count(node.input()));
        new PoolOps(l, node, all(node)).backward(EXCLUDE_PAD, diffSrc, diffDst);
        backward.give(node.input(), diffSrc);
    }

    /** A window of the whole image. */
    private static Kernel2d all(Node node) {
        Shape x = node.input().shape();
        return new Kernel2d(x.size(1), x.size(2), 1, 1, 0, 0, 1, 1);
    }

    private boolean isPlain() {
        Shape x = node.input().shape();
        Shape y = node.shape();
        return window.dilationH() == 1
                && window.dilationW() == 1
                && y.dim(1) == window.outH(x.size(1))
                && y.dim(2) == window.outW(x.size(2));
    }

    private cudnnTensorDescriptor y() {
        Shape y = node.shape();
        return l.descriptors.tensor(l.batch(), y.dim(0), y.rank() == 3 ? y.dim(1) : 1, y.rank() == 3 ? y.dim(2) : 1);
    }

    private void forward(int mode) {
        cudnnPoolingDescriptor pooling = l.descriptors.pooling(window, mode);
        cudnnTensorDescriptor x = l.tensor(node.input());
        cudnnTensorDescriptor y = y();
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "cudnn:pooling_forward",
                s -> gpu.cudnn(JCudnn.cudnnPoolingForward(
                        gpu.cudnn(), pooling, gpu.one(), x, src.pointer(), gpu.zero(), y, dst.pointer())),
                src,
                dst);
    }

    private void backward(int mode, Block diffSrc, Block diffDst) {
        cudnnPoolingDescriptor pooling = l.descriptors.pooling(window, mode);
        cudnnTensorDescriptor x = l.tensor(node.input());
        cudnnTensorDescriptor y = y();
        Block src = l.value(node.input());
        Block dst = l.value(node);
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "cudnn:pooling_backward",
                s -> gpu.cudnn(JCudnn.cudnnPoolingBackward(
                        gpu.cudnn(),
                        pooling,
                        gpu.one(),
                        y,
                        dst.pointer(),
                        y,
                        diffDst.pointer(),
                        x,
                        src.pointer(),
                        gpu.zero(),
                        x,
                        diffSrc.pointer())),
                src,
                dst,
                diffSrc,
                diffDst);
    }

    private long planes() {
        return l.batch() * node.shape().dim(0);
    }

    private Grid rows(Node over) {
        return Grid.rows(planes(), Lowering.pixels(over.shape()));
    }

    /** Adds the sizes and the window to a kernel's arguments. */
    private Arguments window(Arguments arguments) {
        Shape x = node.input().shape();
        Shape y = node.shape();
        return arguments
                .int32(x.size(1))
                .int32(x.size(2))
                .int32(y.size(1))
                .int32(y.size(2))
                .int32(window.kH())
                .int32(window.kW())
                .int32(window.strideH())
                .int32(window.strideW())
                .int32(window.padH())
                .int32(window.padW())
                .int32(window.dilationH())
                .int32(window.dilationW());
    }

    private void ownMaxForward() {
        Kernel kernel = gpu.kernel("pool", "max_pool_forward");
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        Block index = l.training() ? l.timeline.bytes(l.count(node) * Integer.BYTES) : null;
        if (index != null) {
            l.save(node, index);
        }
        long planes = planes();
        Grid grid = rows(node);
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:max_pool_forward",
                s -> window(gpu.arguments()
                                .pointer(dst)
                                .int64(index == null ? 0 : index.address())
                                .pointer(src)
                                .int64(planes))
                        .launch(kernel, grid),
                src,
                dst,
                index);
    }

    private void ownMaxBackward(Block diffSrc, Block diffDst) {
        Kernel kernel = gpu.kernel("pool", "max_pool_backward");
        Block index = l.saved(node, 0);
        long planes = planes();
        Grid grid = rows(node.input());
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "taxon:max_pool_backward",
                s -> window(gpu.arguments()
                                .pointer(diffSrc)
                                .pointer(diffDst)
                                .pointer(index)
                                .int64(planes))
                        .launch(kernel, grid),
                diffSrc,
                diffDst,
                index);
    }

    private void ownAvgForward(boolean includePad) {
        Kernel kernel = gpu.kernel("pool", "avg_pool_forward");
        Block src = l.value(node.input());
        Block dst = l.newValue(node);
        long planes = planes();
        Grid grid = rows(node);
        l.timeline.add(
                node.name(),
                Pass.FORWARD,
                "taxon:avg_pool_forward",
                s -> window(gpu.arguments()
                                .pointer(dst)
                                .pointer(src)
                                .int64(planes)
                                .int32(includePad ? 1 : 0))
                        .launch(kernel, grid),
                src,
                dst);
    }

    private void ownAvgBackward(boolean includePad, Block diffSrc, Block diffDst) {
        Kernel kernel = gpu.kernel("pool", "avg_pool_backward");
        long planes = planes();
        Grid grid = rows(node.input());
        l.timeline.add(
                node.name(),
                Pass.BACKWARD_DATA,
                "taxon:avg_pool_backward",
                s -> window(gpu.arguments()
                                .pointer(diffSrc)
                                .pointer(diffDst)
                                .int64(planes)
                                .int32(includePad ? 1 : 0))
                        .launch(kernel, grid),
                diffSrc,
                diffDst);
    }
}
