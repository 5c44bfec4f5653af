package dev.taxon;

import dev.taxon.checkpoint.Checkpoint;
import dev.taxon.checkpoint.hub.Hub;
import dev.taxon.config.Config;
import dev.taxon.config.Fields;
import dev.taxon.config.KnownKeys;
import dev.taxon.data.DataLoader;
import dev.taxon.data.dataset.Dataset;
import dev.taxon.device.Device;
import dev.taxon.device.LossScale;
import dev.taxon.device.Options;
import dev.taxon.device.Precision;
import dev.taxon.dist.Communicator;
import dev.taxon.graph.Graph;
import dev.taxon.metric.ScoreFunction;
import dev.taxon.model.ImageClassifier;
import dev.taxon.model.Initializer;
import dev.taxon.model.Pretrained;
import dev.taxon.report.Progress;
import dev.taxon.report.RunLog;
import dev.taxon.report.Version;
import dev.taxon.train.DataSpec;
import dev.taxon.train.InputData;
import dev.taxon.train.Optimization;
import dev.taxon.train.Resumption;
import dev.taxon.train.Runner;
import dev.taxon.train.Session;
import dev.taxon.train.Supervision;
import dev.taxon.train.TrainSpec;
import dev.taxon.train.hook.StandardHooks;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Trains a classifier from a config: what {@code engine train} calls. */
public final class Trainer {
    private static final String MMCLS_VERSION = "0.25.0"; // whose files these are like
    private static final String RULE = "-".repeat(60) + "\n";

    private final Config config;
    private final Arguments arguments;
    private final TrainSpec spec;
    private final DataSpec data;
    private final ImageClassifier model;
    private final Path workDir;
    private final RunLog log;
    private final Progress progress;
    private final List<Dataset> opened = new ArrayList<>();
    private final Supervision supervision;
    private final Communicator ranks;

    /**
     * What a run came to.
     *
     * @param workDir where its logs and checkpoints are
     * @param finished whether it trained to the end, or was stopped early by a hook; false: it was cancelled
     */
    public record Result(Path workDir, boolean finished) {}

    /**
     * What a command line adds to a config; null leaves it to the config.
     *
     * @param workDir where logs and checkpoints go; by default {@code work_dirs/<config's name>}
     * @param resumeFrom checkpoint to go on from, with optimizer and progress: a path, an address, or {@code auto} for the last one
     *     of the work_dir
     * @param validate evaluate while training, as the config says
     * @param deterministic asked for; runs are deterministic without it, too
     * @param device name for {@link Devices#open}
     */
    public record Arguments(
            @Nullable Path workDir,
            @Nullable String resumeFrom,
            boolean validate,
            @Nullable Long seed,
            boolean deterministic,
            @Nullable String device) {
        public static final Arguments DEFAULT = new Arguments(null, null, true, null, false, null);
    }

    private Trainer(
            Config config,
            Arguments arguments,
            Path workDir,
            RunLog log,
            Progress progress,
            Supervision supervision,
            Communicator ranks) {
        this.config = config;
        this.arguments = arguments;
        this.workDir = workDir;
        this.log = log;
        this.progress = progress;
        this.supervision = supervision;
        this.ranks = ranks;
        Fields root = config.fields();
        spec = TrainSpec.read(root);
        data = DataSpec.of(root);
        model = ImageClassifier.read(root.dict("model"));
    }

    /**
     * Trains to the end, or until it is cancelled.
     *
     * @param name file name of the config: of its dump in the work_dir, and of the default work_dir
     * @param console gets the log's lines
     * @param supervision follows the run
     * @throws UserError for a mistake in config, data or checkpoint
     */
    public static Result train(
            Config config,
            String name,
            Arguments arguments,
            PrintStream console,
            Progress progress,
            Supervision supervision) {
        return train(config, name, arguments, console, progress, supervision, Communicator.alone());
    }

