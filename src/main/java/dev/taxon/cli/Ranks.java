package dev.taxon.cli;

import static dev.taxon.UserError.require;

import dev.taxon.UserError;
import dev.taxon.config.Nearest;
import dev.taxon.dist.Communicator;
import dev.taxon.dist.Launch;
import dev.taxon.dist.MpiCommunicator;
import dev.taxon.report.Progress;
import java.io.PrintStream;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The flag {@code --launcher}: whether this is one of several processes. */
final class Ranks {
    private static final long FIRST_SPEAKS = 2000; // ms in which rank 0 says what is wrong for all

    @Option(
            names = "--launcher",
            paramLabel = "NAME",
            description = {
                "none (default); mpi or slurm: this is one of several processes that",
                "mpirun or srun has started: mpirun -n 2 engine … --launcher mpi"
            })
    private String launcher = "none";

    @Option(
            names = {"--local_rank", "--local-rank"},
            paramLabel = "N",
            hidden = true,
            description = "given by PyTorch's launcher")
    private int localRank;

    /** Refuses launchers that are not there. */
    void check() {
        List<String> known = List.of("none", "mpi", "slurm", "pytorch");
        require(
                known.contains(launcher),
                "--launcher %s is not known; %s",
                launcher,
                Nearest.suggestion(launcher, known));
        require(
                !launcher.equals("pytorch"),
                "--launcher pytorch starts Python processes; several processes of Taxon are started by MPI: mpirun -n 2"
                        + " engine … --launcher mpi, or scripts/dist_train.sh CONFIG 2");
        require(
                localRank == 0,
                "--local_rank %d is of PyTorch's launcher; mpirun and --launcher mpi need none",
                localRank);
    }

    /** Whether there may be several processes. */
    boolean distributed() {
        return !launcher.equals("none");
    }

    /** What starts as many processes again, before the command; nothing for one. */
    String starter(Communicator ranks) {
        return ranks.size() == 1 ? "" : (launcher.equals("slurm") ? "srun -n " : "mpirun -n ") + ranks.size() + " ";
    }

    /**
     * Does the work as one process, or as one of several: then what goes wrong in one ends all of them, and is said once.
     *
     * @throws UserError as {@code work} does, with one process
     */
    void run(Consumer<Communicator> work) {
        check();
        Launch launch = Launch.of(System.getenv());
        if (!distributed()) {
            launch.requireAlone();
            work.accept(Communicator.alone());
            return;
        }
        require(
                launch.by() != null,
                "--launcher %s: neither mpirun nor srun has started this process; mpirun -n 2 java -jar engine.jar … --launcher mpi"
                        + " does, and scripts/dist_train.sh",
                launcher);
        Communicator ranks = new MpiCommunicator(launch, System.err);
        try {
            work.accept(ranks);
        } catch (UserError e) {
            end(ranks, "error: " + e.getMessage(), Engine.EXIT_USER);
        } catch (RuntimeException | Error e) {
            e.printStackTrace(System.err);
            end(ranks, "error: a bug in Taxon, see above", Engine.EXIT_BUG);
        }
        ranks.close();
    }

    private static void end(Communicator ranks, String sentence, int code) {
        PrintStream err = System.err;
        if (!ranks.isFirst()) { // a mistake of the config's is everybody's; rank 0 says it and ends the others
            try {
                Thread.sleep(FIRST_SPEAKS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            err.println("rank " + ranks.rank() + ": " + sentence);
        } else {
            err.println(sentence);
        }
        err.flush();
        ranks.abort(code);
    }

    /** What a terminal shows in place: of one process only. */
    static Progress progress(Communicator ranks) {
        return ranks.isFirst() ? Progress.console() : Progress.none();
    }
}
