package dev.taxon.cli;

import dev.taxon.Devices;
import dev.taxon.Settings;
import dev.taxon.UserError;
import dev.taxon.device.Device;
import dev.taxon.report.Version;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The command line: names the commands and turns errors into sentences and exit codes. */
@Command(
        name = "engine",
        description =
                "Trains, tests, runs and publishes image classifiers from MMClassification configs and checkpoints.",
        mixinStandardHelpOptions = true,
        versionProvider = Engine.Versions.class,
        subcommands = {
            TrainCommand.class,
            KFoldCommand.class,
            TestCommand.class,
            EvalMetricCommand.class,
            AnalyzeCommand.class,
            InferCommand.class,
            CamCommand.class,
            FlopsCommand.class,
            ProfileCommand.class,
            PublishCommand.class,
            ConvertCommand.class,
            DataCommand.class,
            BrowseCommand.class,
            PrintConfigCommand.class,
            DevicesCommand.class,
            ScheduleCommand.class,
            PlotCommand.class,
            WarmUpCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Help for a command: engine COMMAND --help"})
public final class Engine implements Runnable {
    /** A mistake of the user's. */
    public static final int EXIT_USER = 2;

    /** A bug; sysexits.h calls it EX_SOFTWARE. */
    public static final int EXIT_BUG = 70;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    /** Runs a command line and returns its exit code. */
    public static int run(String... args) {
        CommandLine line = new CommandLine(new Engine());
        line.setExecutionExceptionHandler((error, command, parsed) -> report(error, command.getErr()));
        try {
            return line.execute(args);
        } catch (RuntimeException | Error e) { // from --version, or an Error, which picocli lets through
            return report(e, line.getErr());
        }
    }

    private static int report(Throwable error, PrintWriter err) {
        if (error instanceof UserError) {
            err.println("error: " + error.getMessage());
            err.flush();
            return EXIT_USER;
        }
        err.println("This is a bug in Taxon; please report it with the lines below.");
        error.printStackTrace(err);
        err.flush();
        return EXIT_BUG;
    }

    /** Without a command: help, and the exit code of a mistake. */
    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "give a command");
    }

    /** For {@code --version}. */
    static final class Versions implements IVersionProvider {
        @Override
        public String[] getVersion() {
            try (Device device = Devices.open(new Settings("cpu", 0))) {
                return new String[] {Version.current().line(), device.describe()};
            }
        }
    }
}
