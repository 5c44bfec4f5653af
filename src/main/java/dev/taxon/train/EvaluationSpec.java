package dev.taxon.train;

import static dev.taxon.UserError.require;

import dev.taxon.config.Fields;
import dev.taxon.metric.MetricOptions;
import dev.taxon.metric.Metrics;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The key {@code evaluation}. Names and defaults are those of mmcv's EvalHook and of mmcls's data sets.
 *
 * @param interval in epochs or iterations
 * @param start the first epoch or iteration that is evaluated behind, then every {@code interval}; 0: before training, too;
 *     null: whenever the number divides by the interval
 * @param metrics empty: accuracy, or mAP where samples have several labels
 * @param best null: no best checkpoint
 * @param outDir of the best checkpoint; null: the work_dir
 * @param broadcastBuffers all ranks take rank 0's running statistics before an evaluation
 */
public record EvaluationSpec(
        int interval,
        @Nullable Integer start,
        boolean byEpoch,
        @Nullable BestRule best,
        @Nullable Path outDir,
        List<String> metrics,
        MetricOptions options,
        boolean broadcastBuffers) {
    public EvaluationSpec {
        metrics = List.copyOf(metrics);
    }

    static EvaluationSpec read(Fields f, RunnerSpec runner) {
        f.ignore("gpu_collect", "tmpdir"); // how mmcv gathers results
        int interval = f.integer("interval", 1);
        require(
                interval > 0,
                "%s: evaluation.interval must be positive, got %d; --no-validate leaves evaluation out",
                f.dict().at(),
                interval);
        Integer start = f.has("start") ? (Integer) f.integer("start") : null;
        if (start != null && start < 0) {
            throw f.error("start", "must not be negative, got " + start);
        }
        if (f.has("file_client_args")) {
            throw f.error("file_client_args", "asks for a storage service; only folders are supported, leave it out");
        }
        List<String> metrics = f.texts("metric", List.of());
        Metrics.check(metrics);
        Fields options = f.dictOrNull("metric_options");
        String outDir = f.textOrNull("out_dir");
        EvaluationSpec spec = new EvaluationSpec(
                interval,
                start,
                f.bool("by_epoch", runner.byEpoch()) && runner.byEpoch(),
                BestRule.read(f),
                outDir == null ? null : Path.of(outDir),
                metrics,
                options == null ? MetricOptions.DEFAULT : MetricOptions.read(options),
                f.bool("broadcast_bn_buffer", true));
        f.done();
        return spec;
    }

    /** Whether to evaluate behind that many epochs or iterations. */
    public boolean due(long done) {
        if (start == null) {
            return done % interval == 0;
        }
        return done >= start && (done - start) % interval == 0;
    }

    /** Where the best checkpoint of a run goes. */
    public Path folder(Path workDir) {
        return CheckpointSpec.folder(outDir, workDir);
    }
}
