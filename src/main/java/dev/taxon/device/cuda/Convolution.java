package dev.taxon.device.cuda;

import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnFilterDescriptor;
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
                "float32 NCHW " + l.batch() + " x " + node.input().shape() + " -> " + layer.outC() + ", "
                        + layer.kernel() + ", groups " + layer.groups() + ", math " + l.mathType());
    }
}
