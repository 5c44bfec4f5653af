package dev.taxon.train.hook;

import dev.taxon.UserError;
import dev.taxon.checkpoint.Checkpoint;
import dev.taxon.data.DataLoader;
import dev.taxon.data.dataset.Labels;
import dev.taxon.dist.Replicas;
import dev.taxon.metric.Metrics;
import dev.taxon.metric.Scores;
import dev.taxon.train.BestRule;
import dev.taxon.train.Evaluation;
import dev.taxon.train.EvaluationSpec;
import dev.taxon.train.Hook;
import dev.taxon.train.Position;
import dev.taxon.train.Priority;
import dev.taxon.train.Runner;
import dev.taxon.train.Session;
import dev.taxon.train.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates on the validation set, hands the metrics to the log, and with {@code save_best} keeps the best checkpoint:
 * {@code best_<metric>_epoch_N.pth}. Source: mmcv's EvalHook.
 */
public final class EvalHook implements Hook {
    /** Key in the log's output: batches of the validation set, which a line of it shows; no metric. */
    static final String ITERS = "eval_iter_num";

    private static final String BEST_SCORE = "best_score";
    private static final String BEST_CHECKPOINT = "best_ckpt";

    private final DataLoader loader;
    private final EvaluationSpec spec;
    private final Path folder;
    private @Nullable Double bestScore;
    private @Nullable Path bestFile;

    /** The loader of the validation set, in order, is borrowed. */
    public EvalHook(DataLoader loader, EvaluationSpec spec, Path workDir) {
        this.loader = loader;
        this.spec = spec;
        folder = spec.folder(workDir);
    }

    @Override
    public Priority priority() {
        return Priority.LOW;
    }

    @Override
    public String name() {
        return "EvalHook";
    }

    @Override
    public Set<Stage> stages() {
        return Set.of(
                Stage.BEFORE_RUN,
                Stage.BEFORE_TRAIN_EPOCH,
                Stage.BEFORE_TRAIN_ITER,
                Stage.AFTER_TRAIN_ITER,
                Stage.AFTER_TRAIN_EPOCH);
    }

    /** Refuses a metric that no evaluation will give, before hours of training. */
    @Override
    public void beforeRun(Runner runner) {
        Metrics.notes(metrics(), spec.options(), runner.session().classes()).forEach(runner.log()::info);
        BestRule best = spec.best();
        if (best == null) {
            return;
        }
        Map<String, Object> names = example(runner);
        number(best.name(names.keySet()), names);
        best.worst(best.name(names.keySet()));
        if (spec.outDir() != null) {
            runner.log()
                    .info("The best checkpoint will be saved to " + folder.toAbsolutePath() + " by HardDiskBackend");
        }
    }

    /** What an evaluation will give: its names and kinds of values. */
    Map<String, Object> example(Runner runner) {
        int classes = runner.session().classes();
        Scores one = new Scores(
                new float[classes], classes, loader.dataset().labels().select(new int[1]));
        return Metrics.evaluate(one, metrics(), spec.options());
    }

    private List<String> metrics() {
        boolean multiLabel = loader.dataset().labels() instanceof Labels.MultiLabel;
        return spec.metrics().isEmpty() ? Metrics.byDefault(multiLabel) : spec.metrics();
    }

    /** With {@code start=0}, the weights that training starts from. */
    @Override
    public void beforeTrainEpoch(Runner runner) {
        if (spec.byEpoch()) {
            evaluateStart(runner);
        }
    }

    @Override
    public void beforeTrainIter(Runner runner) {
        if (!spec.byEpoch()) {
            evaluateStart(runner);
        }
    }

    private void evaluateStart(Runner runner) {
        Integer start = spec.start();
        if (start != null && start == 0 && runner.reached().equals(Position.START)) {
            evaluate(runner, 0);
            loggers(runner).forEach(logger -> logger.logOutput(runner));
            runner.buffer().clearOutput();
        }
    }

    /** Training is logged first, since the means that are due would be mixed with the metrics. */
    @Override
    public void afterTrainIter(Runner runner) {
        if (!spec.byEpoch() && spec.due(runner.iter() + 1)) {
            loggers(runner).forEach(logger -> logger.afterTrainIter(runner));
            runner.buffer().clear();
            evaluate(runner, runner.iter() + 1);
        }
    }

