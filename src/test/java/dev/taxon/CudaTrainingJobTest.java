package dev.taxon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.config.Config;
import dev.taxon.device.Options;
import dev.taxon.device.cuda.Simulator;
import dev.taxon.report.Progress;
import dev.taxon.train.Hook;
import dev.taxon.train.Priority;
import dev.taxon.train.Runner;
import dev.taxon.train.Supervision;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole run on the simulated GPU, which is lost in its second epoch: the first one's checkpoint is whole. */
class CudaTrainingJobTest {
    @TempDir
    private Path dir;

    @AfterEach
    void reset() {
        Simulator.clear();
    }

    @Test
    void aLostGpuLeavesTheLastCheckpointWhole() {
        Simulator.open().close(); // its libraries are in this process from now on
        Path data = SyntheticMnist.write(dir.resolve("mnist"), 64, 32);
        Config config = Config.load(Path.of("configs/lenet/lenet5_mnist.py"))
                .with(List.of(
                        "data.train.data_prefix=" + data,
                        "data.val.data_prefix=" + data,
                        "data.test.data_prefix=" + data,
                        "data.samples_per_gpu=16",
                        "evaluation.interval=1",
                        "runner.max_epochs=2"));
        Path work = dir.resolve("work");
        UserError error = assertThrows(
                UserError.class, () -> job(config, work, null, true).run());
        assertTrue(error.getMessage().startsWith("the GPU stopped working: "), error.getMessage());
        Map<String, Object> metrics = Evaluator.evaluate(config, work.resolve("epoch_1.pth"), List.of("accuracy"));
        assertTrue(metrics.containsKey("accuracy_top-1"), metrics.toString());
        Simulator.clear();
        assertTrue(job(config, work, "auto", false).run().finished());
    }

    /**
     * When an iteration ends none of its kernels has been waited for: they all are still pending in the simulator, which runs
     * nothing before the host waits.
     */
    @ParameterizedTest
    @ValueSource(strings = {"float32", "fp16"})
    void iterationsDoNotWaitForTheirOwnKernels(String precision) {
        Simulator.open().close();
        Path data = SyntheticMnist.write(dir.resolve("mnist"), 160, 32);
        Config config = Config.load(Path.of("configs/lenet/lenet5_mnist.py"))
                .with(List.of("data.train.data_prefix=" + data, "data.samples_per_gpu=16", "runner.max_epochs=1"));
        if (precision.equals("fp16")) {
            config = config.with(List.of("fp16.loss_scale=dynamic"));
        }
        List<String> waited = new ArrayList<>();
        Hook observer = new Hook() {
            private long synchronizations;

            @Override
            public Priority priority() {
                return Priority.VERY_LOW;
            }

            @Override
            public void afterTrainIter(Runner runner) {
                int kernels =
                        runner.session().program(Options.train(16)).kernels().size();
                long pending = Simulator.pending();
                long now = Simulator.calls("cuStreamSynchronize") + Simulator.calls("cuCtxSynchronize");
                if (runner.iter() > 1 && (pending < kernels || now > synchronizations)) {
                    waited.add("iteration %d: %d of at least %d works pending, %d synchronizations"
                            .formatted(runner.iter(), pending, kernels, now - synchronizations));
                }
                synchronizations = now;
            }
        };
        Trainer.Arguments arguments = new Trainer.Arguments(dir.resolve("work"), null, false, 1L, false, "cuda");
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        Supervision supervision = new Supervision(List.of(observer), () -> false);
        assertTrue(Trainer.train(config, "lenet.py", arguments, nowhere, Progress.none(), supervision)
                .finished());
        assertEquals(List.of(), waited);
    }

    private static TrainingJob job(Config config, Path work, @Nullable String from, boolean lost) {
        Trainer.Arguments arguments = new Trainer.Arguments(work, from, true, 1L, false, "cuda");
        return new TrainingJob(config, "lenet.py", arguments, new TrainingJob.Listener() {
            @Override
            public void step(TrainingJob.Step step) {
                if (lost && step.epoch() == 2) {
                    Simulator.fail("work", 719, 0);
                }
            }
        });
    }
}
