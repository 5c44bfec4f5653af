package dev.taxon.train.hook;

import dev.taxon.train.Hook;
import dev.taxon.train.Priority;
import dev.taxon.train.Runner;

/** A hook of mmcv's that has nothing to do here: it is accepted, and the log says why it does nothing. */
record NeedlessHook(String name, Priority priority, String reason) implements Hook {
    @Override
    public void beforeRun(Runner runner) {
        runner.log().info("%s has nothing to do: %s".formatted(name, reason));
    }
}
