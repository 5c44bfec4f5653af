package dev.taxon.profile;

import dev.taxon.analysis.FlopsCounter;
import dev.taxon.analysis.LayerCost;
import dev.taxon.device.Program.Kernel;
import dev.taxon.device.Program.Pass;
import dev.taxon.graph.Graph;
import dev.taxon.graph.Layer;
import dev.taxon.graph.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a kernel's task takes at least, whatever way it goes about it.
 *
 * @param operations multiplications and additions of the layers' definitions; a convolution's are those of the direct
 *     sum, so Winograd's may seem to be above the machine's peak. Gradients of a convolution or linear layer, towards
 *     its input and towards its weights, count as much as its forward pass each
 * @param values that must be read or written once: operands and results; not what is saved between passes
 */
record KernelCost(long operations, long values) {
    private static final KernelCost UNKNOWN = new KernelCost(0, 0);

    /** Costs of a graph's kernels for one batch size. */
    static final class Counter {
        private final Map<String, Node> nodes = new HashMap<>();
        private final Map<String, Long> operations = new HashMap<>(); // of a sample, forward
        private final int batch;

        Counter(Graph graph, int batch) {
            this.batch = batch;
            graph.nodes().forEach(n -> nodes.put(n.name(), n));
            for (LayerCost cost : FlopsCounter.countExact(graph)) {
                operations.put(cost.name(), cost.flops());
            }
        }

        /** The nodes that a kernel computes, first to last; empty where it computes none. */
        List<Node> nodes(Kernel kernel) {
            List<Node> found = new ArrayList<>();
            for (String name : kernel.node().split("\\+", -1)) {
                Node node = nodes.get(name);
                if (node == null) {
                    return List.of();
                }
                found.add(node);
            }
            return found;
        }

        KernelCost of(Kernel kernel) {
            List<Node> group = nodes(kernel);
            if (group.isEmpty()) {
                return UNKNOWN;
            }
            return switch (kernel.pass()) {
                case FORWARD -> new KernelCost(forward(group), inputs(group) + output(group) + parameters(group));
                case BACKWARD_DATA -> new KernelCost(forward(group), gradients(group) + saved(group));
                case BACKWARD_WEIGHTS ->
                    new KernelCost(forward(group), output(group) + inputs(group) + parameters(group));
                case BACKWARD ->
                    new KernelCost(
                            forward(group) * (hasWeights(group) ? 2 : 1),
                            gradients(group) + inputs(group) + parameters(group));
                case REORDER, UPDATE -> new KernelCost(0, 2 * Math.max(parameters(group), 0));
            };
        }

        private long forward(List<Node> group) {
            return batch
                    * group.stream()
                            .mapToLong(n -> operations.getOrDefault(n.name(), 0L))
                            .sum();
        }

        private long output(List<Node> group) {
            return batch * group.getLast().shape().numel();
        }

        private long inputs(List<Node> group) {
            return batch
                    * group.stream()
                            .flatMap(n -> n.inputs().stream())
                            .distinct()
                            .filter(n -> !group.contains(n))
                            .mapToLong(n -> n.shape().numel())
                            .sum();
        }

        private static long parameters(List<Node> group) {
            return group.stream()
                    .flatMap(n -> n.parameters().stream())
                    .mapToLong(p -> p.shape().numel())
                    .sum();
        }

        // dy and dx
        private long gradients(List<Node> group) {
            return output(group) + inputs(group);
        }

        // A convolution's gradient needs its weights, another layer's the values that it saw.
        private long saved(List<Node> group) {
            return hasWeights(group) ? parameters(group) : inputs(group);
        }

        private static boolean hasWeights(List<Node> group) {
            return group.stream().anyMatch(n -> n.layer() instanceof Layer.Conv2d || n.layer() instanceof Layer.Linear);
        }
    }

    /** Of an optimizer step over all parameters: reads values, gradients and momentum, writes values and momentum. */
    static KernelCost ofSgd(long parameters) {
        return new KernelCost(6 * parameters, 5 * parameters);
    }

    /** A word or two for the kind of work: the layer of the group's first node, and what tells convolutions apart. */
    static String kind(List<Node> group, Pass pass) {
        if (pass == Pass.UPDATE) {
            return "optimizer";
        }
        if (pass == Pass.REORDER) {
            return "reorder";
        }
        if (group.isEmpty()) {
            return "other";
        }
        Layer layer = group.getFirst().layer();
        String name =
                Arrays.asList(layer.getClass().getSimpleName().split("\\.")).getLast();
        if (!(layer instanceof Layer.Conv2d c)) {
            return name;
        }
        String window = " " + c.kernel().kH() + "x" + c.kernel().kW();
        String stride =
                c.kernel().strideH() == 1 ? "" : ", stride " + c.kernel().strideH();
        String groups = c.groups() == 1 ? "" : c.groups() == c.inC() ? ", depthwise" : ", grouped";
        return name + window + stride + groups;
    }
}
