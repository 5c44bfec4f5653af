package dev.taxon;

import dev.taxon.config.Config;
import dev.taxon.config.Fields;
import dev.taxon.data.DataLoader;
import dev.taxon.data.dataset.Dataset;
import dev.taxon.device.Options;
import dev.taxon.metric.MetricOptions;
import dev.taxon.metric.Metrics;
import dev.taxon.metric.Scores;
import dev.taxon.model.ImageClassifier;
import dev.taxon.report.Progress;
import dev.taxon.report.RunLog;
import dev.taxon.report.Version;
import dev.taxon.train.DataSpec;
import dev.taxon.train.Evaluation;
import dev.taxon.train.InputData;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Evaluates a checkpoint on {@code data.test}: what {@code engine test} calls. */
public final class Tester {
    private Tester() {}

    /**
     * The metrics by name, in percent; see {@link Metrics#evaluate}.
     *
     * @param metrics names of metrics
     * @param metricOptions {@code key=value} as on the command line; as in mmcls, those of the config's {@code evaluation} are not used
     * @param device name of a device, over the config's; null leaves it
     * @param console gets warnings and what is fetched
     */
    public static Map<String, Object> test(
            Config config,
            Path checkpoint,
            List<String> metrics,
            List<String> metricOptions,
            @Nullable String device,
            PrintStream console,
            Progress progress) {
        Metrics.check(metrics);
        MetricOptions options = options(metricOptions);
        ImageClassifier model = ImageClassifier.read(config.fields().dict("model"));
        DataSpec data = DataSpec.of(config.fields());
        try (RunLog log = RunLog.console(console, progress)) {
            log.info(Version.current().line());
            Dataset dataset = InputData.open(data.test() == null ? data.val() : data.test(), true);
            InputData.checkClasses(model, dataset);
            try (LoadedModel loaded = LoadedModel.open(
                            model,
                            InputData.shape(dataset),
                            checkpoint,
                            Settings.read(config.fields()).on(device),
                            log::warning);
                    DataLoader loader = InputData.loader(
                            loaded.session(),
                            Options.eval(data.testLoader().samplesPerGpu()),
                            dataset,
                            data.testLoader())) {
                log.info(loaded.device());
                Scores scores = Evaluation.run(loaded.session(), loader, progress, log::warning);
                return Metrics.evaluate(scores, metrics, options);
            }
        }
    }

    private static MetricOptions options(List<String> keyValues) {
        if (keyValues.isEmpty()) {
            return MetricOptions.DEFAULT;
        }
        return MetricOptions.read(
                new Fields(Config.parse("", "--metric-options").with(keyValues).root(), "--metric-options"));
    }
}
