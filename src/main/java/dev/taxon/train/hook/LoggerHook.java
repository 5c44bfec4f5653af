package dev.taxon.train.hook;

import static dev.taxon.UserError.require;

import dev.taxon.config.Fields;
import dev.taxon.train.Hook;
import dev.taxon.train.LogBuffer;
import dev.taxon.train.Priority;
import dev.taxon.train.Runner;
import dev.taxon.train.RunnerSpec;
import dev.taxon.train.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Logs the means of every {@code interval} iterations, and the metrics of evaluations. The last logger of a run clears what has
 * been logged. Source: mmcv's LoggerHook.
 */
public abstract sealed class LoggerHook implements Hook permits TextLoggerHook, TensorboardLoggerHook {
    /**
     * What all loggers take.
     *
     * @param ignoreLast iterations behind the last interval of an epoch are not logged
     * @param resetFlag clears what has been logged, even if other loggers follow
     * @param byEpoch the interval counts from the start of each epoch
     */
    record Common(Priority priority, int interval, boolean ignoreLast, boolean resetFlag, boolean byEpoch) {
        static Common read(Fields f, int interval, Priority priority, RunnerSpec runner) {
            int own = f.integer("interval", interval);
            require(
                    own > 0,
                    "%s: %s.interval must be positive, got %d",
                    f.dict().at(),
                    f.path(),
                    own);
            return new Common(
                    Priority.read(f, priority),
                    own,
                    f.bool("ignore_last", true),
                    f.bool("reset_flag", false),
                    runner.byEpoch(f));
        }
    }

    private static final int DEFAULT_INTERVAL = 10;

    protected final Common common;
    private boolean reset;

    protected LoggerHook(Common common) {
        this.common = common;
        reset = common.resetFlag;
    }

    /** Reads {@code log_config}; null is mmcv's default, text. */
    public static List<LoggerHook> readAll(@Nullable Fields f, RunnerSpec runner) {
        if (f == null) {
            return List.of(TextLoggerHook.standard(DEFAULT_INTERVAL, runner));
        }
        int interval = f.integer("interval", DEFAULT_INTERVAL);
        require(
                interval > 0,
                "%s: log_config.interval must be positive, got %d",
                f.dict().at(),
                interval);
        List<LoggerHook> loggers = new ArrayList<>();
        if (!f.has("hooks")) {
            loggers.add(TextLoggerHook.standard(interval, runner));
        }
        for (Fields hook : f.dicts("hooks")) {
            loggers.add(read(hook, interval, Priority.VERY_LOW, runner));
            hook.done();
        }
        f.done();
        return loggers;
    }

    /** Reads one logger. @throws dev.taxon.UserError for a type that is not supported */
    static LoggerHook read(Fields f, int interval, Priority priority, RunnerSpec runner) {
        String type = f.text("type");
        return switch (type) {
            case "TextLoggerHook" -> TextLoggerHook.read(f, Common.read(f, interval, priority, runner));
            case "TensorboardLoggerHook" -> TensorboardLoggerHook.read(f, Common.read(f, interval, priority, runner));
            default -> throw KnownHooks.refuse(f, type);
        };
    }

    static LoggerHook read(Fields f, RunnerSpec runner) {
        return read(f, DEFAULT_INTERVAL, Priority.NORMAL, runner);
    }

    public final int interval() {
        return common.interval;
    }

    @Override
    public final Priority priority() {
        return common.priority;
    }

    @Override
    public Set<Stage> stages() {
        return Set.of(
                Stage.BEFORE_RUN,
                Stage.BEFORE_TRAIN_EPOCH,
                Stage.AFTER_TRAIN_ITER,
                Stage.AFTER_TRAIN_EPOCH,
                Stage.BEFORE_VAL_EPOCH,
                Stage.AFTER_VAL_EPOCH,
                Stage.AFTER_RUN);
    }

    @Override
    public void beforeRun(Runner runner) {
        boolean last = runner.hooks().stream()
                        .filter(LoggerHook.class::isInstance)
                        .reduce((a, b) -> b)
                        .orElse(this)
                == this;
        reset |= last;
    }

    @Override
    public void beforeEpoch(Runner runner) {
        runner.buffer().clear();
    }

    @Override
    public void afterTrainIter(Runner runner) {
        LogBuffer buffer = runner.buffer();
        long inner = runner.innerIter() + 1L;
        long count = common.byEpoch ? inner : runner.iter() + 1;
        boolean end = runner.byEpoch() && inner == runner.itersPerEpoch();
        if (count % common.interval == 0 || (end && !common.ignoreLast)) {
            buffer.average(common.interval);
        }
        logAndReset(runner);
    }

    @Override
    public void afterTrainEpoch(Runner runner) {
        logAndReset(runner);
    }

    @Override
    public void afterValEpoch(Runner runner) {
        runner.buffer().average();
        logAndReset(runner);
    }

    private void logAndReset(Runner runner) {
        if (!runner.buffer().output().isEmpty()) {
            logOutput(runner);
            if (reset) {
                runner.buffer().clearOutput();
            }
        }
    }

    /** Logs what the buffer's output holds. */
    final void logOutput(Runner runner) {
        log(runner, runner.buffer().output());
    }

    /** Logs values by name: Doubles, or lists of them; {@link EvalHook#ITERS} is among those of an evaluation. */
    protected abstract void log(Runner runner, Map<String, Object> values);

    /** Whether values are those of training; else of an evaluation or a validation phase. */
    static boolean isTraining(Runner runner, Map<String, Object> values) {
        return runner.mode() == Runner.Mode.TRAIN && values.containsKey("time");
    }
}