    private static Iterable<LoggerHook> loggers(Runner runner) {
        return runner.hooks().stream()
                .filter(LoggerHook.class::isInstance)
                .map(LoggerHook.class::cast)
                .toList();
    }

    @Override
    public void afterTrainEpoch(Runner runner) {
        int done = runner.epoch() + 1;
        if (spec.byEpoch() && spec.due(done)) {
            runner.buffer().clearOutput();
            evaluate(runner, done);
        }
    }

    private void evaluate(Runner runner, long done) {
        Session session = runner.session();
        if (spec.broadcastBuffers() && runner.communicator().size() > 1) {
            Replicas.broadcastBuffers(runner.communicator(), session.hostWeights());
        }
        Map<String, Object> metrics = Evaluation.run(
                        session, loader, runner.log().progress(), runner.log()::ownWarning)
                .metrics(loader.dataset(), metrics(), spec.options());
        runner.buffer().output().put(ITERS, (double) loader.batches());
        runner.buffer().output().putAll(metrics);
        BestRule best = spec.best();
        if (best != null) {
            String metric = best.name(metrics.keySet());
            keepBest(runner, best, metric, number(metric, metrics), done);
        }
        runner.evaluated(metrics);
    }

    private static double number(String metric, Map<String, Object> metrics) {
        if (metrics.get(metric) instanceof Number score) {
            return score.doubleValue();
        }
        throw UserError.of(
                "evaluation.save_best needs one number, and %s is a list of them, one a class; leave"
                        + " average_mode='none' out of metric_options",
                metric);
    }

    private void keepBest(Runner runner, BestRule rule, String metric, double score, long done) {
        double before = bestScore == null ? rule.worst(metric) : bestScore;
        if (!rule.better(metric, score, before)) {
            return;
        }
        String unit = spec.byEpoch() ? "epoch" : "iter";
        Path previous = bestFile;
        Path file = folder.resolve("best_%s_%s_%d.pth".formatted(metric, unit, done));
        bestScore = score;
        bestFile = file;
        runner.messages().put(BEST_SCORE, score);
        runner.messages().put(BEST_CHECKPOINT, file.toString());
        if (previous != null && !previous.equals(file) && Files.exists(previous)) {
            runner.log().info("The previous best checkpoint " + previous + " was removed");
        }
        runner.checkpoints().addFirst(file, true, () -> delete(previous, file));
        runner.log().info("Now best checkpoint is saved as " + file.getFileName() + ".");
        runner.log().info(String.format(Locale.ROOT, "Best %s is %.4f at %d %s.", metric, score, done, unit));
    }

    /** Only when the new one is there: a run that is killed in between has both, never none. */
    private static void delete(@Nullable Path previous, Path present) {
        if (previous == null || previous.equals(present)) {
            return;
        }
        try {
            Files.deleteIfExists(previous);
        } catch (IOException e) {
            throw UserError.of("%s cannot be deleted: %s; the new best checkpoint is %s", previous, e, present);
        }
    }

    @Override
    public Map<String, Object> state() {
        Map<String, Object> state = new LinkedHashMap<>();
        if (bestScore != null && bestFile != null) {
            state.put(BEST_SCORE, bestScore);
            state.put(BEST_CHECKPOINT, bestFile.getFileName().toString());
        }
        return state;
    }

    /** From our state, or from what mmcv leaves in {@code meta.hook_msgs}; the best file may have moved with its folder. */
    @Override
    public void restore(Runner runner, Map<?, ?> state, Checkpoint checkpoint) {
        Map<?, ?> from =
                state.isEmpty() && checkpoint.meta().get("hook_msgs") instanceof Map<?, ?> messages ? messages : state;
        if (spec.best() != null
                && from.get(BEST_SCORE) instanceof Number score
                && from.get(BEST_CHECKPOINT) instanceof String file) {
            bestScore = score.doubleValue();
            bestFile = folder.resolve(String.valueOf(Path.of(file).getFileName()));
            runner.messages().put(BEST_SCORE, score);
            runner.messages().put(BEST_CHECKPOINT, bestFile.toString());
        }
    }
}
