package dev.taxon.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Commands about data sets. */
@Command(
        name = "data",
        mixinStandardHelpOptions = true,
        description = "Looks after data sets: indexes archives, finds broken images, counts and measures, "
                + "packs images into one file, lays out ILSVRC2012.",
        subcommands = {
            DataIndexCommand.class,
            DataVerifyCommand.class,
            DataStatsCommand.class,
            DataPrepareCommand.class,
            DataImageNetCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Help for a command: engine data COMMAND --help"})
final class DataCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "give a command");
    }
}
