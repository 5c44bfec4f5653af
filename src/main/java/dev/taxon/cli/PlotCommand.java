package dev.taxon.cli;

import static dev.taxon.UserError.require;

import dev.taxon.Tester;
import dev.taxon.UserError;
import dev.taxon.data.dataset.Dataset;
import dev.taxon.metric.Confusion;
import dev.taxon.report.ConfusionChart;
import dev.taxon.report.CurvePanels;
import dev.taxon.report.RunCurves;
import dev.taxon.result.ResultFile;
import dev.taxon.train.Evaluation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Draws the curves of runs, or a confusion matrix. */
@Command(
        name = "plot",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Draws what runs logged, against the iteration: by default loss, accuracy and learning rate, a panel each.",
            "With --confusion, the confusion matrix of a test instead."
        },
        footer = {
            "",
            "Examples:",
            "  engine plot work_dirs/a/*.log.json work_dirs/b/*.log.json --out runs.png",
            "  engine plot work_dirs/a/*.log.json --keys loss lr --legend mine --out runs.svg",
            "  engine plot --train-time work_dirs/a/*.log.json",
            "  engine plot --confusion result.pkl --config CONFIG --out confusion.png"
        })
final class PlotCommand implements Runnable {
    @Parameters(index = "0..*", paramLabel = "LOG", description = ".log.json files of runs")
    private List<Path> logs = new ArrayList<>();

    @Option(
            names = "--keys",
            arity = "1..*",
            paramLabel = "KEY",
            description = "what to draw, such as loss accuracy_top-1 lr grad_norm: a panel each")
    private List<String> keys = new ArrayList<>();

    @Option(
            names = "--legend",
            arity = "1..*",
            paramLabel = "NAME",
            description = "a name for each run; default: its folder or file")
    private List<String> legend = new ArrayList<>();

