package dev.taxon.cli;

import dev.taxon.checkpoint.Publish;
import dev.taxon.checkpoint.hub.Hub;
import dev.taxon.report.Progress;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prepares a checkpoint for others. */
@Command(
        name = "publish",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a checkpoint fit to give away: without optimizer, environment and local paths, under the name of its hash,",
            "NAME-{8 hex digits of its SHA-256}.pth, or .safetensors. The same checkpoint gives the same file."
        },
        footer = {
            "",
            "Example:",
            "  engine publish work/latest.pth imagenet_resnet50_20200708.pth",
            "writes imagenet_resnet50_20200708-{8 hex digits}.pth"
        })
final class PublishCommand implements Runnable {
    @Parameters(index = "0", paramLabel = "IN_FILE", description = CheckpointName.DESCRIPTION)
    private String in = "";

    @Parameters(
            index = "1",
            paramLabel = "OUT_FILE",
            description = "path and name of the result, with or without .pth; NAME.safetensors writes that format")
    private Path out = Path.of("");

    @Option(
            names = "--date",
            description = "names the file as mmcls 0.25 does: NAME_YYYYMMDD-{8 hex digits}.pth, with today's date")
    private boolean date;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        Path published = Publish.publish(
                Hub.standard(Progress.console()).locate(in), out, date ? LocalDate.now(ZoneId.systemDefault()) : null);
        spec.commandLine().getOut().println("Successfully generated the publish-ckpt as " + published + ".");
    }
}
