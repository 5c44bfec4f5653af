package dev.taxon.cli;

import dev.taxon.TestResult;
import dev.taxon.Tester;
import dev.taxon.UserError;
import dev.taxon.checkpoint.hub.Hub;
import dev.taxon.config.Config;
import dev.taxon.config.Nearest;
import dev.taxon.dist.Communicator;
import dev.taxon.metric.MetricOptions;
import dev.taxon.metric.Metrics;
import dev.taxon.report.Caption;
import dev.taxon.report.MetricText;
import dev.taxon.report.Progress;
import dev.taxon.result.Predictions;
import dev.taxon.result.ResultFormat;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Evaluates a checkpoint. */
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs a checkpoint on the data set data.test of a config: prints metrics, writes predictions, draws them.",
            "Shares are in percent."
        },
        footer = {
            "",
            "Examples:",
            "  engine test CONFIG work/latest.pth --metrics accuracy precision recall f1_score support",
            "  engine test CONFIG work/latest.pth --metrics accuracy --metric-options topk=1,3 --out result.pkl",
            "  engine test CONFIG work/latest.pth --out predictions.csv --show-dir pictures"
        })
final class TestCommand implements Runnable {
    @Parameters(index = "0", paramLabel = "CONFIG", description = "config file: .py, .json or .yaml")
    private Path config = Path.of("");

    @Parameters(index = "1", paramLabel = "CHECKPOINT", description = CheckpointName.DESCRIPTION)
    private String checkpoint = "";

    @Mixin
    private MetricArguments metrics = new MetricArguments();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = {
                "write metrics and predictions: .json, .yaml, .pkl (NumPy arrays),",
                "or .csv (a line an image, without metrics)"
            })
    private @Nullable Path out;

    @Option(
            names = "--out-items",
            arity = "1..*",
            paramLabel = "ITEM",
            description = {
                "what --out has beside the metrics: class_scores, pred_score,",
                "pred_label, pred_class, none, or all (default)"
            })
    private List<String> outItems = new ArrayList<>(List.of("all"));

    @Option(
            names = "--show-dir",
            paramLabel = "DIR",
            description = "write the images with their predictions drawn on them")
    private @Nullable Path showDir;

    @Option(
            names = "--show-options",
            arity = "1..*",
            paramLabel = "KEY=VALUE",
            description = "how they are drawn: text_color=yellow, font_scale=0.5, row_width=20")
    private List<String> showOptions = new ArrayList<>();

    @Option(names = "--show", description = "not here: Taxon opens no windows; see --show-dir")
    private boolean show;

    @Mixin
    private ConfigOptions overrides = new ConfigOptions();

    @Mixin
    private DeviceOptions device = new DeviceOptions();

    @Mixin
    private LauncherOptions launcher = new LauncherOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        PrintWriter err = spec.commandLine().getErr();
        UserError.require(
                !show, "--show opens windows, which Taxon does not; --show-dir DIR writes the pictures to files");
        UserError.require(
                !metrics.names().isEmpty() || out != null || showDir != null,
                "nothing to do: give at least one of --metrics (such as --metrics accuracy), --out and --show-dir");
        MetricOptions options = metrics.options();
        List<String> items = items();
        Caption caption = Caption.of(showOptions);
        launcher.check(err);
        launcher.ranks().run(ranks -> test(ranks, options, items, caption));
    }

    private void test(Communicator ranks, MetricOptions options, List<String> items, Caption caption) {
        if (ranks.isFirst()) {
            prepare(out);
        }
        Config loaded = overrides.load(config);
        Progress progress = Ranks.progress(ranks);
        Path file = Hub.standard(progress).locate(checkpoint);
        PrintWriter err = spec.commandLine().getErr();
        PrintStream warnings = System.err;
        try (TestResult result = Tester.test(loaded, file, device.device(), warnings, progress, ranks)) {
            if (!ranks.isFirst()) {
                return;
            }
            Map<String, Object> values =
                    metrics.names().isEmpty() ? Map.of() : result.metrics(metrics.names(), options);
            Metrics.notes(metrics.names(), options, result.predictions().classes())
                    .forEach(note -> err.println("note: " + note));
            err.flush();
            PrintWriter console = spec.commandLine().getOut();
            values.forEach((name, value) -> console.println("\n" + name + " : " + MetricText.of(value)));
            if (out != null) {
                console.println("\ndumping results to " + out);
                console.flush();
                result.write(out, values, items);
            }
            if (showDir != null) {
                result.show(showDir, caption, progress);
                console.println(
                        "\n%d pictures are in %s".formatted(result.predictions().count(), showDir));
            }
        }
    }

    private List<String> items() {
        List<String> known = Stream.concat(Predictions.ITEMS.stream(), Stream.of("none", "all"))
                .toList();
        for (String item : outItems) {
            if (!known.contains(item)) {
                throw UserError.of("--out-items: '%s' is no item; %s", item, Nearest.suggestion(item, known));
            }
        }
        if (outItems.contains("none")) {
            return List.of();
        }
        return outItems.contains("all") ? Predictions.ITEMS : outItems;
    }

    /** Refuses a place that takes no file, before the work is done. */
    private static void prepare(@Nullable Path file) {
        if (file == null) {
            return;
        }
        ResultFormat.of(file);
        Path folder = file.toAbsolutePath().getParent();
        UserError.require(!Files.isDirectory(file), "--out %s is a folder; give the name of a file", file);
        try {
            if (folder != null) {
                Files.createDirectories(folder);
                UserError.require(Files.isWritable(folder), "--out %s: nothing can be written into %s", file, folder);
            }
        } catch (IOException e) {
            throw new UserError("--out " + file + ": its folder cannot be made: " + e, e);
        }
    }
}
