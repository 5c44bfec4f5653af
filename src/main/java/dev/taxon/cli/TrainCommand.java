package dev.taxon.cli;

import static dev.taxon.UserError.require;

import dev.taxon.Trainer;
import dev.taxon.config.Config;
import dev.taxon.device.cuda.CudaLibraries;
import dev.taxon.dist.Communicator;
import dev.taxon.report.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trains a classifier. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Trains a classifier from a config, and evaluates it as it goes.",
            "",
            "Into the work_dir go the log (TIME.log, and TIME.log.json for programs), the config as it was used, a checkpoint"
                    + " behind each epoch (epoch_N.pth; latest.pth is the last), and with evaluation.save_best the best one."
                    + " Data sets that can be had freely are fetched when they are not there.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  engine train configs/lenet/lenet5_mnist.py",
            "  engine train configs/resnet/resnet18_8xb16_cifar10.py --work-dir work/r18 --seed 0",
            "  engine train CONFIG --cfg-options optimizer.lr=0.01 runner.max_epochs=20 evaluation.save_best=auto",
            "  engine train CONFIG --work-dir work/r18 --resume-from auto     go on where a run stopped",
            "  mpirun -n 4 java -jar engine.jar train CONFIG --launcher mpi   by 4 processes (needs openmpi-bin)",
            "",
            "Ctrl-C ends the iteration under way, writes interrupted.pth, and says how to go on; a resumed run gives the same bits"
                    + " as one without a stop."
        })
final class TrainCommand implements Runnable {
    @Parameters(index = "0", paramLabel = "CONFIG", description = "config file: .py, .json or .yaml")
    private Path config = Path.of("");

    @Option(names = "--work-dir", paramLabel = "DIR", description = "logs and checkpoints; default work_dirs/CONFIG")
    private @Nullable Path workDir;

    @Option(
            names = "--resume-from",
            paramLabel = "CKPT",
            description =
                    "go on with weights, optimizer and progress of a checkpoint: a path, an address, or auto for the last"
                            + " whole one in the work_dir (with none there the run starts)")
    private @Nullable String resumeFrom;

    @Option(
            names = "--skip-head",
            description = "load_from leaves the head as it is initialized: for another set of classes")
    private boolean skipHead;

    @Mixin
    private TrainingOptions training = new TrainingOptions();

    @Option(names = "--seed", paramLabel = "N", description = "the same seed gives the same run; default: a random one")
    private @Nullable Long seed;

    @Mixin
    private DeviceOptions device = new DeviceOptions();

    @Mixin
    private ConfigOptions overrides = new ConfigOptions();

    @Option(names = "--diff-seed", description = "no effect: processes draw different numbers without it")
    private boolean diffSeed;

    @Option(
            names = "--gpu-id",
            paramLabel = "N",
            description = "computes on GPU N: --device cuda:N; on the CPU where there is no driver, and says so")
    private @Nullable Integer gpuId;

    @Option(names = "--gpus", paramLabel = "N", description = "of older mmcls: computes on the first GPU")
    private @Nullable Integer gpus;

    @Option(
            names = "--gpu-ids",
            arity = "1..*",
            paramLabel = "N",
            description = "of older mmcls: computes on the first that it names")
    private @Nullable List<Integer> gpuIds;

    @Mixin
    private Ranks launcher = new Ranks();

    @Option(names = "--ipu-replicas", paramLabel = "N", hidden = true, description = "refused")
    private @Nullable Integer ipuReplicas;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        checkFlags();
        launcher.run(this::train);
    }

    private void train(Communicator ranks) {
        Progress progress = Ranks.progress(ranks);
        Config loaded = overrides.load(config);
        if (skipHead) {
            loaded = loaded.with(List.of("taxon.skip_head=True"));
        }
        Trainer.Arguments arguments = new Trainer.Arguments(
                workDir, resumeFrom, training.validates(), seed, training.deterministic(), deviceName());
        String name = String.valueOf(config.getFileName());
        try (Interruption interruption = new Interruption(ranks)) {
            Trainer.Result result =
                    Trainer.train(loaded, name, arguments, System.out, progress, interruption.supervision(), ranks);
            if (!result.finished()) {
                if (ranks.isFirst()) {
                    System.out.println("Stopped; go on with: " + launcher.starter(ranks) + goOn(result.workDir()));
                    System.out.flush();
                }
                ranks.barrier(); // Open MPI kills the others when the first one ends by a signal
            }
        }
    }

    private void checkFlags() {
        launcher.check();
        require(ipuReplicas == null, "--ipu-replicas: there is no support for IPUs; leave it out");
        long given = Stream.of(device.device(), gpuId, gpus, gpuIds)
                .filter(Objects::nonNull)
                .count();
        require(given <= 1, "give one of --device, --gpu-id, --gpus and --gpu-ids, got %d of them", given);
        if (diffSeed) {
            System.err.println("note: --diff-seed has no effect: the ranks draw different numbers anyway");
        }
    }

    /** The device by name; mmcls's flags name a GPU, the first where they name several. Null for the best. */
    private @Nullable String deviceName() {
        Integer gpu =
                gpuId != null ? gpuId : gpus != null ? Integer.valueOf(0) : gpuIds != null ? gpuIds.getFirst() : null;
        if (gpu == null) {
            return device.device();
        }
        if (!CudaLibraries.hasDriver()) {
            System.err.println(
                    "note: there is no NVIDIA driver here, so the run computes on the CPU (see: engine devices)");
            return "cpu";
        }
        if ((gpus != null && gpus > 1) || (gpuIds != null && gpuIds.size() > 1)) {
            System.err.println("note: without a --launcher the run uses one GPU, as in mmcls");
        }
        return "cuda:" + gpu;
    }

    /** This command line, going on from the last checkpoint. */
    private String goOn(Path workDir) {
        return Continuation.of(spec.commandLine().getParseResult().originalArgs(), workDir);
    }
}
