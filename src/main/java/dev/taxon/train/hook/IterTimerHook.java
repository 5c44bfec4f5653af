package dev.taxon.train.hook;

import dev.taxon.train.Hook;
import dev.taxon.train.Priority;
import dev.taxon.train.Runner;

/** Logs {@code time}, the seconds of an iteration with its wait for data. */
public final class IterTimerHook implements Hook {
    private long start;

    @Override
    public Priority priority() {
        return Priority.LOW;
    }

    @Override
    public void beforeTrainEpoch(Runner runner) {
        start = System.nanoTime();
    }

    @Override
    public void afterTrainIter(Runner runner) {
        long now = System.nanoTime();
        runner.buffer().update("time", (now - start) / 1e9, 1);
        start = now;
    }
}