    /**
     * As {@link #train(Config, String, Arguments, PrintStream, Progress, Supervision)}, as one of several processes that train
     * together. The first logs and writes checkpoints.
     *
     * @param ranks borrowed
     */
    public static Result train(
            Config config,
            String name,
            Arguments arguments,
            PrintStream console,
            Progress progress,
            Supervision supervision,
            Communicator ranks) {
        Fields root = config.fields(); // refuse a bad config before anything is written
        TrainSpec.read(root);
        DataSpec.of(root);
        ImageClassifier.read(root.dict("model"));
        Path workDir = workDir(config, name, arguments);
        try {
            Files.createDirectories(workDir);
        } catch (IOException e) {
            throw UserError.of("work_dir %s cannot be made: %s; give another with --work-dir", workDir, e);
        }
        PrintStream errors = System.err;
        try (RunLog log = ranks.isFirst() ? RunLog.in(workDir, console, progress) : RunLog.of(ranks.rank(), errors)) {
            Trainer trainer = new Trainer(config, arguments, workDir, log, log.progress(), supervision, ranks);
            if (ranks.isFirst()) {
                trainer.dumpConfig(name);
            }
            return new Result(workDir, trainer.run());
        }
    }

    private static Path workDir(Config config, String name, Arguments arguments) {
        String ofConfig = config.fields().textOrNull("work_dir");
        if (arguments.workDir != null) {
            return arguments.workDir;
        }
        return ofConfig != null ? Path.of(ofConfig) : Path.of("work_dirs", name.replaceFirst("\\.[^.]*$", ""));
    }

    private boolean run() {
        try {
            return onDevice();
        } finally {
            opened.forEach(Dataset::close); // behind the loaders, whose threads read from them
        }
    }

    private Dataset open(@Nullable Fields fields, boolean test) {
        Dataset dataset = InputData.open(fields, test, ranks);
        opened.add(dataset);
        InputData.checkClasses(model, dataset);
        return dataset;
    }

    private boolean onDevice() {
        try (Device device = Devices.open(settings())) {
            String environment = Version.current().lines() + "\nDevice: " + device.describe();
            log.info("Environment info:\n" + RULE + environment + "\n" + RULE);
            log.info("Distributed training: " + (ranks.size() == 1 ? "False" : "True, " + ranks.describe()));
            log.info("Config:\n" + config.prettyText());
            config.warnings(KnownKeys.ALL).forEach(log::warning);
            spec.notes(device.precision()).forEach(log::warning);
            Path from = Resumption.find(spec, arguments.resumeFrom, workDir, progress, log);
            if (from == null) {
                return run(device, environment, null);
            }
            try (Checkpoint checkpoint = Checkpoint.open(from)) {
                return run(device, environment, checkpoint);
            }
        }
    }

    /** Ranks of one machine share its cores, unless the config says how many threads each has. */
    private Settings settings() {
        Settings own = Settings.read(config.fields()).on(arguments.device);
        int shared = ranks.threads();
        return own.threads() == 0 ? own.withThreads(shared) : own;
    }

    private boolean run(Device device, String environment, @Nullable Checkpoint resumed) {
        long seed = commonSeed(seed(resumed));
        log.info("Set random seed to " + seed + ", deterministic: True" + (arguments.deterministic ? "" : " (always)"));
        Dataset train = open(data.train(), false);
        Graph graph = model.graph(InputData.shape(train));
        try (Session session = new Session(device, graph, ScoreFunction.of(model.multiLabel()), ranks)) {
            Initializer.initialize(session.weights(), model.inits(graph), seed);
            if (resumed == null) {
                for (Pretrained part : model.pretrained()) {
                    Resumption.load(
                            session.weights(), part, Hub.standard(progress).locate(part.checkpoint()), log);
                }
            }
            return train(session, train, meta(environment, seed, train), seed, resumed);
        }
    }

    private boolean train(
            Session session, Dataset train, Map<String, Object> meta, long seed, @Nullable Checkpoint resumed) {
        Optimization optimization =
                new Optimization(spec.optimizer(), spec.schedule(), spec.momentum(), session.weights());
        scaleLosses(optimization, session.device().precision()); // before loaders ask programs for their input
        Options options = Options.train(data.trainLoader().samplesPerGpu());
        try (DataLoader loader = InputData.trainLoader(
                        session, options, train, data.trainLoader(), seed, model.batchAugments());
                @Nullable DataLoader evaluation = evaluation(session);
                @Nullable DataLoader validation = validation(session, seed)) {
            Runner runner = Runner.of(
                    new Runner.Setup(
                            spec.runner(),
                            session,
                            loader,
                            validation,
                            optimization,
                            log,
                            workDir,
                            seed,
                            Settings.read(config.fields()).exchange(),
                            model.loggedAccuracies(),
                            meta),
                    supervision);
            StandardHooks.add(runner, spec, evaluation);
            supervision.hooks().forEach(runner::add);
            if (resumed != null) {
                Resumption.resume(runner, resumed);
            } else if (spec.loadFrom() != null) {
                boolean skipHead = Settings.read(config.fields()).skipHead();
                Resumption.load(session.weights(), Hub.standard(progress).locate(spec.loadFrom()), skipHead, log);
            }
            return runner.run();
        }
    }