    @Option(names = "--title", paramLabel = "TEXT", description = "title of the picture")
    private @Nullable String title;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "picture to write: .png, .jpg or .svg; default: plot.png, or confusion.png")
    private @Nullable Path out;

    @Option(
            names = "--window-size",
            paramLabel = "W*H",
            description = "size of the picture in hundreds of pixels; default: ${DEFAULT-VALUE}")
    private String windowSize = "12*7";

    @Option(
            names = {"--train-time", "--cal-train-time"},
            description = "print how long iterations took (mmcls's cal_train_time), and draw nothing")
    private boolean trainTime;

    @Option(names = "--include-outliers", description = "with --train-time: the first value of each epoch counts, too")
    private boolean includeOutliers;

    @Option(names = "--confusion", paramLabel = "RESULT", description = "a .pkl, .json or .yaml file of a test")
    private @Nullable Path confusion;

    @Option(
            names = "--config",
            paramLabel = "CONFIG",
            description =
                    "with --confusion: config of that test, for labels and names of classes; needed unless the test had"
                            + " --metrics confusion_matrix")
    private @Nullable Path config;

    @Option(
            names = {"--style", "--backend"},
            paramLabel = "NAME",
            description = "of mmcls's; no effect",
            hidden = true)
    private @Nullable String style;

    @Mixin
    private ConfigOptions overrides = new ConfigOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        if (confusion != null) {
            require(logs.isEmpty(), "--confusion draws one result file; leave the logs out");
            drawConfusion(confusion);
            return;
        }
        if (style != null) {
            spec.commandLine().getErr().println("note: --style and --backend have no effect");
        }
        require(!logs.isEmpty(), "nothing to draw: give .log.json files of runs, or --confusion RESULT");
        List<RunCurves> runs = logs.stream().map(RunCurves::read).toList();
        if (trainTime) {
            runs.forEach(run -> spec.commandLine().getOut().println(run.trainTime(includeOutliers)));
            return;
        }
        drawCurves(runs);
    }

    private Path file(String otherwise) {
        Path file = out == null ? Path.of(otherwise) : out;
        require(
                file.toString().matches("(?i).*\\.(png|jpe?g|svg)"),
                "--out %s: a picture's name ends with .png, .jpg or .svg",
                file);
        return file;
    }

    private void drawCurves(List<RunCurves> runs) {
        require(
                windowSize.matches("[1-9][0-9]?\\*[1-9][0-9]?"),
                "--window-size takes a width and a height in hundreds of pixels, such as 12*7, got %s",
                windowSize);
        Path file = file("plot.png");
        List<String> drawn = keys.isEmpty() ? usualKeys(runs) : List.copyOf(new LinkedHashSet<>(keys));
        int each = runs.size() * drawn.size();
        require(
                legend.isEmpty() || legend.size() == runs.size() || legend.size() == each,
                "--legend has %d names; give one for each of the %d runs, or for each of the %d curves",
                legend.size(),
                runs.size(),
                each);
        List<CurvePanels.Panel> panels = new ArrayList<>();
        for (int k = 0; k < drawn.size(); k++) {
            List<CurvePanels.Curve> curves = new ArrayList<>();
            Set<String> taken = new LinkedHashSet<>();
            for (int i = 0; i < runs.size(); i++) {
                String name = name(i, k, drawn.size());
                String own = taken.add(name) ? name : name + " (" + (i + 1) + ")";
                taken.add(own);
                curves.add(runs.get(i).curve(drawn.get(k), own, i));
            }
            panels.add(new CurvePanels.Panel(drawn.get(k), curves));
        }
        String[] size = windowSize.split("\\*", -1);
        new CurvePanels(title, "iteration", panels)
                .write(file, 100 * Integer.parseInt(size[0]), 100 * Integer.parseInt(size[1]));
        spec.commandLine().getOut().println("save curve to: " + file);
    }

    private static List<String> usualKeys(List<RunCurves> runs) {
        Set<String> keys = new LinkedHashSet<>(List.of("loss"));
        runs.forEach(run -> run.metric().ifPresent(keys::add));
        keys.add("lr");
        List<String> common = keys.stream()
                .filter(key -> runs.stream().allMatch(run -> run.keys().contains(key)))
                .toList();
        require(!common.isEmpty(), "the logs have no loss, metric or lr in common; choose with --keys");
        return common;
    }

    /** The run's folder where the runs are in several, else the file's name, without what all logs end with. */
    private String name(int run, int key, int keyCount) {
        if (legend.size() == logs.size()) {
            return legend.get(run);
        }
        if (!legend.isEmpty()) {
            return legend.get(run * keyCount + key);
        }
        Path log = logs.get(run).toAbsolutePath();
        Path folder = log.getParent();
        long folders = logs.stream()
                .map(l -> String.valueOf(l.toAbsolutePath().getParent()))
                .distinct()
                .count();
        Path shown =
                folders == logs.size() && logs.size() > 1 && folder != null ? folder.getFileName() : log.getFileName();
        return String.valueOf(shown).replaceFirst("(\\.log)?\\.json$", "");
    }

    private void drawConfusion(Path result) {
        Path file = file("confusion.png");
        ResultFile saved = ResultFile.read(result);
        if (config == null) {
            Confusion matrix = new Confusion(saved.confusion()
                    .orElseThrow(() -> UserError.of(
                            "%s has no confusion_matrix; give --config CONFIG of that test, for the labels", result)));
            List<String> numbers = IntStream.range(0, matrix.classes())
                    .mapToObj(Integer::toString)
                    .toList();
            draw(matrix, numbers, file);
            return;
        }
        try (Dataset dataset = Tester.testData(overrides.load(config))) {
            draw(Confusion.of(Evaluation.of(dataset, saved).scores()), dataset.classes(), file);
        }
    }

    private void draw(Confusion matrix, List<String> names, Path file) {
        new ConfusionChart(matrix, names, title == null ? "Confusion matrix" : title).write(file);
        spec.commandLine().getOut().println("save confusion matrix to: " + file);
    }
}
