package dev.taxon;

import dev.taxon.config.Config;
import dev.taxon.metric.MetricOptions;
import dev.taxon.metric.Metrics;
import dev.taxon.report.Progress;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Evaluates checkpoints for a program: what {@code engine test} computes, without printing. */
public final class Evaluator {
    private Evaluator() {}

    /**
     * Metrics of a checkpoint on the config's {@code data.test}.
     *
     * @param metrics names as {@code engine test --metrics} takes them, such as {@code accuracy}
     * @return by mmcls's names, in percent: {@code accuracy_top-1}
     * @throws UserError for a mistake in config, data, checkpoint or names
     */
    public static Map<String, Object> evaluate(Path config, Path checkpoint, List<String> metrics) {
        return evaluate(Config.load(config), checkpoint, metrics);
    }

    /** As {@link #evaluate(Path, Path, List)}, with a config that was read already. */
    public static Map<String, Object> evaluate(Config config, Path checkpoint, List<String> metrics) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        Metrics.check(metrics);
        try (TestResult result = Tester.test(config, checkpoint, null, nowhere, Progress.none())) {
            return result.metrics(metrics, MetricOptions.DEFAULT);
        }
    }
}
