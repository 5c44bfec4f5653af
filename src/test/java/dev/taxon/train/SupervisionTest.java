package dev.taxon.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.SyntheticMnist;
import dev.taxon.Trainer;
import dev.taxon.config.Config;
import dev.taxon.report.Progress;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program follows a run, and stops it. */
class SupervisionTest {
    @TempDir
    private Path dir;

    private Trainer.Result train(Supervision supervision) {
        Path data = SyntheticMnist.write(dir.resolve("mnist"), 256, 64);
        Config config = Config.load(Path.of("configs/lenet/lenet5_mnist.py"))
                .with(List.of(
                        "data.train.data_prefix=" + data,
                        "data.val.data_prefix=" + data,
                        "data.samples_per_gpu=64",
                        "evaluation.interval=1",
                        "runner.max_epochs=2"));
        Trainer.Arguments arguments = new Trainer.Arguments(dir.resolve("work"), null, true, 1L, false, null);
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        return Trainer.train(config, "lenet5_mnist.py", arguments, nowhere, Progress.none(), supervision);
    }

    /** Writes down what it hears. */
    private static final class Listener implements Hook {
        private final List<String> heard = new ArrayList<>();

        @Override
        public void beforeRun(Runner runner) {
            heard.add("run of " + runner.maxIters());
        }

        @Override
        public void afterTrainIter(Runner runner) {
            assertTrue(runner.loss() > 0 && runner.loss() < 10);
            heard.add("iteration " + runner.iter());
        }

        @Override
        public void evaluated(Runner runner, Map<String, Object> metrics) {
            heard.add("epoch " + runner.epoch() + " " + metrics.keySet());
        }

        @Override
        public void afterRun(Runner runner) {
            heard.add("end");
        }
    }

    @Test
    void listenersHearOfIterationsAndMetrics() {
        Listener listener = new Listener();
        Trainer.Result result = train(new Supervision(List.of(listener), () -> false));
        assertTrue(result.finished());
        assertEquals(
                List.of(
                        "run of 8",
                        "iteration 0",
                        "iteration 1",
                        "iteration 2",
                        "iteration 3",
                        "epoch 0 [accuracy_top-1]",
                        "iteration 4",
                        "iteration 5",
                        "iteration 6",
                        "iteration 7",
                        "epoch 1 [accuracy_top-1]",
                        "end"),
                listener.heard);
    }

    @Test
    void cancellingEndsTheRunBetweenTwoIterations() {
        Listener listener = new Listener();
        Trainer.Result result = train(new Supervision(List.of(listener), () -> listener.heard.contains("iteration 5")));
        assertFalse(result.finished());
        assertEquals(List.of("iteration 4", "iteration 5", "end"), listener.heard.subList(6, 9));
        assertTrue(Files.exists(result.workDir().resolve("epoch_1.pth")));
        assertFalse(Files.exists(result.workDir().resolve("epoch_2.pth")));
    }
}
