package dev.taxon.cli;

import dev.taxon.checkpoint.Publish;
import dev.taxon.checkpoint.hub.Hub;
import dev.taxon.report.Progress;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prepares a checkpoint for others. */
@Command(
        name = "publish",
        mixinStandardHelpOptions = true,
        description =
                "Strips what only training needs and names the file by its hash: NAME-{8 hex digits}.pth, or .safetensors.")
final class PublishCommand implements Runnable {
    @Parameters(index = "0", paramLabel = "IN_FILE", description = CheckpointName.DESCRIPTION)
    private String in = "";

    @Parameters(
            index = "1",
            paramLabel = "OUT_FILE",
            description = "path and name of the result, with or without .pth; NAME.safetensors writes that format")
    private Path out = Path.of("");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        Path published = Publish.publish(Hub.standard(Progress.console()).locate(in), out);
        spec.commandLine().getOut().println("Successfully generated the publish-ckpt as " + published + ".");
    }
}
