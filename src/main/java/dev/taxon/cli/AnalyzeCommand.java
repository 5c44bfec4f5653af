package dev.taxon.cli;

import dev.taxon.Analyzer;
import dev.taxon.Tester;
import dev.taxon.UserError;
import dev.taxon.data.dataset.Dataset;
import dev.taxon.metric.Confusion;
import dev.taxon.report.Progress;
import dev.taxon.result.ResultFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows where a model is right and where it is wrong. */
@Command(
        name = "analyze",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Shows where a model is right and wrong, from a result file that a test wrote with --out (Taxon's or mmcls's):",
            "folders success and fail with images and a JSON file about them, a contact sheet of both, and the pairs of classes",
            "that are mixed up most."
        },
        footer = {"", "Example:", "  engine analyze CONFIG result.pkl --out-dir analysis --topk 50"})
final class AnalyzeCommand implements Runnable {
    @Parameters(
            index = "0",
            paramLabel = "CONFIG",
            description = "config file of that test: its data.test has images and labels")
    private Path config = Path.of("");

    @Parameters(
            index = "1",
            paramLabel = "RESULT",
            description = "a .pkl, .json or .yaml file with pred_score, pred_label, pred_class")
    private Path result = Path.of("");

    @Option(names = "--out-dir", paramLabel = "DIR", description = "where to write; default: ${DEFAULT-VALUE}")
    private Path outDir = Path.of("analysis");

    @Option(names = "--topk", paramLabel = "N", description = "images of each kind; default: ${DEFAULT-VALUE}")
    private int topk = 20;

    @Option(
            names = "--highest",
            description =
                    "the images with the highest scores: failures that the model was sure of; default: the lowest, as in mmcls")
    private boolean highest;

    @Mixin
    private ConfigOptions overrides = new ConfigOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        UserError.require(topk > 0, "--topk must be positive, got %d", topk);
        ResultFile file = ResultFile.read(result);
        try (Dataset dataset = Tester.testData(overrides.load(config))) {
            Analyzer.Summary summary = Analyzer.analyze(dataset, file, outDir, topk, highest, Progress.console());
            print(summary, dataset.classes());
        }
    }

    private void print(Analyzer.Summary summary, List<String> classes) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%d of %d images are right (%.2f %%)%n",
                summary.right(),
                summary.images(),
                100.0 * summary.right() / Math.max(1, summary.images()));
        if (!summary.confused().isEmpty()) {
            out.println("most confused:");
        }
        for (Confusion.Pair pair : summary.confused()) {
            out.printf(
                    "%6d  %s taken for %s%n", pair.count(), classes.get(pair.actual()), classes.get(pair.predicted()));
        }
        out.println("see " + outDir.resolve("contact_sheet.png") + ", " + outDir.resolve("fail") + " and "
                + outDir.resolve("success"));
    }
}
