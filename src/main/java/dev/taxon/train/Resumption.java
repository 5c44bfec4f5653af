package dev.taxon.train;

import dev.taxon.UserError;
import dev.taxon.checkpoint.Checkpoint;
import dev.taxon.checkpoint.KeyMap;
import dev.taxon.checkpoint.LoadReport;
import dev.taxon.checkpoint.Loading;
import dev.taxon.checkpoint.OptimizerState;
import dev.taxon.checkpoint.StateDict;
import dev.taxon.checkpoint.hub.Hub;
import dev.taxon.device.Weights;
import dev.taxon.model.Pretrained;
import dev.taxon.optim.Betas;
import dev.taxon.report.Progress;
import dev.taxon.report.RunLog;
import dev.taxon.train.hook.EmaHook;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Starts a run from a checkpoint: from its weights alone (load_from), or where it stopped (resume_from). */
public final class Resumption {
    /** Fields that schedules change, or that say only how PyTorch computes. */
    private static final Set<String> OF_THE_MOMENT =
            Set.of("lr", "initial_lr", "foreach", "fused", "capturable", "differentiable", "initial_momentum");

    private static final String AUTO = "auto";

    private Resumption() {}

    /**
     * Takes the weights; names that do not match are reported and left as they were initialized, as in mmcv.
     *
     * @param skipHead leave the head as it was initialized
     * @throws UserError if the number of classes differs, unless the head is skipped
     */
    public static void load(Weights weights, Path file, boolean skipHead, RunLog log) {
        log.info("load checkpoint from local path: " + file);
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            LoadReport report = skipHead
                    ? Loading.withoutHead(weights, checkpoint.stateDict())
                    : Loading.into(weights, checkpoint.stateDict(), false).requireSameClasses(file);
            log.info(report.summary());
            warn(report.text(), log);
        }
    }

    /**
     * Takes the weights that a config's {@code init_cfg} or {@code pretrained} names. Names that do not match are reported, as
     * those of {@code load_from}. For a whole model a file without any {@code backbone.} is one of the backbone: so the key
     * {@code pretrained} means what it meant in mmcls 0.12, and what it means in 0.25.
     *
     * @param part what to load, and from which names
     * @param file where {@link Pretrained#checkpoint} is
     */
    public static void load(Weights weights, Pretrained part, Path file, RunLog log) {
        log.info("load %s from: %s".formatted(part.module().isEmpty() ? "model" : part.module(), file));
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            StateDict dict = part.prefix() == null
                    ? checkpoint.stateDict()
                    : KeyMap.DEFAULT.rename(checkpoint.stateDict()).under(part.prefix());
            boolean whole = part.module().isEmpty()
                    && KeyMap.DEFAULT.rename(dict.names()).stream().anyMatch(name -> name.startsWith("backbone."));
            LoadReport report = whole
                    ? Loading.into(weights, dict, false)
                    : Loading.module(weights, dict, part.module().isEmpty() ? "backbone" : part.module());
            log.info(report.summary());
            warn(report.text(), log);
        }
    }

    /**
     * The checkpoint that a run goes on from; null: none, it starts.
     *
     * @param asked a path, an address, or {@code auto}; null leaves it to the config
     */
    public static @Nullable Path find(
            TrainSpec spec, @Nullable String asked, Path workDir, Progress progress, RunLog log) {
        String from = asked != null ? asked : spec.resumeFrom();
        String ofEma = spec.customHooks().stream()
                .filter(EmaHook.class::isInstance)
                .map(h -> ((EmaHook) h).resumeFrom())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (from == null) {
            from = ofEma;
        } else if (ofEma != null && !ofEma.equals(from)) {
            throw UserError.of(
                    "EMAHook.resume_from is %s and resume_from is %s; give one of them, either restores both kinds of weights",
                    ofEma, from);
        }
        if (from == null || !from.equals(AUTO)) {
            return from == null ? null : Hub.standard(progress).locate(from);
        }
        CheckpointSpec checkpoints = spec.checkpoint();
        if (checkpoints == null) {
            throw UserError.of(
                    "--resume-from auto looks for what checkpoint_config writes, and that is None; name a file");
        }
        Path folder = checkpoints.folder(workDir);
        Optional<Path> last = LastCheckpoint.in(folder, checkpoints, log);
        log.info(last.map(file -> "resuming from the last whole checkpoint: " + file)
                .orElse("no checkpoint to resume from in " + folder + ": the run starts from the beginning"));
        return last.orElse(null);
    }

    /**
     * Takes weights, optimizer state, progress, and what the run's hooks remember. The learning rate is the config's; a difference
     * is reported. All hooks are added before.
     */
    public static void resume(Runner runner, Checkpoint checkpoint) {
        RunLog log = runner.log();
        log.info("load checkpoint from local path: " + checkpoint.path());
        checkpoint.taxon(); // refuses a format that is newer than this version
        Weights weights = runner.session().weights();
        Loading.into(weights, checkpoint.stateDict(), false).requireComplete(checkpoint.path());
        Map<Object, Object> meta = checkpoint.meta();
        if (!(meta.get("epoch") instanceof Long epoch) || !(meta.get("iter") instanceof Long iter)) {
            throw UserError.of(
                    "%s has no meta.epoch and meta.iter, so it cannot be resumed; use it as load_from",
                    checkpoint.path());
        }
        if (checkpoint.optimizer().isEmpty()) {
            log.warning(checkpoint.path() + " has no optimizer state: the optimizer starts anew");
        } else {
            Optimization optimization = runner.optimization();
            OptimizerState state = OptimizerState.read(checkpoint.optimizer(), optimization.method(), weights);
            differences(state, optimization.state()).forEach(log::warning);
            optimization.restore(state);
            PendingGradients.restore(optimization, weights, checkpoint);
            optimization.restoreLossScaler(map(meta.get("fp16")).get("loss_scaler"));
        }
        Map<?, ?> taxon = checkpoint.taxon();
        Position position = position(runner, map(taxon.get("position")), Math.toIntExact(epoch), iter);
        runner.resume(position, position.inner() > 0 || !runner.byEpoch() ? map(taxon.get("log_buffer")) : Map.of());
        if (checkpoint.meta().get("hook_msgs") instanceof Map<?, ?> messages) {
            messages.forEach((key, value) -> runner.messages().put(String.valueOf(key), value));
        }
        runner.restoreHooks(map(taxon.get("hooks")), checkpoint);
        log.info((runner.byEpoch() ? "resumed epoch %d, iter %d" : "resumed from epoch: %d, iter %d")
                .formatted(position.epochs(), position.iters()));
    }

    /** Another program's checkpoints are of the end of an epoch. Another number of iterations an epoch makes it start anew. */
    private static Position position(Runner runner, Map<?, ?> own, int epochs, long iters) {
        if (!(own.get("inner") instanceof Long inner) || !(own.get("iters_per_epoch") instanceof Long before)) {
            return new Position(epochs, 0, iters);
        }
        int now = runner.itersPerEpoch();
        if (own.get("ranks") instanceof Long ranks
                && ranks != runner.communicator().size()) {
            return otherRanks(runner, own, ranks, epochs, iters);
        }
        if (before != now && inner > 0 && runner.byEpoch()) {
            runner.log()
                    .warning(
                            "an epoch has %d iterations and had %d in the checkpoint, which is in the middle of one: epoch %d starts anew"
                                    .formatted(now, before, epochs + 1));
            return new Position(epochs, 0, iters - inner);
        }
        return new Position(epochs, Math.toIntExact(inner), iters);
    }

    /** Iterations are counted anew, as in mmcv: as many as this number of ranks would have needed. */
    private static Position otherRanks(Runner runner, Map<?, ?> own, long ranks, int epochs, long iters) {
        long samples = own.get("samples_per_rank") instanceof Long s ? s : runner.samplesPerBatch();
        int now = runner.communicator().size();
        long done = runner.byEpoch() ? (long) epochs * runner.itersPerEpoch() : iters * ranks / now;
        runner.log()
                .warning(
                        ("the checkpoint is of %d ranks × %d samples = %d a step, and this run has %d × %d = %d; the learning rate"
                                        + " stays the config's, %s; iteration %d of that run is %d of this one%s")
                                .formatted(
                                        ranks,
                                        samples,
                                        ranks * samples,
                                        now,
                                        runner.samplesPerBatch(),
                                        (long) now * runner.samplesPerBatch(),
                                        runner.lr(),
                                        iters,
                                        done,
                                        runner.byEpoch() && iters % epochIterations(own) != 0
                                                ? ", and epoch " + (epochs + 1) + " starts anew"
                                                : ""));
        return new Position(epochs, 0, done);
    }

    private static long epochIterations(Map<?, ?> own) {
        return own.get("iters_per_epoch") instanceof Long iterations ? iterations : 1;
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    /** What the config changes in param_groups: a sentence for each value, whatever the number of groups. */
    private static Set<String> differences(OptimizerState before, OptimizerState now) {
        Set<String> sentences = new LinkedHashSet<>();
        if (before.groups().size() != now.groups().size()) {
            sentences.add(
                    "the optimizer has %d param_groups in the config and had %d in the checkpoint: the config's are used"
                            .formatted(now.groups().size(), before.groups().size()));
        }
        int count = Math.min(before.groups().size(), now.groups().size());
        for (int i = 0; i < count; i++) {
            Map<String, Object> old = before.groups().get(i).fields();
            Map<String, Object> fresh = now.groups().get(i).fields();
            compare("lr", old.getOrDefault("initial_lr", old.get("lr")), fresh.get("initial_lr"), sentences);
            boolean scheduled = fresh.containsKey("initial_momentum"); // then these are of the moment, too
            for (String key : fresh.keySet()) {
                boolean changing = scheduled && (key.equals("momentum") || key.equals("betas"));
                if (!changing && !OF_THE_MOMENT.contains(key) && old.containsKey(key)) {
                    compare(key, old.get(key), fresh.get(key), sentences);
                }
            }
        }
        return sentences;
    }

    private static void compare(String key, @Nullable Object before, @Nullable Object now, Set<String> sentences) {
        if (!Objects.equals(plain(before), plain(now))) {
            sentences.add("optimizer.%s is %s in the config and was %s in the checkpoint: the config's is used"
                    .formatted(key, plain(now), plain(before)));
        }
    }

    /** Equal for equal values, whether Python wrote an int or a float, a list or a tuple. */
    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Number n -> n.doubleValue();
            case Betas betas -> List.of(betas.first(), betas.second());
            case List<?> list -> list.stream().map(Resumption::plain).toList();
            default -> value;
        };
    }

    private static void warn(String text, RunLog log) {
        if (!text.isEmpty()) {
            log.warning(text);
        }
    }
}
