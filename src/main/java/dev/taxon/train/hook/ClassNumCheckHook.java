package dev.taxon.train.hook;

import dev.taxon.config.Fields;
import dev.taxon.train.Hook;
import dev.taxon.train.Priority;
import dev.taxon.train.Runner;
import dev.taxon.train.Stage;
import java.util.Set;

/**
 * Has no work of its own: that the model has as many classes as each data set is checked before every run, hook or no hook
 * ({@link dev.taxon.train.InputData#checkClasses}). It says so.
 */
record ClassNumCheckHook(Priority priority) implements Hook {
    static ClassNumCheckHook read(Fields f) {
        return new ClassNumCheckHook(Priority.read(f, Priority.NORMAL));
    }

    @Override
    public String name() {
        return "ClassNumCheckHook";
    }

    @Override
    public Set<Stage> stages() {
        return Set.of(Stage.BEFORE_TRAIN_EPOCH, Stage.BEFORE_TRAIN_ITER, Stage.BEFORE_VAL_EPOCH, Stage.BEFORE_VAL_ITER);
    }

    @Override
    public void beforeRun(Runner runner) {
        runner.log()
                .info("the data sets have the model's %d classes"
                        .formatted(runner.session().classes()));
    }
}
