package dev.taxon.train;

import dev.taxon.config.Fields;
import dev.taxon.config.Value;
import dev.taxon.device.LossScale;
import dev.taxon.device.Precision;
import dev.taxon.optim.Optimizer;
import dev.taxon.optim.Schedule;
import dev.taxon.train.hook.CustomHooks;
import dev.taxon.train.hook.LoggerHook;
import dev.taxon.train.hook.OptimizerHook;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a training run takes from a config, beside {@code model} and {@code data}.
 *
 * @param momentum null: the optimizer's own throughout
 * @param checkpoint null: none is written
 * @param evaluation null: no evaluation
 * @param lossScale of training in half precision, on devices that have it; null without the key {@code fp16}
 */
public record TrainSpec(
        RunnerSpec runner,
        Optimizer optimizer,
        OptimizerHook optimizerHook,
        Schedule schedule,
        @Nullable Schedule momentum,
        List<Hook> customHooks,
        @Nullable CheckpointSpec checkpoint,
        List<LoggerHook> loggers,
        @Nullable EvaluationSpec evaluation,
        @Nullable String loadFrom,
        @Nullable String resumeFrom,
        @Nullable String workDir,
        @Nullable Long seed,
        @Nullable LossScale lossScale) {
    public TrainSpec {
        customHooks = List.copyOf(customHooks);
        loggers = List.copyOf(loggers);
    }

    /** Reads the top level of a config; {@code model}, {@code data} and unknown names are left to others. */
    public static TrainSpec read(Fields root) {
        RunnerSpec runner = RunnerSpec.read(root);
        return new TrainSpec(
                runner,
                Optimizer.read(root.dict("optimizer")),
                OptimizerHook.read(root.dictOrNull("optimizer_config")),
                Schedule.read(root.dictOrNull("lr_config"), runner.byEpoch()),
                Schedule.readMomentum(root.dictOrNull("momentum_config"), runner.byEpoch()),
                Fields.map(root.dicts("custom_hooks"), f -> CustomHooks.read(f, runner)),
                isNone(root, "checkpoint_config")
                        ? null
                        : CheckpointSpec.read(root.dictOrNull("checkpoint_config"), runner),
                isNone(root, "log_config") ? List.of() : LoggerHook.readAll(root.dictOrNull("log_config"), runner),
                isNone(root, "evaluation") ? null : evaluation(root, runner),
                root.textOrNull("load_from"),
                root.textOrNull("resume_from"),
                root.textOrNull("work_dir"),
                root.has("seed") ? (Long) (long) root.integer("seed") : null,
                MixedPrecision.read(root.dictOrNull("fp16")));
    }

    /** What a user should know of a config that trains otherwise than it says: sentences. */
    public List<String> notes(Precision precision) {
        return lossScale == null || precision.isHalf() ? List.of() : List.of(MixedPrecision.NOTE);
    }

    /** As mmcls, accuracy behind each epoch when the config says nothing. */
    private static EvaluationSpec evaluation(Fields root, RunnerSpec runner) {
        Fields f = root.dictOrNull("evaluation");
        return EvaluationSpec.read(
                f == null ? new Fields(new Value.Dict(Map.of(), root.dict().at()), "evaluation") : f, runner);
    }

    private static boolean isNone(Fields root, String key) {
        return root.value(key) instanceof Value.None;
    }
}
