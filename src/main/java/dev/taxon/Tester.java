package dev.taxon;

import dev.taxon.config.Config;
import dev.taxon.data.DataLoader;
import dev.taxon.data.dataset.Dataset;
import dev.taxon.device.Options;
import dev.taxon.dist.Communicator;
import dev.taxon.model.ImageClassifier;
import dev.taxon.report.Progress;
import dev.taxon.report.RunLog;
import dev.taxon.report.Version;
import dev.taxon.result.Predictions;
import dev.taxon.train.DataSpec;
import dev.taxon.train.Evaluation;
import dev.taxon.train.InputData;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs a checkpoint on {@code data.test}: what {@code engine test} calls. */
public final class Tester {
    private Tester() {}

    /**
     * What the checkpoint says of every image; the caller closes it.
     *
     * @param device name of a device, over the config's; null leaves it
     * @param console gets warnings and what is fetched
     * @throws UserError for a mistake in config, data or checkpoint
     */
    public static TestResult test(
            Config config, Path checkpoint, @Nullable String device, PrintStream console, Progress progress) {
        return test(config, checkpoint, device, console, progress, Communicator.alone());
    }

    /**
     * As {@link #test(Config, Path, String, PrintStream, Progress)}, by several processes: each takes a share of the images, and all
     * have the result of all.
     *
     * @param ranks borrowed
     */
    public static TestResult test(
            Config config,
            Path checkpoint,
            @Nullable String device,
            PrintStream console,
            Progress progress,
            Communicator ranks) {
        ImageClassifier model = ImageClassifier.read(config.fields().dict("model"));
        try (RunLog log = ranks.isFirst() ? RunLog.console(console, progress) : RunLog.of(ranks.rank(), console)) {
            log.info(Version.current().line());
            Dataset dataset = testData(config, ranks);
            try {
                return test(config, model, dataset, checkpoint, device, log, ranks);
            } catch (Throwable e) {
                dataset.close();
                throw e;
            }
        }
    }

    /** The data set {@code data.test}, or else {@code data.val}. */
    public static Dataset testData(Config config) {
        return testData(config, Communicator.alone());
    }

    private static Dataset testData(Config config, Communicator ranks) {
        DataSpec data = DataSpec.of(config.fields());
        return InputData.open(data.test() == null ? data.val() : data.test(), true, ranks);
    }

    private static TestResult test(
            Config config,
            ImageClassifier model,
            Dataset dataset,
            Path checkpoint,
            @Nullable String device,
            RunLog log,
            Communicator ranks) {
        DataSpec data = DataSpec.of(config.fields());
        InputData.checkClasses(model, dataset);
        Options options = Options.eval(data.testLoader().samplesPerGpu());
        Settings settings = Settings.read(config.fields()).on(device);
        int shared = ranks.threads();
        if (settings.threads() == 0) {
            settings = settings.withThreads(shared);
        }
        try (LoadedModel loaded =
                        LoadedModel.open(model, InputData.shape(dataset), checkpoint, settings, ranks, log::warning);
                DataLoader loader = InputData.loader(loaded.session(), options, dataset, data.testLoader())) {
            log.info(loaded.device());
            Evaluation evaluation = Evaluation.run(loaded.session(), loader, log.progress(), log::ownWarning);
            List<String> names = classNames(loaded.classes(), dataset, log);
            return new TestResult(dataset, evaluation, Predictions.of(evaluation.scores(), names));
        }
    }

    /** The checkpoint's, as in mmcls; where it has none that fit, the data set's. */
    private static List<String> classNames(List<String> ofCheckpoint, Dataset dataset, RunLog log) {
        List<String> ofData = dataset.classes();
        if (ofCheckpoint.size() != ofData.size()) {
            log.info("The checkpoint has %s; those of %s are used"
                    .formatted(
                            ofCheckpoint.isEmpty() ? "no class names" : ofCheckpoint.size() + " class names",
                            dataset.name()));
            return ofData;
        }
        if (!ofCheckpoint.equals(ofData)) {
            log.warning("the checkpoint's class names are not those of %s: predicted classes have the checkpoint's"
                    .formatted(dataset.name()));
        }
        return ofCheckpoint;
    }
}
