package dev.taxon.train.hook;

import dev.taxon.data.DataLoader;
import dev.taxon.train.Evaluation;
import dev.taxon.train.Hook;
import dev.taxon.train.Priority;
import dev.taxon.train.Runner;
import dev.taxon.train.TrainSpec.EvaluationSpec;
import java.util.Map;

/** Evaluates on the validation set every {@code interval} epochs and hands the metrics to the log. */
public record EvalHook(DataLoader loader, EvaluationSpec spec) implements Hook {
    @Override
    public Priority priority() {
        return Priority.LOW;
    }

    @Override
    public void afterTrainEpoch(Runner runner) {
        int done = runner.epoch() + 1;
        if (spec.interval() < 1 || done < spec.start() || (done - spec.start()) % spec.interval() != 0) {
            return;
        }
        Map<String, Object> values = Evaluation.run(
                        runner.session(), loader, runner.log().progress(), runner.log()::warning)
                .metrics(loader.dataset(), spec.metrics(), spec.options());
        runner.evaluated(values);
        runner.buffer().clearOutput();
        values.forEach((name, value) -> {
            if (value instanceof Double d) {
                runner.buffer().output().put(name, d);
            }
        });
    }
}
