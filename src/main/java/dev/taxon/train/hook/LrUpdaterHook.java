package dev.taxon.train.hook;

import dev.taxon.optim.Schedule;
import dev.taxon.train.Hook;
import dev.taxon.train.Priority;
import dev.taxon.train.Runner;
import dev.taxon.train.Stage;
import java.util.Set;

/** Sets the learning rate of each iteration. */
public record LrUpdaterHook(Schedule schedule) implements Hook {
    @Override
    public Priority priority() {
        return Priority.VERY_HIGH;
    }

    @Override
    public String name() {
        return schedule.hookName();
    }

    @Override
    public Set<Stage> stages() {
        return Set.of(Stage.BEFORE_RUN, Stage.BEFORE_TRAIN_EPOCH, Stage.BEFORE_TRAIN_ITER);
    }

    /** For a log line before the first iteration. */
    @Override
    public void beforeTrainEpoch(Runner runner) {
        runner.optimization().rates(runner.now());
    }

    @Override
    public void beforeTrainIter(Runner runner) {
        runner.optimization().rates(runner.now());
    }
}
