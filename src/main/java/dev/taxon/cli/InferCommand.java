package dev.taxon.cli;

import dev.taxon.Classifier;
import dev.taxon.checkpoint.hub.Hub;
import dev.taxon.config.Config;
import dev.taxon.report.Progress;
import dev.taxon.report.PythonJson;
import dev.taxon.report.Version;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Classifies one image. */
@Command(
        name = "infer",
        mixinStandardHelpOptions = true,
        description = "Classifies one image and prints mmcls's result as JSON.")
final class InferCommand implements Runnable {
    @Parameters(index = "0", paramLabel = "IMAGE", description = "a JPEG, PNG, BMP or GIF file")
    private Path image = Path.of("");

    @Parameters(index = "1", paramLabel = "CONFIG", description = "config file: .py, .json or .yaml")
    private Path config = Path.of("");

    @Mixin
    private ConfigOptions overrides = new ConfigOptions();

    @Parameters(index = "2", paramLabel = "CHECKPOINT", description = CheckpointName.DESCRIPTION)
    private String checkpoint = "";

    @Mixin
    private DeviceOptions device = new DeviceOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        Config loaded = overrides.load(config);
        Path file = Hub.standard(Progress.console()).locate(checkpoint);
        try (Classifier classifier = Classifier.open(loaded, file, device.device())) {
            PrintWriter err = spec.commandLine().getErr();
            err.println(Version.current().line());
            err.println(classifier.device());
            classifier.note().ifPresent(err::println);
            spec.commandLine()
                    .getOut()
                    .println(PythonJson.dumps(classifier.classify(image).toMap(), 4));
        }
    }
}
