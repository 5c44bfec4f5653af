package dev.taxon.device.cuda;

import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Layer;
import dev.taxon.graph.LossLayer;
import dev.taxon.graph.Node;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Turns nodes into the ops of the forward pass. */
final class ForwardLowering {
    private final Lowering l;
    private final Map<Node, Chain> chains;
    private final Set<Node> chained = new HashSet<>();

    ForwardLowering(Lowering lowering) {
        l = lowering;
        chains = l.training() ? Map.of() : Chain.of(l.graph, l.needed, l.readByCaller());
        chains.values().forEach(chain -> chained.addAll(chain.nodes()));
    }

    void lower(Node node) {
        Chain chain = chains.get(node);
        if (chain != null) {
            FusedConvolution.forward(l, chain);
        } else if (!chained.contains(node)) { // else its chain's tail computes it
            lowerAlone(node);
        }
    }

    private void lowerAlone(Node node) {
        switch (node.layer()) {
            case Layer.Input _, Layer.Target _ -> l.newInput(node);
            case Layer.Conv2d layer -> ConvolutionOps.forward(l, node, layer);
            case Layer.BatchNorm2d layer -> BatchNormOps.forward(l, node, layer);
            case Layer.Activation layer -> ActivationOps.forward(l, node, layer.function());
            case Layer.MaxPool2d layer -> PoolOps.maxForward(l, node, layer);
            case Layer.AvgPool2d layer -> PoolOps.avgForward(l, node, layer);
            case Layer.GlobalAvgPool _ -> PoolOps.globalForward(l, node);
            case Layer.GeneralizedMeanPool layer -> GeneralizedMeanOps.forward(l, node, layer);
            case Layer.ResidualAttention layer -> ResidualAttentionOps.forward(l, node, layer);
            case Layer.Linear layer -> LinearOps.forward(l, node, layer);
            case Layer.Add _ -> add(node);
            case Layer.Flatten _ -> l.setValue(node, l.value(node.input())); // NCHW is its order already
            case Layer.ChannelScale _ -> ChannelScaling.forward(l, node);
            case Layer.Dropout layer -> DropoutOps.forward(l, node, layer);
            case Layer.ShortcutA layer -> ChannelOps.forward(l, node, layer);
            case Layer.ChannelSlice layer -> ChannelOps.forward(l, node, layer);
            case Layer.Concat _ -> ChannelOps.concatForward(l, node);
            case Layer.ChannelShuffle layer -> ChannelOps.forward(l, node, layer);
            case Layer.RadixPool layer -> SplitAttentionOps.forward(l, node, layer);
            case Layer.RadixSoftmax layer -> SplitAttentionOps.forward(l, node, layer);
            case Layer.RadixSum layer -> SplitAttentionOps.forward(l, node, layer);
            case Layer.ImageToTokens _ -> TokenOps.imageToTokens(l, node);
            case Layer.TokensToImage _ -> TokenOps.tokensToImage(l, node);
            case Layer.TokenSlice layer -> TokenOps.forward(l, node, layer);
            case Layer.ClassToken layer -> TokenOps.forward(l, node, layer);
            case Layer.PositionEmbedding layer -> TokenOps.forward(l, node, layer);
            case Layer.LayerNorm layer -> LayerNormOps.forward(l, node, layer);
            case Layer.Attention layer -> AttentionOps.forward(l, node, layer);
            case Layer.DropPath layer -> DropoutOps.forward(l, node, layer);
            case LossLayer layer -> LossOps.forward(l, node, layer);
        }
    }

    private void add(Node node) {
        Block a = l.value(node.inputs().get(0));
        Block b = l.value(node.inputs().get(1));
        l.add(node, Pass.FORWARD, l.newValue(node), a, b);
    }
}
