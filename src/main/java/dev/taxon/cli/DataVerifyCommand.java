package dev.taxon.cli;

import dev.taxon.UserError;
import dev.taxon.data.dataset.Dataset;
import dev.taxon.data.survey.Verification;
import dev.taxon.data.survey.Verification.Broken;
import dev.taxon.report.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Finds broken images, as mmcls's verify_dataset does. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description =
                "Decodes every image of a data set and lists those that cannot be read, with the reason. Their paths are "
                        + "written to a file, one a line; if there are none, there is no file. Exit code 1: some are broken.",
        footer = {"", "Example:", "  engine data verify CONFIG --phase val --num-process 8"})
final class DataVerifyCommand implements Callable<Integer> {
    @Mixin
    private DatasetArgument input = new DatasetArgument();

    @Option(
            names = "--out-path",
            paramLabel = "FILE",
            description = "gets the paths of broken images; replaced if there; default: ${DEFAULT-VALUE}")
    private Path out = Path.of("brokenfiles.log");

    @Option(names = "--num-process", paramLabel = "N", description = "threads; default: one a processor")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Path folder = out.toAbsolutePath().getParent();
        UserError.require(
                folder != null && Files.isDirectory(folder) && !Files.isDirectory(out),
                "--out-path %s cannot be written: expected a file in an existing folder",
                out);
        PrintWriter console = spec.commandLine().getOut();
        try (Dataset dataset = input.open()) {
            Files.deleteIfExists(out);
            List<Broken> broken = Verification.of(dataset, threads, Progress.console());
            if (broken.isEmpty()) {
                console.printf("%d images verified. There is no broken file found.%n", dataset.size());
                return 0;
            }
            Files.write(out, broken.stream().map(Broken::name).toList());
            console.printf("%d of %d images are broken; their names are in %s%n", broken.size(), dataset.size(), out);
            return 1;
        } catch (IOException e) {
            throw new UserError("--out-path " + out + " cannot be written: " + e, e);
        }
    }
}
