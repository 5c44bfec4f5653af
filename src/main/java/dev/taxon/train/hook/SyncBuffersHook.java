package dev.taxon.train.hook;

import dev.taxon.dist.Replicas;
import dev.taxon.train.Hook;
import dev.taxon.train.Priority;
import dev.taxon.train.Runner;
import dev.taxon.train.Stage;
import java.util.Set;

/** Behind each epoch all ranks take the means of their running statistics. Source: mmcv's SyncBuffersHook. */
record SyncBuffersHook(Priority priority) implements Hook {
    @Override
    public String name() {
        return "SyncBuffersHook";
    }

    @Override
    public Set<Stage> stages() {
        return Set.of(Stage.AFTER_TRAIN_EPOCH);
    }

    @Override
    public void beforeRun(Runner runner) {
        if (runner.communicator().size() == 1) {
            runner.log().info("SyncBuffersHook has nothing to do: one process has no buffers of others to take in");
        }
    }

    @Override
    public void afterEpoch(Runner runner) {
        if (runner.communicator().size() > 1) {
            runner.checkpoints().hold();
            Replicas.averageBuffers(runner.communicator(), runner.session().hostWeights());
        }
    }
}
