package dev.taxon.train.hook;

import dev.taxon.UserError;
import dev.taxon.checkpoint.AtomicFile;
import dev.taxon.train.CheckpointSpec;
import dev.taxon.train.Hook;
import dev.taxon.train.Priority;
import dev.taxon.train.Runner;
import dev.taxon.train.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * Writes {@code epoch_N.pth} or {@code iter_N.pth}, and points {@code latest.pth} at it. A run that is cancelled leaves
 * {@code interrupted.pth} where it stopped. Files appear whole or not at all. Source: mmcv's CheckpointHook.
 */
public final class CheckpointHook implements Hook {
    /** Written by a run that is cancelled, deleted when a later checkpoint is there. */
    public static final String INTERRUPTED = "interrupted.pth";

    private final CheckpointSpec spec;
    private final Path folder;
    private long savedAt = -1; // iterations done

    public CheckpointHook(CheckpointSpec spec, Path workDir) {
        this.spec = spec;
        folder = spec.folder(workDir);
    }

    @Override
    public Priority priority() {
        return Priority.NORMAL;
    }

    @Override
    public String name() {
        return "CheckpointHook";
    }

    @Override
    public Set<Stage> stages() {
        return Set.of(Stage.BEFORE_RUN, Stage.AFTER_TRAIN_ITER, Stage.AFTER_TRAIN_EPOCH);
    }

    @Override
    public void beforeRun(Runner runner) {
        runner.log().info("Checkpoints will be saved to " + folder.toAbsolutePath() + " by HardDiskBackend.");
        savedAt = runner.reached().iters();
        AtomicFile.deleteLeftovers(folder);
    }

    @Override
    public void afterTrainEpoch(Runner runner) {
        int done = runner.epoch() + 1;
        if (spec.byEpoch() && due(done, done == runner.maxEpochs())) {
            runner.log().info("Saving checkpoint at " + done + " epochs");
            save(runner, done);
        }
    }

    @Override
    public void afterTrainIter(Runner runner) {
        long done = runner.iter() + 1;
        if (!spec.byEpoch() && due(done, done == runner.maxIters())) {
            runner.log().info("Saving checkpoint at " + done + " iterations");
            save(runner, done);
        }
    }

    private boolean due(long done, boolean last) {
        return (spec.interval() > 0 && done % spec.interval() == 0) || (spec.saveLast() && last);
    }

    private void save(Runner runner, long number) {
        Path file = folder.resolve(spec.fileName(number));
        savedAt = runner.reached().iters();
        runner.messages().put("last_ckpt", file.toString());
        runner.checkpoints().add(file, spec.saveOptimizer(), () -> {
            link(file);
            prune(number);
            delete(folder.resolve(INTERRUPTED));
        });
    }

    /** The state of a run that ends before its time, unless it was just saved. */
    @Override
    public void afterRun(Runner runner) {
        long iters = runner.reached().iters();
        if (iters == savedAt) {
            return;
        }
        if (runner.cancelled()) {
            runner.log().info("Saving checkpoint at " + iters + " iterations, where the run is cancelled");
            Path file = folder.resolve(INTERRUPTED);
            runner.checkpoints().add(file, spec.saveOptimizer(), () -> link(file));
        } else if (runner.stopping() && spec.saveLast()) {
            long number = spec.byEpoch() ? runner.reached().epochs() : iters;
            runner.log().info("Saving checkpoint at %d %s".formatted(number, spec.byEpoch() ? "epochs" : "iterations"));
            save(runner, number);
        }
    }

    /** {@code latest.pth} is a relative link, replaced atomically; where links are not allowed, a copy. */
    private void link(Path file) {
        if (!spec.link()) {
            return;
        }
        try {
            AtomicFile.link(folder.resolve("latest.pth"), file);
        } catch (IOException e) {
            throw unchangeable(e);
        }
    }

    /** Deletes checkpoints beyond {@code max_keep_ckpts}, back to the first that is not there. */
    private void prune(long done) {
        if (spec.maxKeep() <= 0 || spec.interval() <= 0) {
            return;
        }
        long old = done - (long) spec.maxKeep() * spec.interval();
        while (old > 0 && delete(folder.resolve(spec.fileName(old)))) {
            old -= spec.interval();
        }
    }

    private boolean delete(Path file) {
        try {
            return Files.deleteIfExists(file);
        } catch (IOException e) {
            throw unchangeable(e);
        }
    }

    private UserError unchangeable(IOException e) {
        return UserError.of("%s cannot be changed: %s; the checkpoints in it are whole", folder, e);
    }
}
