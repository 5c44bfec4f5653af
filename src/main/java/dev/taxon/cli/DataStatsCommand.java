package dev.taxon.cli;

import dev.taxon.UserError;
import dev.taxon.data.dataset.Dataset;
import dev.taxon.data.survey.Statistics;
import dev.taxon.data.survey.Statistics.Range;
import dev.taxon.report.Progress;
import dev.taxon.report.PythonJson;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints numbers about a data set. */
@Command(
        name = "stats",
        mixinStandardHelpOptions = true,
        description =
                "Prints classes with their counts, image sizes, and the mean and standard deviation of each channel over all "
                        + "pixels, in the order red, green, blue: what Normalize takes with to_rgb=True.",
        footer = {
            "",
            "Examples:",
            "  engine data stats data/pets.tar/train",
            "  engine data stats CONFIG --phase val --json"
        })
final class DataStatsCommand implements Runnable {
    @Mixin
    private DatasetArgument input = new DatasetArgument();

    @Option(names = "--json", description = "everything as JSON, for programs")
    private boolean json;

    @Option(names = "--num-process", paramLabel = "N", description = "threads; default: one a processor")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        try (Dataset dataset = input.open()) {
            Statistics s = Statistics.of(dataset, threads, Progress.console());
            UserError.require(
                    s.broken() < s.images(), "none of the %,d images can be read; 'data verify' says why", s.images());
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(PythonJson.dumps(tree(dataset.name(), s), 2));
            } else {
                text(dataset.name(), s, out);
            }
        }
    }

    private static Map<String, Object> tree(String name, Statistics s) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("type", name);
        tree.put("images", s.images());
        tree.put("broken", s.broken());
        Map<String, Object> classes = new LinkedHashMap<>();
        for (int k = 0; k < s.classes().size(); k++) {
            classes.merge(s.classes().get(k), s.counts().get(k), (a, b) -> (Integer) a + (Integer) b);
        }
        tree.put("classes", classes);
        tree.put("height", tree(s.heights()));
        tree.put("width", tree(s.widths()));
        tree.put("mean", s.mean());
        tree.put("std", s.std());
        return tree;
    }

    private static Map<String, Object> tree(Range range) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("min", range.min());
        tree.put("median", range.median());
        tree.put("max", range.max());
        return tree;
    }

    private static void text(String name, Statistics s, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%s: %,d images, %d classes%s%n",
                name,
                s.images(),
                s.classes().size(),
                s.broken() == 0 ? "" : "; " + s.broken() + " images cannot be read (see 'data verify')");
        int widest = s.classes().stream().mapToInt(String::length).max().orElse(0);
        for (int k = 0; k < s.classes().size(); k++) {
            int count = s.counts().get(k);
            out.printf(
                    Locale.ROOT,
                    "  %4d  %-" + Math.clamp(widest, 1, 40) + "s %,9d  %5.1f %%%n",
                    k,
                    s.classes().get(k),
                    count,
                    100.0 * count / Math.max(1, s.images()));
        }
        out.printf("        %6s %7s %6s%n", "min", "median", "max");
        for (Map.Entry<String, Range> side :
                List.of(Map.entry("height", s.heights()), Map.entry("width", s.widths()))) {
            Range r = side.getValue();
            out.printf("%-7s %6d %7d %6d%n", side.getKey(), r.min(), r.median(), r.max());
        }
        out.println(
                "mean=" + list(s.mean()) + ", std=" + list(s.std()) + (s.mean().size() == 3 ? ", to_rgb=True" : ""));
        out.flush();
    }

    private static String list(List<Double> values) {
        return values.stream()
                .map(v -> String.format(Locale.ROOT, "%.3f", v))
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
