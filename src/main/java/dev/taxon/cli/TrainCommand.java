package dev.taxon.cli;

import static dev.taxon.UserError.require;

import dev.taxon.Trainer;
import dev.taxon.checkpoint.hub.Hub;
import dev.taxon.config.Config;
import dev.taxon.report.Progress;
import dev.taxon.train.Supervision;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Trains a classifier. */
@Command(name = "train", mixinStandardHelpOptions = true, description = "Trains a classifier.")
final class TrainCommand implements Runnable {
    @Parameters(index = "0", paramLabel = "CONFIG", description = "config file: .py, .json or .yaml")
    private Path config = Path.of("");

    @Mixin
    private ConfigOptions overrides = new ConfigOptions();

    @Mixin
    private DeviceOptions device = new DeviceOptions();

    @Option(names = "--work-dir", paramLabel = "DIR", description = "logs and checkpoints; default work_dirs/CONFIG")
    private @Nullable Path workDir;

    @Option(names = "--resume-from", paramLabel = "CKPT", description = "go on with weights, optimizer and progress")
    private @Nullable String resumeFrom;

    @Option(
            names = "--skip-head",
            description = "load_from leaves the head as it is initialized: for another set of classes")
    private boolean skipHead;

    @Option(names = "--no-validate", description = "do not evaluate while training")
    private boolean noValidate;

    @Option(names = "--seed", paramLabel = "N", description = "the same seed gives the same run")
    private @Nullable Long seed;

    @Option(names = "--deterministic", description = "runs are so without it, too")
    private boolean deterministic;

    @Option(names = "--launcher", paramLabel = "NAME", description = "none")
    private String launcher = "none";

    @Override
    public void run() {
        require(launcher.equals("none"), "--launcher must be none in this version, got '%s'", launcher);
        Progress progress = Progress.console();
        Config loaded = overrides.load(config);
        if (skipHead) {
            loaded = loaded.with(List.of("taxon.skip_head=True"));
        }
        Path resumed = resumeFrom == null ? null : Hub.standard(progress).locate(resumeFrom);
        Trainer.Arguments arguments =
                new Trainer.Arguments(workDir, resumed, !noValidate, seed, deterministic, device.device());
        String name = String.valueOf(config.getFileName());
        Trainer.train(loaded, name, arguments, System.out, progress, Supervision.NONE);
    }
}
