package dev.taxon.analysis;

import dev.taxon.graph.Kernel2d;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Layer.Activation.Function;
import dev.taxon.graph.Layer.Activation.HardSigmoid;
import dev.taxon.graph.Layer.Activation.LeakyRelu;
import dev.taxon.graph.Layer.Activation.Simple;
import dev.taxon.graph.LossLayer;
import dev.taxon.graph.Node;

/** Arithmetic operations of one node in evaluation, per sample: a multiply-accumulate is two. */
final class ExactOperations {
    private ExactOperations() {}

    static long of(Node n) {
        long out = n.shape().numel();
        return switch (n.layer()) {
            case Layer.Conv2d l -> out * (2 * window(l.kernel()) * (l.inC() / l.groups()) - 1) + (l.bias() ? out : 0);
            case Layer.Linear l -> out * (2L * l.in() - 1) + (l.bias() ? out : 0);
            case Layer.BatchNorm2d l -> 2 * out; // scale and shift; both are constants of evaluation
            case Layer.Activation l -> out * perElement(l.function());
            case Layer.MaxPool2d l -> out * (window(l.kernel()) - 1);
            case Layer.AvgPool2d l -> out * window(l.kernel()); // additions, and one multiplication
            case Layer.GlobalAvgPool l -> n.input().shape().numel();
            case Layer.GeneralizedMeanPool l -> // comparison, power, sum; mean and root
                n.input().shape().numel() * (l.clamp() ? 3 : 2) + out;
            case Layer.ResidualAttention l ->
                residualAttention(l, n.input().shape().numel() / l.inC());
            case Layer.Add l -> out;
            case Layer.LayerNorm l -> 7 * out; // two sums, a square, and the four of (x − mean) · std⁻¹ · weight + bias
            case Layer.Attention l -> attention(l, n.shape().dim(0));
            case Layer.PositionEmbedding l ->
                out
                        + (l.resize().isIdentity()
                                ? 0
                                : (2L * l.resize().from() - 1) * l.resize().to() * l.channels());
            case Layer.ImageToTokens l -> 0;
            case Layer.TokensToImage l -> 0;
            case Layer.TokenSlice l -> 0;
            case Layer.ClassToken l -> 0;
            case Layer.DropPath l -> 0;
            case Layer.ChannelScale l -> out;
            case Layer.Input l -> 0;
            case Layer.Target l -> 0;
            case Layer.Flatten l -> 0;
            case Layer.Dropout l -> 0;
            case Layer.ShortcutA l -> 0;
            case Layer.ChannelSlice l -> 0;
            case Layer.Concat l -> 0;
            case Layer.ChannelShuffle l -> 0;
            case Layer.RadixPool l -> n.input().shape().numel();
            case Layer.RadixSoftmax l -> 3 * out; // exponential, sum, division
            case Layer.RadixSum l -> 2 * n.input().shape().numel() - out;
            case LossLayer l -> 0;
        };
    }

    // q kᵀ and its scale, softmax (maximum, difference, exponential, sum, quotient), and the product with v.
    private static long attention(Layer.Attention l, long tokens) {
        long pairs = l.heads() * tokens * tokens;
        return pairs * (2L * l.headSize() - 1) + pairs + 5 * pairs + tokens * l.channels() * (2 * tokens - 1);
    }

    // Scores by filters of unit length, their mean, and the largest or a softmax and its weighted sum; their own sum.
    private static long residualAttention(Layer.ResidualAttention l, long pixels) {
        boolean largest = Double.isInfinite(l.temperature());
        long attention = largest ? pixels - 1 : 6 * pixels + 2 * pixels - 1;
        return l.classes() * (pixels * (2L * l.inC() - 1) + pixels + attention + 2);
    }

    // comparisons, additions, multiplications and elementary functions
    private static long perElement(Function function) {
        return switch (function) {
            case Simple simple ->
                switch (simple) {
                    case RELU, TANH, SIGMOID -> 1;
                    case RELU6, SWISH -> 2;
                    case HSWISH -> 5; // x · min(max(x + 3, 0), 6) · 1/6
                    case GELU -> 2; // x · Φ(x)
                };
            case LeakyRelu f -> 2;
            case HardSigmoid f -> 4;
        };
    }

    private static long window(Kernel2d k) {
        return (long) k.kH() * k.kW();
    }
}
