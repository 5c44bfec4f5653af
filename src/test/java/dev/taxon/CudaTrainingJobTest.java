package dev.taxon;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.config.Config;
import dev.taxon.device.cuda.Simulator;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
