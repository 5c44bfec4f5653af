package dev.taxon.device.reference;

import dev.taxon.graph.Layer;
import dev.taxon.graph.LossLayer;
import dev.taxon.graph.Node;
import dev.taxon.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The arithmetic of each layer. */
final class Ops {
    private Ops() {}

    /**
     * The op of one node.
     *
     * @param x the inputs' variables, in the node's order
     * @param parameters the node's own, in the layer's order
     * @return null for what the program's caller writes: the image and the targets
     */
    static @Nullable Op of(
            Node node,
            int batch,
            boolean training,
            ReferenceWeights weights,
            List<Variable> x,
            List<Variable> parameters,
            Variable y) {
        Shape out = node.shape();
        return switch (node.layer()) {
            case Layer.Input l -> null;
            case Layer.Target l -> null;
            case Layer.Conv2d l ->
                new Convolution(
                        l, batch, in(node), out, x.getFirst(), parameters.getFirst(), bias(l.bias(), parameters), y);
            case Layer.BatchNorm2d l ->
                new Normalization(
                        l,
                        training,
                        batch,
                        x.getFirst(),
                        parameters.get(0),
                        parameters.get(1),
                        y,
                        new RunningStatistics(weights, node));
            case Layer.Activation l -> new Activate(l.function(), x.getFirst(), y);
            case Layer.MaxPool2d l -> new MaxPooling(l, in(node), out, x.getFirst(), y);
            case Layer.AvgPool2d l -> new AveragePooling(l, in(node), out, x.getFirst(), y);
            case Layer.GlobalAvgPool l -> new GlobalAveragePooling(x.getFirst(), y);
            case Layer.GeneralizedMeanPool l -> new GeneralizedMeanPooling(l, x.getFirst(), parameters.getFirst(), y);
            case Layer.ResidualAttention l -> new ClassAttention(l, batch, x.getFirst(), parameters.getFirst(), y);
            case Layer.Linear l ->
                new FullyConnected(
                        l,
                        y.value.length / l.out(),
                        x.getFirst(),
                        parameters.getFirst(),
                        bias(l.bias(), parameters),
                        y);
            case Layer.ChannelScale l -> new ChannelScaling(x.get(0), x.get(1), y);
            case Layer.Add l -> new ElementWise.Sum(x.get(0), x.get(1), y);
            case Layer.Flatten l -> new ElementWise.Identity(x.getFirst(), y);
            case Layer.Dropout l ->
                training
                        ? new ElementWise.Drop(l.p(), node.id(), x.getFirst(), y)
                        : new ElementWise.Identity(x.getFirst(), y);
            case Layer.ShortcutA l -> new Shortcut(l, batch, in(node), out, x.getFirst(), y);
            case Layer.ChannelSlice l -> new Channels.Slice(l.from(), batch, in(node), out, x.getFirst(), y);
            case Layer.Concat l -> new Channels.Concat(batch, x, y);
            case Layer.ChannelShuffle l -> new Channels.Shuffle(l.groups(), batch, in(node), x.getFirst(), y);
            case Layer.RadixPool l -> new SplitAttention.Pool(l.radix(), batch, in(node), x.getFirst(), y);
            case Layer.RadixSoftmax l -> new SplitAttention.Softmax(l.radix(), l.groups(), batch, x.getFirst(), y);
            case Layer.RadixSum l -> new SplitAttention.WeightedSum(l.radix(), batch, in(node), x.get(0), x.get(1), y);
            case Layer.ImageToTokens l -> new Tokens.Transpose(in(node).size(0), out.size(0), x.getFirst(), y);
            case Layer.TokensToImage l -> new Tokens.Transpose(in(node).size(0), out.size(0), x.getFirst(), y);
            case Layer.TokenSlice l -> Tokens.Slice.of(l, batch, out.size(1), x.getFirst(), y);
            case Layer.ClassToken l -> new Tokens.Prepend(batch, x.getFirst(), parameters.getFirst(), y);
            case Layer.PositionEmbedding l -> new Tokens.AddPositions(l, batch, x.getFirst(), parameters.getFirst(), y);
            case Layer.LayerNorm l -> new RowNormalization(l, x.getFirst(), parameters.get(0), parameters.get(1), y);
            case Layer.Attention l ->
                new SelfAttention(l, batch, node.id(), training && l.dropout() > 0, x.getFirst(), y);
            case Layer.DropPath l ->
                training
                        ? new ElementWise.DropSamples(l.p(), batch, node.id(), x.getFirst(), y)
                        : new ElementWise.Identity(x.getFirst(), y);
            case LossLayer l -> Losses.of(l, node, batch, weights, x.get(0), x.get(1), y);
        };
    }

    private static Shape in(Node node) {
        return node.input().shape();
    }

    private static @Nullable Variable bias(boolean present, List<Variable> parameters) {
        return present ? parameters.get(1) : null;
    }
}