    private void scaleLosses(Optimization optimization, Precision precision) {
        LossScale scale = spec.lossScale();
        if (precision.isHalf()) {
            log.info("convolutions and linear layers train in %s; loss scale %s"
                    .formatted(
                            precision.name().toLowerCase(Locale.ROOT),
                            scale == null
                                    ? "1, as fp16 is not set"
                                    : scale.scale() + (scale.dynamic() ? ", dynamic" : "")));
            if (scale != null) {
                optimization.scaleLosses(scale, log);
            }
        }
    }

    /** The validation set as the key {@code evaluation} wants it: in order, prepared as for tests. */
    private @Nullable DataLoader evaluation(Session session) {
        if (!arguments.validate || spec.evaluation() == null) {
            return null;
        }
        if (data.val() == null) {
            log.warning("the config has no data.val: nothing is evaluated while training");
            return null;
        }
        Dataset val = open(data.val(), true);
        return InputData.loader(session, Options.eval(data.valLoader().samplesPerGpu()), val, data.valLoader());
    }

    /** The validation set for the workflow's {@code val} phases: as in mmcls shuffled, prepared and mixed as for training. */
    private @Nullable DataLoader validation(Session session, long seed) {
        if (!spec.runner().validates()) {
            return null;
        }
        Dataset val = open(data.valPreparedAsTrain(), true);
        Options options = Options.eval(data.trainLoader().samplesPerGpu());
        return InputData.trainLoader(session, options, val, data.trainLoader(), seed, model.batchAugments());
    }

    /** What every checkpoint's {@code meta} begins with, and the first line of the JSON log. */
    private Map<String, Object> meta(String environment, long seed, Dataset train) {
        Map<String, Object> meta = new LinkedHashMap<>();
        meta.put("env_info", environment);
        meta.put("seed", seed);
        meta.put("mmcls_version", MMCLS_VERSION);
        meta.put("config", config.prettyText());
        meta.put("CLASSES", train.classes());
        Fields split = data.train();
        if (split != null && split.text("type", "").equals("KFoldDataset")) {
            Map<String, Object> kfold = new LinkedHashMap<>(); // by which mmcls knows what to resume
            kfold.put("fold", split.integer("fold", 0));
            kfold.put("num_splits", split.integer("num_splits", 5));
            meta.put("kfold", kfold);
        }
        return meta;
    }

    /** {@code --seed}, else the resumed run's, else the config's, else a random one. */
    private long seed(@Nullable Checkpoint resumed) {
        if (arguments.seed != null) {
            return arguments.seed;
        }
        Long ofConfig = spec.seed();
        if (resumed != null && resumed.meta().get("seed") instanceof Long ofCheckpoint) {
            return ofCheckpoint;
        }
        return ofConfig != null ? ofConfig : new SecureRandom().nextInt(Integer.MAX_VALUE);
    }

    /** Rank 0's, for all: a random one differs. */
    private long commonSeed(long own) {
        return ranks.size() == 1
                ? own
                : ByteBuffer.wrap(ranks.broadcast(
                                ByteBuffer.allocate(Long.BYTES).putLong(own).array(), 0))
                        .getLong();
    }

    private void dumpConfig(String name) {
        Path dump = workDir.resolve(name.replaceFirst("\\.[^.]*$", "") + ".py");
        try {
            if (Files.exists(dump) && Files.isSameFile(dump, Path.of(config.name()))) {
                return; // the work_dir is the config's own folder
            }
            Files.writeString(dump, config.prettyText());
        } catch (IOException e) {
            throw UserError.of("%s cannot be written: %s", dump, e);
        }
    }
}
