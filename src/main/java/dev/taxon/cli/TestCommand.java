package dev.taxon.cli;

import dev.taxon.Tester;
import dev.taxon.checkpoint.hub.Hub;
import dev.taxon.config.Config;
import dev.taxon.report.Progress;
import dev.taxon.report.PythonJson;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Evaluates a checkpoint. */
@Command(name = "test", mixinStandardHelpOptions = true, description = "Evaluates a checkpoint on data.test.")
final class TestCommand implements Runnable {
    @Parameters(index = "0", paramLabel = "CONFIG", description = "config file: .py, .json or .yaml")
    private Path config = Path.of("");

    @Mixin
    private ConfigOptions overrides = new ConfigOptions();

    @Parameters(index = "1", paramLabel = "CHECKPOINT", description = CheckpointName.DESCRIPTION)
    private String checkpoint = "";

    @Mixin
    private DeviceOptions device = new DeviceOptions();

    @Option(
            names = "--metrics",
            arity = "1..*",
            paramLabel = "NAME",
            required = true,
            description = "accuracy, precision, recall, f1_score, support")
    private List<String> metrics = new ArrayList<>();

    @Option(
            names = "--metric-options",
            arity = "1..*",
            paramLabel = "KEY=VALUE",
            description = "such as topk=1,5 or average_mode=none")
    private List<String> metricOptions = new ArrayList<>();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        Config loaded = overrides.load(config);
        Progress progress = Progress.console();
        Path file = Hub.standard(progress).locate(checkpoint);
        Map<String, Object> values =
                Tester.test(loaded, file, metrics, metricOptions, device.device(), System.err, progress);
        PrintWriter out = spec.commandLine().getOut();
        new LinkedHashMap<>(values).forEach((name, value) -> out.println("\n" + name + " : " + rounded(value)));
    }

    /** Two decimals, as Python prints {@code round(value, 2)}: 84.0, not 84.00. */
    private static String rounded(Object value) {
        return value instanceof List<?> list
                ? "["
                        + String.join(
                                ", ", list.stream().map(TestCommand::rounded).toList()) + "]"
                : PythonJson.repr(Math.rint((Double) value * 100) / 100);
    }
}
