package dev.taxon.graph;

import java.util.ArrayList;
import java.util.List;

/**
 * The network that evaluation computes, as one that can be differentiated: a program in TRAIN mode over it gives the
 * gradients of what a program in EVAL mode over the original computes. For maps of what a prediction rests on.
 */
public final class EvaluationForm {
    private EvaluationForm() {}

    /**
     * The nodes up to the output, under their names, over the same state: batch norms use their running statistics,
     * nothing is dropped, no parameter is trained, and there is no loss. Weights of {@code graph} fit.
     */
    public static Graph of(Graph graph) {
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes().subList(0, graph.output().id() + 1)) {
            List<Node> inputs =
                    node.inputs().stream().map(i -> nodes.get(i.id())).toList();
            List<Parameter> frozen =
                    node.parameters().stream().map(Parameter::frozen).toList();
            nodes.add(new Node(
                    node.id(), node.name(), evaluated(node.layer()), inputs, node.shape(), frozen, node.buffers()));
        }
        List<StateEntry> state = graph.state().stream()
                .map(e -> e instanceof Parameter p ? p.frozen() : e)
                .toList();
        return new Graph(nodes, state, nodes.get(graph.input().id()), nodes.getLast(), null, null);
    }

    private static Layer evaluated(Layer layer) {
        return switch (layer) {
            case Layer.BatchNorm2d l -> new Layer.BatchNorm2d(l.channels(), l.eps(), l.bnMomentum(), true, l.sync());
            case Layer.Dropout l -> new Layer.Dropout(0);
            case Layer.DropPath l -> new Layer.DropPath(0);
            case Layer.Attention l -> new Layer.Attention(l.channels(), l.heads(), 0);
            case Layer.Input _,
                    Layer.Target _,
                    Layer.Conv2d _,
                    Layer.Activation _,
                    Layer.MaxPool2d _,
                    Layer.AvgPool2d _,
                    Layer.GlobalAvgPool _,
                    Layer.GeneralizedMeanPool _,
                    Layer.ResidualAttention _,
                    Layer.Linear _,
                    Layer.Add _,
                    Layer.ChannelScale _,
                    Layer.Flatten _,
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
                    LossLayer _ -> layer;
        };
    }
}
