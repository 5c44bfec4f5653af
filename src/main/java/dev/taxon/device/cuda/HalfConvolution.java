package dev.taxon.device.cuda;

import dev.taxon.device.Program.Pass;
import dev.taxon.device.cuda.Halves.Matrices;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;

/**
 * A convolution of a training program in half precision: casts around cuDNN's three passes, which read and write 16 bits and
 * sum in float32. In NHWC, which tensor cores want; in NCHW where it is grouped, or cuDNN has no algorithm for one of the passes in NHWC.
 */
final class HalfConvolution {
    private final Lowering l;
    private final Node node;
    private final Halves halves;
    private final Convolution c;
    private final Matrices x;
    private final Matrices w;
    private final Matrices y;

    HalfConvolution(Lowering l, Node node, Layer.Conv2d layer, Halves halves) {
        this.l = l;
        this.node = node;
        this.halves = halves;
        boolean last = halves.channelsLast(node, layer);
        c = Convolution.half(l, node, layer, halves, last);
        long taps = (long) layer.kernel().kH() * layer.kernel().kW();
        x = matrices(l.batch(), layer.inC(), Lowering.pixels(node.input().shape()), last);
        w = matrices(layer.outC(), layer.inC() / layer.groups(), taps, last);
        y = matrices(l.batch(), layer.outC(), Lowering.pixels(node.shape()), last);
    }

    private static Matrices matrices(long n, long channels, long pixels, boolean last) {
        return last ? Matrices.channelsLast(n, channels, pixels) : Matrices.plain(n * channels * pixels);
    }

    void forward(Block src, Block dst) {
        Block narrow = halves.narrow(node.name(), Pass.FORWARD, src, x);
        Block weights = halves.weights(node, l.weightOf(node), w);
        Block result = halves.block(y.count());
        ConvolutionOps.convolve(l, node.name(), c, narrow, weights, result);
        halves.widen(node.name(), Pass.FORWARD, dst, result, y.back(), false);
    }

    /** diffDst, for both passes. */
    Block narrowGradient(Block diffDst) {
        return halves.narrow(node.name(), Pass.BACKWARD_DATA, diffDst, y);
    }

    void backwardFilter(Block src, Block narrowDiffDst, Operand diffWeights) {
        Block narrow = halves.narrow(node.name(), Pass.BACKWARD_WEIGHTS, src, x);
        Block result = halves.block(w.count());
        ConvolutionOps.backwardFilter(l, node, c, narrow, narrowDiffDst, result, false);
        halves.widen(node.name(), Pass.BACKWARD_WEIGHTS, diffWeights, result, w.back(), true);
    }

    void backwardData(Block narrowDiffDst, Block diffSrc) {
        Block weights = halves.weights(node, l.weightOf(node), w);
        Block result = halves.block(x.count());
        ConvolutionOps.backwardData(l, node, c, weights, narrowDiffDst, result);
        halves.widen(node.name(), Pass.BACKWARD_DATA, diffSrc, result, x.back(), false);
    }
}
