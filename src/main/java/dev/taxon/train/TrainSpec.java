package dev.taxon.train;

import static dev.taxon.UserError.require;

import dev.taxon.config.Fields;
import dev.taxon.metric.MetricOptions;
import dev.taxon.metric.Metrics;
import dev.taxon.optim.Optimizer;
import dev.taxon.optim.Schedule;
import dev.taxon.train.hook.CustomHooks;
import dev.taxon.train.hook.OptimizerHook;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a training run takes from a config, beside {@code model} and {@code data}.
 *
 * @param momentum null: the optimizer's own throughout
 * @param evaluation null: no validation
 */
public record TrainSpec(
        Optimizer optimizer,
        OptimizerHook optimizerHook,
        Schedule schedule,
        @Nullable Schedule momentum,
        List<Hook> customHooks,
        int maxEpochs,
        CheckpointSpec checkpoint,
        LogSpec log,
        @Nullable EvaluationSpec evaluation,
        @Nullable String loadFrom,
        @Nullable String resumeFrom,
        @Nullable String workDir,
        @Nullable Long seed) {

    /** The key {@code checkpoint_config}. */
    public record CheckpointSpec(int interval, int maxKeep, boolean saveOptimizer, boolean saveLast) {
        static CheckpointSpec read(@Nullable Fields f) {
            if (f == null) {
                return new CheckpointSpec(1, -1, true, true);
            }
            require(f.bool("by_epoch", true), "%s: checkpoint_config.by_epoch=False is not supported yet", f.path());
            f.ignore("type", "create_symlink", "sync_buffer");
            CheckpointSpec spec = new CheckpointSpec(
                    f.integer("interval", 1),
                    f.integer("max_keep_ckpts", -1),
                    f.bool("save_optimizer", true),
                    f.bool("save_last", true));
            f.done();
            return spec;
        }
    }

    /** The key {@code log_config}. */
    public record LogSpec(int interval, boolean ignoreLast) {
        static LogSpec read(@Nullable Fields f) {
            if (f == null) {
                return new LogSpec(10, true);
            }
            int interval = f.integer("interval", 10);
            require(
                    interval > 0,
                    "%s: log_config.interval must be positive, got %d",
                    f.dict().at(),
                    interval);
            boolean ignoreLast = true;
            for (Fields hook : f.dicts("hooks")) {
                String type = hook.text("type");
                require(
                        type.equals("TextLoggerHook"),
                        "%s: logger hook '%s' is not supported yet; known is TextLoggerHook",
                        hook.dict().at(),
                        type);
                ignoreLast = hook.bool("ignore_last", true);
                interval = hook.integer("interval", interval);
                hook.ignore("by_epoch", "reset_flag", "interval_exp_name").done();
            }
            f.done();
            return new LogSpec(interval, ignoreLast);
        }
    }

    /** The key {@code evaluation}. */
    public record EvaluationSpec(int interval, int start, List<String> metrics, MetricOptions options) {
        static EvaluationSpec read(Fields f) {
            require(f.bool("by_epoch", true), "%s: evaluation.by_epoch=False is not supported yet", f.path());
            if (f.has("save_best")) {
                throw f.error("save_best", "is not supported yet");
            }
            f.ignore("gpu_collect");
            int interval = f.integer("interval", 1);
            require(
                    interval > 0,
                    "%s: evaluation.interval must be positive, got %d; --no-validate leaves evaluation out",
                    f.dict().at(),
                    interval);
            List<String> metrics = f.texts("metric", List.of("accuracy"));
            Metrics.check(metrics);
            Fields options = f.dictOrNull("metric_options");
            EvaluationSpec spec = new EvaluationSpec(
                    interval,
                    f.integer("start", 0),
                    metrics,
                    options == null ? MetricOptions.DEFAULT : MetricOptions.read(options));
            f.done();
            return spec;
        }
    }

    /** Reads the top level of a config; {@code model}, {@code data} and unknown names are left to others. */
    public static TrainSpec read(Fields root) {
        MixedPrecision.check(root.dictOrNull("fp16"));
        Fields evaluation = root.dictOrNull("evaluation");
        return new TrainSpec(
                Optimizer.read(root.dict("optimizer")),
                OptimizerHook.read(root.dictOrNull("optimizer_config")),
                Schedule.read(root.dictOrNull("lr_config")),
                Schedule.readMomentum(root.dictOrNull("momentum_config")),
                Fields.map(root.dicts("custom_hooks"), CustomHooks::read),
                maxEpochs(root),
                CheckpointSpec.read(root.dictOrNull("checkpoint_config")),
                LogSpec.read(root.dictOrNull("log_config")),
                evaluation == null ? null : EvaluationSpec.read(evaluation),
                root.textOrNull("load_from"),
                root.textOrNull("resume_from"),
                root.textOrNull("work_dir"),
                root.has("seed") ? (Long) (long) root.integer("seed") : null);
    }

    /** What a user should know of a config that trains otherwise than it says: sentences. */
    public static List<String> notes(Fields root) {
        return root.has("fp16") ? List.of(MixedPrecision.NOTE) : List.of();
    }

    private static int maxEpochs(Fields root) {
        Fields runner = root.dictOrNull("runner");
        if (runner == null) {
            int total = root.integer("total_epochs");
            require(
                    total > 0,
                    "%s: total_epochs must be positive, got %d",
                    root.dict().at(),
                    total);
            return total;
        }
        String type = runner.text("type", "EpochBasedRunner");
        require(
                type.equals("EpochBasedRunner"),
                "%s: runner '%s' is not supported yet; known is EpochBasedRunner",
                runner.dict().at(),
                type);
        int epochs = runner.integer("max_epochs");
        require(
                epochs > 0,
                "%s: runner.max_epochs must be positive, got %d",
                runner.dict().at(),
                epochs);
        runner.done();
        return epochs;
    }
}
