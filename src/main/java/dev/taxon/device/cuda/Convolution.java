package dev.taxon.device.cuda;

import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import dev.taxon.tensor.Shape;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnMathType;
import jcuda.jcudnn.cudnnTensorDescriptor;

/**
 * A convolution as cuDNN sees it.
 *
 * @param x of the input, (N, inC, H, W)
 * @param w of the weights, (outC, inC / groups, kH, kW)
 * @param y of the output, (N, outC, H', W')
 * @param xBytes size of the input; of weights and output likewise
 * @param question all that the choice of an algorithm depends on, beside the card and cuDNN, as text in one line
 */
record Convolution(
        cudnnTensorDescriptor x,
        cudnnFilterDescriptor w,
        cudnnConvolutionDescriptor descriptor,
        cudnnTensorDescriptor y,
        long xBytes,
        long wBytes,
        long yBytes,
        String question) {

    static Convolution of(Lowering l, Node node, Layer.Conv2d layer) {
        return new Convolution(
                l.tensor(node.input()),
                l.descriptors.filter(
                        layer.outC(),
                        layer.inC() / layer.groups(),
                        layer.kernel().kH(),
                        layer.kernel().kW()),
                l.descriptors.convolution(layer.kernel(), layer.groups(), l.mathType()),
                l.tensor(node),
                l.count(node.input()) * Float.BYTES,
                Lowering.weight(node).shape().numel() * Float.BYTES,
                l.count(node) * Float.BYTES,
                "float32 NCHW " + question(l, node, layer) + l.mathType());
    }

    /** The same with all three in 16 bits and sums in float32. */
    static Convolution half(Lowering l, Node node, Layer.Conv2d layer, Halves halves, boolean channelsLast) {
        int math = cudnnMathType.CUDNN_TENSOR_OP_MATH;
        String layout = channelsLast ? " NHWC " : " NCHW ";
        return new Convolution(
                tensor(l, node.input(), halves, channelsLast),
                l.descriptors.filter(
                        halves.cudnnType(),
                        layer.outC(),
                        layer.inC() / layer.groups(),
                        layer.kernel().kH(),
                        layer.kernel().kW(),
                        channelsLast),
                l.descriptors.convolution(layer.kernel(), layer.groups(), math),
                tensor(l, node, halves, channelsLast),
                l.count(node.input()) * Halves.BYTES,
                Lowering.weight(node).shape().numel() * Halves.BYTES,
                l.count(node) * Halves.BYTES,
                halves.name() + layout + question(l, node, layer) + math);
    }

    private static cudnnTensorDescriptor tensor(Lowering l, Node node, Halves halves, boolean channelsLast) {
        Shape shape = node.shape();
        return l.descriptors.tensor(
                halves.cudnnType(), l.batch(), shape.dim(0), shape.dim(1), shape.dim(2), channelsLast);
    }

    private static String question(Lowering l, Node node, Layer.Conv2d layer) {
        return l.batch() + " x " + node.input().shape() + " -> " + layer.outC() + ", " + layer.kernel() + ", groups "
                + layer.groups() + ", math ";
    }
}
