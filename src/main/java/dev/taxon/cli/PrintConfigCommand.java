package dev.taxon.cli;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a config with its bases merged in. */
@Command(
        name = "print-config",
        mixinStandardHelpOptions = true,
        description = "Prints the config with its _base_ files and --cfg-options merged in.")
final class PrintConfigCommand implements Runnable {
    @Parameters(index = "0", paramLabel = "CONFIG", description = "config file: .py, .json or .yaml")
    private Path config = Path.of("");

    @Mixin
    private ConfigOptions overrides = new ConfigOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().getOut().println(overrides.load(config).prettyText());
    }
}
