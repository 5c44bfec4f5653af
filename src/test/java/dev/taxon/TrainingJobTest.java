package dev.taxon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.config.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training and evaluation from a program: LeNet-5 on made-up digits. */
class TrainingJobTest {
    @TempDir
    private Path dir;

    private Config config;

    @BeforeEach
    void makeData() {
        Path data = SyntheticMnist.write(dir.resolve("mnist"), 256, 64);
        config = Config.load(Path.of("configs/lenet/lenet5_mnist.py"))
                .with(List.of(
                        "data.train.data_prefix=" + data,
                        "data.val.data_prefix=" + data,
                        "data.test.data_prefix=" + data,
                        "data.samples_per_gpu=64",
                        "evaluation.interval=1",
                        "runner.max_epochs=2"));
    }

    private TrainingJob job(Path workDir, @Nullable Path resumeFrom, TrainingJob.Listener listener) {
        return new TrainingJob(
                config,
                "lenet.py",
                new Trainer.Arguments(
                        workDir, resumeFrom == null ? null : resumeFrom.toString(), true, 1L, false, null),
                listener);
    }

    private static final class Notes implements TrainingJob.Listener {
        private final List<TrainingJob.Step> steps = new ArrayList<>();
        private final List<Integer> epochs = new ArrayList<>();
        private Map<String, Object> last = Map.of();

        @Override
        public void step(TrainingJob.Step step) {
            steps.add(step);
        }

        @Override
        public void evaluated(int epoch, Map<String, Object> metrics) {
            epochs.add(epoch);
            last = Map.copyOf(metrics);
        }
    }

    @Test
    void aListenerHearsEachStepAndTheEvaluatorAgrees() {
        Notes notes = new Notes();
        TrainingJob job = job(dir.resolve("work"), null, notes);
        Trainer.Result result = job.run();
        assertTrue(result.finished());
        assertEquals(8, notes.steps.size());
        assertEquals(List.of(1, 2), notes.epochs);
        TrainingJob.Step step = notes.steps.get(4);
        assertEquals(2, step.epoch());
        assertEquals(5, step.iteration());
        assertEquals(8, step.iterations());
        assertEquals(0.01, step.lr(), 1e-9);
        assertTrue(step.loss() > 0 && step.loss() < 3, step::toString);
        Map<String, Object> metrics =
                Evaluator.evaluate(config, result.workDir().resolve("latest.pth"), List.of("accuracy"));
        assertEquals(notes.last.get("accuracy_top-1"), metrics.get("accuracy_top-1"));
        assertThrows(IllegalStateException.class, job::run);
    }

    /** Cancelled by another thread in the second epoch; resumed, it ends as the run that nobody cancelled. */
    @Test
    void aRunThatIsCancelledLeavesWholeCheckpoints() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        TrainingJob job = job(dir.resolve("work"), null, new TrainingJob.Listener() {
            @Override
            public void step(TrainingJob.Step step) {
                if (step.iteration() == 6) {
                    reached.countDown();
                    try {
                        cancelled.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }
        });
        Thread other = Thread.ofVirtual().start(() -> {
            try {
                reached.await();
            } catch (InterruptedException e) {
                return;
            }
            job.cancel();
            cancelled.countDown();
        });
        Trainer.Result result = job.run();
        other.join();
        assertFalse(result.finished());
        Path checkpoint = result.workDir().resolve("epoch_1.pth");
        assertFalse(Files.exists(result.workDir().resolve("epoch_2.pth")));
        Notes resumed = new Notes();
        assertTrue(job(dir.resolve("resumed"), checkpoint, resumed).run().finished());
        Notes undisturbed = new Notes();
        job(dir.resolve("undisturbed"), null, undisturbed).run();
        assertEquals(undisturbed.steps.subList(4, 8), resumed.steps);
        assertEquals(undisturbed.last, resumed.last);
    }

    @Test
    void aJobThatIsCancelledBeforeItStartsTrainsNothing() {
        Notes notes = new Notes();
        TrainingJob job = job(dir.resolve("work"), null, notes);
        job.cancel();
        assertFalse(job.run().finished());
        assertEquals(List.of(), notes.steps);
    }

    @Test
    void mistakesAreUserErrors() {
        Path none = dir.resolve("none.pth");
        assertThrows(
                UserError.class, () -> TrainingJob.of(dir.resolve("none.py"), Trainer.Arguments.DEFAULT, new Notes()));
        assertThrows(
                UserError.class,
                () -> job(dir.resolve("work"), none, new Notes()).run());
        assertThrows(UserError.class, () -> Evaluator.evaluate(config, none, List.of("accuracy")));
        assertThrows(UserError.class, () -> Evaluator.evaluate(config, none, List.of("acuracy")));
    }
}
