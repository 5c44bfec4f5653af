package dev.taxon.cli;

import dev.taxon.Tester;
import dev.taxon.UserError;
import dev.taxon.data.dataset.Dataset;
import dev.taxon.metric.MetricOptions;
import dev.taxon.metric.Metrics;
import dev.taxon.report.PythonText;
import dev.taxon.result.ResultFile;
import dev.taxon.train.Evaluation;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Metrics of a result file. */
@Command(
        name = "eval-metric",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Computes metrics from a result file that a test wrote with --out, Taxon's or mmcls's, without running the model.",
            "Prints them as one Python dict, as mmcls does."
        },
        footer = {
            "",
            "Example:",
            "  engine eval-metric CONFIG result.pkl --metrics accuracy recall --metric-options topk=1,3"
        })
final class EvalMetricCommand implements Runnable {
    @Parameters(
            index = "0",
            paramLabel = "CONFIG",
            description = "config file of that test: its data.test has the labels")
    private Path config = Path.of("");

    @Parameters(index = "1", paramLabel = "RESULT", description = "a .pkl, .json or .yaml file with class_scores in it")
    private Path result = Path.of("");

    @Mixin
    private MetricArguments metrics = new MetricArguments();

    @Mixin
    private ConfigOptions overrides = new ConfigOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        UserError.require(
                !metrics.names().isEmpty(), "give at least one metric, such as --metrics accuracy; see --help for all");
        MetricOptions options = metrics.options();
        ResultFile file = ResultFile.read(result);
        try (Dataset dataset = Tester.testData(overrides.load(config))) {
            Evaluation evaluation = Evaluation.of(dataset, file);
            PrintWriter err = spec.commandLine().getErr();
            Metrics.notes(metrics.names(), options, evaluation.scores().classes())
                    .forEach(note -> err.println("note: " + note));
            err.flush();
            spec.commandLine().getOut().println(PythonText.of(evaluation.metrics(dataset, metrics.names(), options)));
        }
    }
}
