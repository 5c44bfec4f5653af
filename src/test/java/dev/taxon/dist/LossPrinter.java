package dev.taxon.dist;

import dev.taxon.Trainer;
import dev.taxon.config.Config;
import dev.taxon.report.Progress;
import dev.taxon.train.Hook;
import dev.taxon.train.Runner;
import dev.taxon.train.Supervision;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/**
 * Trains a config as a rank of a job, or as one process, and prints the loss of each iteration to the last bit. Arguments: config,
 * work_dir, {@code KEY=VALUE} overrides.
 */
final class LossPrinter {
    private LossPrinter() {}

    public static void main(String[] args) {
        Launch launch = Launch.of(System.getenv());
        try (Communicator ranks =
                launch.by() == null ? Communicator.alone() : new MpiCommunicator(launch, System.err)) {
            Hook printer = new Hook() {
                @Override
                public void afterTrainIter(Runner runner) {
                    if (ranks.isFirst()) {
                        System.out.println("loss " + runner.loss());
                    }
                }
            };
            Trainer.Arguments arguments = new Trainer.Arguments(Path.of(args[1]), null, true, 3L, false, null);
            Trainer.train(
                    Config.load(Path.of(args[0])).with(List.of(args).subList(2, args.length)),
                    "job.py",
                    arguments,
                    new PrintStream(OutputStream.nullOutputStream()),
                    Progress.none(),
                    new Supervision(List.of(printer), () -> false),
                    ranks);
        }
    }
}
