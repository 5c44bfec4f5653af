package dev.taxon.device.cpu;

import dev.taxon.graph.Layer;
import dev.taxon.graph.Layer.Activation.Function;
import dev.taxon.graph.Node;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Nodes that one kernel computes, first to last.
 *
 * @param batchNorm the batch norm among them, if any
 * @param residual the other operand of the sum among them, if any
 * @param activation the element-wise function at the end, if any and if not the only node
 */
record Group(
        List<Node> nodes,
        @Nullable Node batchNorm,
        @Nullable Node residual,
        @Nullable Node activation) {
    Node head() {
        return nodes.getFirst();
    }

    /** The node whose value the group computes. */
    Node tail() {
        return nodes.getLast();
    }

    String name() {
        return nodes.stream().map(Node::name).collect(Collectors.joining("+"));
    }

    /** The fused activation's function. */
    @Nullable
    Function function() {
        return activation == null ? null : ((Layer.Activation) activation.layer()).function();
    }

    /** Flags of the fused activation. */
    int activationFlags() {
        Function function = function();
        return function == null ? 0 : Activations.flag(function);
    }
}
