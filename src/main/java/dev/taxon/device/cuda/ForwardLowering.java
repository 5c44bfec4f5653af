package dev.taxon.device.cuda;

import dev.taxon.UserError;
import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;

/** Turns nodes into the ops of the forward pass. */
final class ForwardLowering {
    private final Lowering l;

    ForwardLowering(Lowering lowering) {
        l = lowering;
    }

    void lower(Node node) {
        switch (node.layer()) {
            case Layer.Input _, Layer.Target _ -> l.newInput(node);
            case Layer.Conv2d layer -> ConvolutionOps.forward(l, node, layer);
            case Layer.BatchNorm2d layer -> BatchNormOps.forward(l, node, layer);
            case Layer.Activation layer -> ActivationOps.forward(l, node, layer.function());
            case Layer.MaxPool2d layer -> PoolOps.maxForward(l, node, layer);
            case Layer.AvgPool2d layer -> PoolOps.avgForward(l, node, layer);
            case Layer.GlobalAvgPool _ -> PoolOps.globalForward(l, node);
            case Layer.Linear layer -> LinearOps.forward(l, node, layer);
            case Layer.Add _ -> add(node);
            case Layer.Flatten _ -> l.setValue(node, l.value(node.input())); // NCHW is its order already
            case Layer.ChannelScale _,
                    Layer.Dropout _,
                    Layer.ShortcutA _,
                    Layer.ChannelSlice _,
                    Layer.Concat _,
                    Layer.ChannelShuffle _,
                    Layer.RadixPool _,
                    Layer.RadixSoftmax _,
                    Layer.RadixSum _,
                    Layer.ImageToTokens _,
                    Layer.TokensToImage _,
                    Layer.TokenSlice _,
                    Layer.ClassToken _,
                    Layer.PositionEmbedding _,
                    Layer.LayerNorm _,
                    Layer.Attention _,
                    Layer.DropPath _,
                    Layer.Loss _ -> throw missing(node);
        }
    }

    static UserError missing(Node node) {
        return UserError.of(
                "%s: the CUDA device does not compute the layer %s yet; run this model with --device cpu",
                node.name(), node.layer());
    }

    private void add(Node node) {
        Block a = l.value(node.inputs().get(0));
        Block b = l.value(node.inputs().get(1));
        l.add(node, Pass.FORWARD, l.newValue(node), a, b);
    }
}
