package dev.taxon.train.hook;

import dev.taxon.train.Hook;
import dev.taxon.train.Priority;
import dev.taxon.train.Runner;
import dev.taxon.train.Stage;
import java.util.Set;

/** Logs {@code data_time}, the seconds that an iteration waits for its batch, and {@code time}, those of all of it. */
public final class IterTimerHook implements Hook {
    private long start = System.nanoTime();

    @Override
    public Priority priority() {
        return Priority.LOW;
    }

    @Override
    public String name() {
        return "IterTimerHook";
    }

    @Override
    public Set<Stage> stages() {
        return Set.of(
                Stage.BEFORE_TRAIN_EPOCH,
                Stage.BEFORE_TRAIN_ITER,
                Stage.AFTER_TRAIN_ITER,
                Stage.BEFORE_VAL_EPOCH,
                Stage.BEFORE_VAL_ITER,
                Stage.AFTER_VAL_ITER);
    }

    @Override
    public void beforeEpoch(Runner runner) {
        start = System.nanoTime();
    }

    @Override
    public void beforeIter(Runner runner) {
        runner.buffer().update("data_time", (System.nanoTime() - start) / 1e9, 1);
    }

    @Override
    public void afterIter(Runner runner) {
        long now = System.nanoTime();
        runner.buffer().update("time", (now - start) / 1e9, 1);
        start = now;
    }
}
