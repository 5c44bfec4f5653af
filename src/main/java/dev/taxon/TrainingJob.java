package dev.taxon;

import dev.taxon.config.Config;
import dev.taxon.report.Progress;
import dev.taxon.train.Hook;
import dev.taxon.train.Runner;
import dev.taxon.train.Supervision;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A training run that a program starts, follows and may cancel. Logs and checkpoints go to the work_dir as they do for
 * {@code engine train}; nothing is printed.
 *
 * <pre>{@code
 * TrainingJob job = TrainingJob.of(Path.of("resnet18.py"), Trainer.Arguments.DEFAULT, new TrainingJob.Listener() {
 *     public void evaluated(int epoch, Map<String, Object> metrics) {
 *         System.out.println(epoch + " " + metrics);
 *     }
 * });
 * Trainer.Result result = job.run(); // meanwhile any thread may call job.cancel()
 * }</pre>
 */
public final class TrainingJob {
    private final Config config;
    private final String name;
    private final Trainer.Arguments arguments;
    private final Listener listener;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean cancelled = new AtomicBoolean();

    /** Hears how a run goes, in the thread that runs it; the next step waits until it returns. What it throws ends the run. */
    public interface Listener {
        /** After each step. */
        default void step(Step step) {}

        /**
         * After each evaluation that the config asks for.
         *
         * @param epoch how many epochs are trained
         * @param metrics by mmcls's names, in percent: {@code accuracy_top-1}
         */
        default void evaluated(int epoch, Map<String, Object> metrics) {}
    }

    /**
     * One step of a run.
     *
     * @param epoch from 1
     * @param iteration from 1, over all epochs
     * @param iterations of the whole run
     * @param loss of the step's batch, before the weights changed
     * @param lr learning rate of the first parameter group
     */
    public record Step(int epoch, long iteration, long iterations, double loss, double lr) {}

    /**
     * A run of a config that was read, and perhaps changed, already.
     *
     * @param name file name of the config: of its dump in the work_dir, and of the default work_dir
     */
    public TrainingJob(Config config, String name, Trainer.Arguments arguments, Listener listener) {
        this.config = config;
        this.name = name;
        this.arguments = arguments;
        this.listener = listener;
    }

    /** A run of a config file. */
    public static TrainingJob of(Path config, Trainer.Arguments arguments, Listener listener) {
        return new TrainingJob(Config.load(config), String.valueOf(config.getFileName()), arguments, listener);
    }

    /**
     * Trains in this thread, to the end or until it is cancelled.
     *
     * @return where the logs and checkpoints are, and whether it came to the end
     * @throws UserError for a mistake in config, data or checkpoint
     * @throws IllegalStateException if it ran already
     */
    public Trainer.Result run() {
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("a training job runs once; make another one");
        }
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        return Trainer.train(
                config,
                name,
                arguments,
                nowhere,
                Progress.none(),
                new Supervision(List.of(new Follower(listener)), cancelled::get));
    }

    /**
     * Ends the run before its next step; from any thread, also before it runs. The checkpoints that are there are whole, and
     * {@link Trainer.Arguments#resumeFrom} goes on from them.
     */
    public void cancel() {
        cancelled.set(true);
    }

    private record Follower(Listener listener) implements Hook {
        @Override
        public void afterTrainIter(Runner runner) {
            listener.step(
                    new Step(runner.epoch() + 1, runner.iter() + 1, runner.maxIters(), runner.loss(), runner.lr()));
        }

        @Override
        public void evaluated(Runner runner, Map<String, Object> metrics) {
            listener.evaluated(runner.epoch() + 1, metrics);
        }
    }
}
