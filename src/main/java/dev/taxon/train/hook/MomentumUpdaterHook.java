package dev.taxon.train.hook;

import dev.taxon.optim.Schedule;
import dev.taxon.train.Hook;
import dev.taxon.train.Priority;
import dev.taxon.train.Runner;
import dev.taxon.train.Stage;
import java.util.Set;

/** Sets the momentum of each iteration. */
public record MomentumUpdaterHook(Schedule schedule) implements Hook {
    @Override
    public Priority priority() {
        return Priority.HIGH;
    }

    @Override
    public String name() {
        return schedule.hookName();
    }

    @Override
    public Set<Stage> stages() {
        return Set.of(Stage.BEFORE_RUN, Stage.BEFORE_TRAIN_EPOCH, Stage.BEFORE_TRAIN_ITER);
    }

    @Override
    public void beforeTrainEpoch(Runner runner) {
        runner.optimization().momenta(runner.now());
    }

    @Override
    public void beforeTrainIter(Runner runner) {
        runner.optimization().momenta(runner.now());
    }
}
