package dev.taxon.train.hook;

import dev.taxon.UserError;
import dev.taxon.checkpoint.Checkpoint;
import dev.taxon.checkpoint.StateDict;
import dev.taxon.train.Hook;
import dev.taxon.train.Optimization;
import dev.taxon.train.PendingGradients;
import dev.taxon.train.Priority;
import dev.taxon.train.Runner;
import dev.taxon.train.TrainSpec.CheckpointSpec;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Writes {@code epoch_N.pth} every {@code interval} epochs, and after the last, and points the link {@code latest.pth}
 * at it. Files appear whole or not at all.
 *
 * @param meta what each checkpoint's {@code meta} begins with: config text, class names, seed, versions
 */
public record CheckpointHook(CheckpointSpec spec, Path dir, Map<String, Object> meta) implements Hook {
    /** As Python's time.asctime. */
    private static final DateTimeFormatter ASCTIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT);

    @Override
    public Priority priority() {
        return Priority.NORMAL;
    }

    @Override
    public void beforeRun(Runner runner) {
        runner.log().info("Checkpoints will be saved to " + dir + " by HardDiskBackend.");
    }

    @Override
    public void afterTrainEpoch(Runner runner) {
        int done = runner.epoch() + 1;
        boolean last = done == runner.maxEpochs() && spec.saveLast();
        if ((spec.interval() > 0 && done % spec.interval() == 0) || last) {
            runner.log().info("Saving checkpoint at " + done + " epochs");
            save(runner, done);
            prune(done);
        }
    }

    private void save(Runner runner, int done) {
        Path file = file(done);
        Map<String, Object> tree = new LinkedHashMap<>();
        Map<String, Object> fullMeta = new LinkedHashMap<>(meta);
        fullMeta.put("epoch", done);
        fullMeta.put("iter", runner.iter());
        fullMeta.put("time", ZonedDateTime.now(ZoneId.systemDefault()).format(ASCTIME));
        tree.put("meta", fullMeta);
        try (Arena arena = Arena.ofShared()) {
            tree.put(
                    "state_dict",
                    StateDict.of(runner.session().weights(), arena).toTree());
            if (spec.saveOptimizer()) {
                Optimization o = runner.optimization();
                tree.put(
                        "optimizer",
                        o.state().toTree(o.method(), runner.session().weights(), arena));
            }
            Map<String, Object> taxon = new LinkedHashMap<>();
            taxon.put("format", Checkpoint.TAXON_FORMAT);
            taxon.put("seed", runner.seed());
            PendingGradients.save(runner.optimization(), runner.session().weights(), taxon, arena);
            tree.put("taxon", taxon);
            Checkpoint.write(file, tree);
        }
        link(file);
    }

    /** {@code latest.pth} is a relative link, replaced atomically; where links are not allowed, a copy. */
    private void link(Path file) {
        Path latest = dir.resolve("latest.pth");
        Path fresh = dir.resolve(".latest.pth." + ProcessHandle.current().pid() + ".tmp");
        try {
            Files.deleteIfExists(fresh);
            try {
                Files.createSymbolicLink(fresh, file.getFileName());
            } catch (UnsupportedOperationException | IOException e) {
                Files.copy(file, fresh);
            }
            Files.move(fresh, latest, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw UserError.of("%s cannot be changed: %s; the checkpoints are whole", dir, e);
        }
    }

    /** Deletes checkpoints beyond {@code max_keep_ckpts}, oldest first. */
    private void prune(int done) {
        if (spec.maxKeep() <= 0 || spec.interval() <= 0) {
            return;
        }
        try {
            for (int old = done - spec.maxKeep() * spec.interval(); old > 0; old -= spec.interval()) {
                if (!Files.deleteIfExists(file(old))) {
                    return;
                }
            }
        } catch (IOException e) {
            throw UserError.of("%s cannot be changed: %s; the checkpoints are whole", dir, e);
        }
    }

    private Path file(int epochs) {
        return dir.resolve("epoch_" + epochs + ".pth");
    }
}
