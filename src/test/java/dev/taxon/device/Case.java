package dev.taxon.device;

import dev.taxon.graph.Graph;
import java.util.List;

/**
 * One seeded configuration that every device must agree on: a graph, how it is compiled, and for each step whether
 * backward accumulates. Weights, inputs, targets and output gradients are drawn from {@code seed}, so that
 * {@code kind} and {@code seed} replay it.
 */
record Case(String kind, long seed, Graph graph, Options options, List<Boolean> accumulate) {
    Case {
        accumulate = List.copyOf(accumulate);
    }

    boolean training() {
        return options.mode() == Options.Mode.TRAIN;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(kind).append(", seed ").append(seed).append(", ").append(options);
        text.append(", accumulate by step ").append(accumulate);
        graph.nodes().forEach(n -> text.append("\n    ").append(n));
        graph.parameters().stream()
                .filter(p -> !p.trainable())
                .forEach(p -> text.append("\n    frozen ").append(p.name()));
        return text.toString();
    }
}
