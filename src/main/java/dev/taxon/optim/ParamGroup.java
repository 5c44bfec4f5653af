package dev.taxon.optim;

import dev.taxon.graph.Graph;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Parameters that share their rate and weight decay.
 *
 * @param lr base learning rate
 * @param ownLr paramwise_cfg sets it: it then stands first in PyTorch's dict
 * @param ownDecay likewise
 * @param params places among the model's parameters in registration order
 */
public record ParamGroup(double lr, double weightDecay, boolean ownLr, boolean ownDecay, List<Integer> params) {
    public ParamGroup {
        params = List.copyOf(params);
    }

    /** The groups that mmcv's optimizer constructor makes: one of all parameters, or one a parameter. */
    public static List<ParamGroup> of(Graph graph, Optimizer optimizer) {
        Method method = optimizer.method();
        @Nullable Paramwise paramwise = optimizer.paramwise();
        if (paramwise != null) {
            return paramwise.groups(graph, method);
        }
        List<Integer> all =
                IntStream.range(0, graph.parameters().size()).boxed().toList();
        return List.of(new ParamGroup(method.lr(), method.weightDecay(), false, false, all));
    }

    ParamGroup withLr(double value) {
        return new ParamGroup(value, weightDecay, true, ownDecay, params);
    }

    ParamGroup withWeightDecay(double value) {
        return new ParamGroup(lr, value, ownLr, true, params);
    }
}
