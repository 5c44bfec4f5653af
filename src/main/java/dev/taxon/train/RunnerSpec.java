package dev.taxon.train;

import static dev.taxon.UserError.require;

import dev.taxon.config.Fields;
import dev.taxon.config.Nearest;
import dev.taxon.config.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The config keys {@code runner} (or {@code total_epochs} of older configs) and {@code workflow}: how long a run is.
 *
 * @param byEpoch {@code EpochBasedRunner}; else {@code IterBasedRunner}
 * @param max its {@code max_epochs}, or {@code max_iters}
 * @param workflow phases that take turns until the end
 */
public record RunnerSpec(boolean byEpoch, int max, List<Phase> workflow) {
    private static final List<String> TYPES = List.of("EpochBasedRunner", "IterBasedRunner", "Runner");

    /**
     * A part of the workflow.
     *
     * @param training else validation: the loss on the validation set
     * @param count epochs, or iterations
     */
    public record Phase(boolean training, int count) {
        @Override
        public String toString() {
            return "('%s', %d)".formatted(training ? "train" : "val", count);
        }
    }

    public RunnerSpec {
        workflow = List.copyOf(workflow);
    }

    /** Reads the top level of a config. */
    static RunnerSpec read(Fields root) {
        List<Phase> workflow = workflow(root);
        Fields runner = root.dictOrNull("runner");
        if (runner == null) {
            return new RunnerSpec(true, positive(root, "total_epochs"), workflow);
        }
        root.ignore("total_epochs");
        String type = runner.text("type", "EpochBasedRunner");
        if (!TYPES.contains(type)) {
            throw runner.error("type", "'%s' is not supported; %s".formatted(type, Nearest.suggestion(type, TYPES)));
        }
        boolean byEpoch = !type.equals("IterBasedRunner");
        String other = byEpoch ? "max_iters" : "max_epochs";
        if (runner.has(other)) {
            throw runner.error(
                    other, "has no meaning for " + type + "; give " + (byEpoch ? "max_epochs" : "max_iters"));
        }
        RunnerSpec spec = new RunnerSpec(byEpoch, positive(runner, byEpoch ? "max_epochs" : "max_iters"), workflow);
        runner.done();
        return spec;
    }

    private static int positive(Fields f, String key) {
        int value = f.integer(key);
        if (value <= 0) {
            throw f.error(key, "must be positive, got " + value);
        }
        return value;
    }

    private static List<Phase> workflow(Fields root) {
        Value value = root.value("workflow");
        if (value == null || value instanceof Value.None) {
            return List.of(new Phase(true, 1));
        }
        List<Phase> phases = new ArrayList<>();
        for (Value item : value instanceof Value.Seq s ? s.items() : List.<Value>of()) {
            phases.add(phase(root, item));
        }
        require(
                phases.stream().anyMatch(Phase::training),
                "%s: workflow must hold at least one ('train', N), got %s",
                value.at(),
                phases);
        return phases;
    }

    private static Phase phase(Fields root, Value item) {
        if (item instanceof Value.Seq pair
                && pair.items().size() == 2
                && pair.items().getFirst() instanceof Value.Text mode
                && pair.items().getLast() instanceof Value.Int count
                && List.of("train", "val").contains(mode.value())
                && count.value() > 0
                && count.value() <= Integer.MAX_VALUE) {
            return new Phase(mode.value().equals("train"), (int) count.value());
        }
        throw root.error(
                "workflow", "must be a list of ('train', N) and ('val', N) with positive N, such as [('train', 1)]");
    }

    public boolean validates() {
        return workflow.stream().anyMatch(p -> !p.training);
    }

    /** {@code epochs} or {@code iters}: what {@link #max} counts. */
    String unit() {
        return byEpoch ? "epochs" : "iters";
    }

    /** As Python prints the list. */
    String workflowText() {
        return workflow.stream().map(Phase::toString).collect(Collectors.joining(", ", "[", "]"));
    }

    /** Reads {@code by_epoch} of a hook, whose default is the runner's way; epochs are refused where there are none. */
    public boolean byEpoch(Fields f) {
        boolean asked = f.bool("by_epoch", byEpoch);
        if (asked && !byEpoch) {
            throw f.error("by_epoch", "must be False with IterBasedRunner, which has no epochs; leave it out");
        }
        return asked;
    }

    /** Refuses a hook that works at the end of epochs where there are none. */
    public void requireEpochs(Fields f, String hook) {
        require(
                byEpoch,
                "%s: %s works at the end of epochs, which IterBasedRunner has not; use EpochBasedRunner",
                f.dict().at(),
                hook);
    }
}
