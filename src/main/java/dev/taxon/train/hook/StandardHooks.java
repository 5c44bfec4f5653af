package dev.taxon.train.hook;

import dev.taxon.data.DataLoader;
import dev.taxon.optim.Schedule;
import dev.taxon.train.CheckpointSpec;
import dev.taxon.train.EvaluationSpec;
import dev.taxon.train.Runner;
import dev.taxon.train.TrainSpec;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Gives a runner the hooks that its config names, in the order in which mmcls registers them. */
public final class StandardHooks {
    private StandardHooks() {}

    /**
     * Adds them.
     *
     * @param evaluation the validation set; null: nothing is evaluated
     */
    public static void add(Runner runner, TrainSpec spec, @Nullable DataLoader evaluation) {
        Path workDir = runner.setup().workDir();
        runner.add(new LrUpdaterHook(spec.schedule()));
        Schedule momentum = spec.momentum();
        if (momentum != null) {
            runner.add(new MomentumUpdaterHook(momentum));
        }
        runner.add(spec.optimizerHook());
        CheckpointSpec checkpoint = spec.checkpoint();
        boolean first = runner.communicator().isFirst(); // the others train, and write nothing
        if (checkpoint != null && first) {
            runner.add(new CheckpointHook(checkpoint, workDir));
        }
        runner.add(new IterTimerHook());
        if (first) {
            spec.loggers().forEach(runner::add);
        }
        spec.customHooks().forEach(runner::add);
        EvaluationSpec rule = spec.evaluation();
        if (evaluation != null && rule != null) {
            runner.add(new EvalHook(evaluation, rule, workDir));
        }
    }
}
