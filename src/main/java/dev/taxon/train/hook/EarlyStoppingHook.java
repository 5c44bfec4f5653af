package dev.taxon.train.hook;

import dev.taxon.UserError;
import dev.taxon.checkpoint.Checkpoint;
import dev.taxon.config.Fields;
import dev.taxon.train.BestRule;
import dev.taxon.train.Hook;
import dev.taxon.train.Priority;
import dev.taxon.train.Runner;
import dev.taxon.train.Stage;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Ends a run when a metric has not become better for some evaluations. mmcls 0.25 has none; names and defaults are those of
 * mmengine's EarlyStoppingHook, but for {@code min_delta}, which is 0.
 */
final class EarlyStoppingHook implements Hook {
    private final Priority priority;
    private final BestRule rule;
    private final double minDelta;
    private final int patience;
    private double best = Double.NaN; // NaN: nothing was evaluated yet
    private int waited; // evaluations since the best one

    /**
     * A stopper.
     *
     * @param minDelta a smaller gain does not count
     * @param patience how many evaluations in a row may bring no gain
     */
    private EarlyStoppingHook(Priority priority, BestRule rule, double minDelta, int patience) {
        this.priority = priority;
        this.rule = rule;
        this.minDelta = minDelta;
        this.patience = patience;
    }

    static EarlyStoppingHook read(Fields f) {
        double delta = f.real("min_delta", 0);
        int patience = f.integer("patience", 5);
        if (!(delta >= 0)) {
            throw f.error("min_delta", "must not be negative, got " + delta);
        }
        if (patience <= 0) {
            throw f.error("patience", "must be a positive number of evaluations, got " + patience);
        }
        return new EarlyStoppingHook(Priority.read(f, Priority.VERY_LOW), BestRule.monitor(f, "auto"), delta, patience);
    }

    @Override
    public Priority priority() {
        return priority;
    }

    @Override
    public String name() {
        return "EarlyStoppingHook";
    }

    @Override
    public Set<Stage> stages() {
        return Set.of(Stage.BEFORE_RUN, Stage.AFTER_TRAIN_ITER, Stage.AFTER_TRAIN_EPOCH);
    }

    /** A run that was stopped stays so, unless the config now asks for more patience. */
    @Override
    public void beforeRun(Runner runner) {
        if (waited >= patience) {
            stop(runner, "already before it was resumed; a larger patience goes on");
        }
        Optional<EvalHook> evaluation = runner.hooks().stream()
                .filter(EvalHook.class::isInstance)
                .map(EvalHook.class::cast)
                .findFirst();
        evaluation.ifPresentOrElse(
                e -> number(e.example(runner)),
                () -> runner.log().warning("EarlyStoppingHook has nothing to watch: the run does not evaluate"));
    }

    @Override
    public void evaluated(Runner runner, Map<String, Object> metrics) {
        String metric = rule.name(metrics.keySet());
        double score = number(metrics);
        if (Double.isNaN(best) || rule.better(metric, score, best, minDelta)) {
            best = score;
            waited = 0;
            return;
        }
        waited++;
        if (waited >= patience) {
            stop(runner, String.format(Locale.ROOT, "%s has not been better than %.4f", metric, best));
        }
    }

    /** The watched metric. @throws UserError if it is none, or not one number, or nobody knows whether more of it is better */
    private double number(Map<String, Object> metrics) {
        String metric = rule.name(metrics.keySet());
        rule.worst(metric);
        if (metrics.get(metric) instanceof Number score) {
            return score.doubleValue();
        }
        throw UserError.of(
                "EarlyStoppingHook.monitor needs one number, and %s is a list of them, one a class; leave"
                        + " average_mode='none' out of metric_options",
                metric);
    }

    private void stop(Runner runner, String why) {
        runner.log().info("Stopping early after %d evaluations without a gain: %s".formatted(waited, why));
        runner.stop();
    }

    @Override
    public Map<String, Object> state() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("best", best);
        state.put("waited", waited);
        return state;
    }

    @Override
    public void restore(Runner runner, Map<?, ?> state, Checkpoint checkpoint) {
        if (state.get("best") instanceof Number score && state.get("waited") instanceof Number count) {
            best = score.doubleValue();
            waited = count.intValue();
        }
    }
}
