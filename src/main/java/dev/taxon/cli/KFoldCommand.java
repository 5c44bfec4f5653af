package dev.taxon.cli;

import dev.taxon.KFold;
import dev.taxon.Trainer;
import dev.taxon.UserError;
import dev.taxon.config.Config;
import dev.taxon.report.FoldTable;
import dev.taxon.report.Progress;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** K-fold cross-validation. */
@Command(
        name = "kfold",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "K-fold cross-validation: splits data.train, trains once for each fold on the others, and validates on it.",
            "Logs and checkpoints go to WORK_DIR/fold0, fold1, …; at the end comes a table of all folds."
        },
        footer = {
            "",
            "Examples:",
            "  engine kfold CONFIG --num-splits 5",
            "  engine kfold CONFIG --num-splits 5 --resume-from work_dirs/NAME/fold2/latest.pth",
            "  engine kfold CONFIG --num-splits 5 --summary"
        })
final class KFoldCommand implements Runnable {
    @Parameters(index = "0", paramLabel = "CONFIG", description = "config file: .py, .json or .yaml")
    private Path config = Path.of("");

    @Option(names = "--num-splits", paramLabel = "K", required = true, description = "number of folds, at least 2")
    private int splits;

    @Option(
            names = "--fold",
            paramLabel = "N",
            description = "train this fold only, from 0 on; needs --seed, so that all folds are of one split")
    private @Nullable Integer fold;

    @Option(names = "--summary", description = "only print the table of the folds that are done")
    private boolean summary;

    @Option(
            names = "--work-dir",
            paramLabel = "DIR",
            description = "default: the config's work_dir, or work_dirs/CONFIG")
    private @Nullable Path workDir;

    @Option(
            names = "--resume-from",
            paramLabel = "CKPT",
            description = "a checkpoint of a fold: goes on with that fold, then with those behind it")
    private @Nullable Path resumeFrom;

    @Mixin
    private TrainingOptions training = new TrainingOptions();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "of the split; fold i trains with seed N + i; default: random")
    private @Nullable Long seed;

    @Mixin
    private ConfigOptions overrides = new ConfigOptions();

    @Mixin
    private DeviceOptions device = new DeviceOptions();

    @Mixin
    private LauncherOptions launcher = new LauncherOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        launcher.check(spec.commandLine().getErr());
        launcher.requireAlone("kfold");
        Config loaded = overrides.load(config);
        String name = String.valueOf(config.getFileName());
        String ofConfig = loaded.fields().textOrNull("work_dir");
        Path folder = workDir != null
                ? workDir
                : ofConfig != null ? Path.of(ofConfig) : Path.of("work_dirs", name.replaceFirst("\\.[^.]*$", ""));
        KFold.Origin origin = resumeFrom == null ? null : KFold.Origin.of(resumeFrom);
        KFold folds = new KFold(loaded, name, folder, splits, seed(origin));
        if (!summary) {
            train(folds, origin);
        }
        if (summary || fold == null) {
            List<Path> folders =
                    IntStream.range(0, splits).mapToObj(folds::folder).toList();
            spec.commandLine().getOut().print(FoldTable.of(folders));
            spec.commandLine().getOut().flush();
        }
    }

    private long seed(KFold.@Nullable Origin origin) {
        if (origin != null) {
            UserError.require(
                    origin.splits() == splits,
                    "--resume-from is of a cross-validation with %d folds, and --num-splits is %d",
                    origin.splits(),
                    splits);
            UserError.require(
                    seed == null || seed == origin.seed(),
                    "--resume-from is of a split with seed %d, and --seed is %d: other images would be in the folds",
                    origin.seed(),
                    seed == null ? 0 : seed);
            return origin.seed();
        }
        UserError.require(
                fold == null || seed != null || summary,
                "--fold needs --seed N, the same for all folds: without it each would be of another split");
        UserError.require(seed == null || seed >= 0, "--seed must not be negative, got %d", seed == null ? 0 : seed);
        return seed != null ? seed : new SecureRandom().nextInt(Integer.MAX_VALUE);
    }

    private void train(KFold folds, KFold.@Nullable Origin origin) {
        int resumed = origin == null ? 0 : origin.fold();
        Progress progress = Progress.console();
        PrintStream console = System.out;
        for (int i : fold != null
                ? new int[] {fold}
                : IntStream.range(resumed, splits).toArray()) {
            console.printf("-------- Cross-validation: [%d/%d] -------- %n", i + 1, splits);
            Path from = origin != null && i == resumed ? resumeFrom : null;
            Trainer.Result result = folds.train(
                    i, from, training.validates(), training.deterministic(), device.device(), console, progress);
            if (!result.finished()) {
                return;
            }
        }
    }
}
