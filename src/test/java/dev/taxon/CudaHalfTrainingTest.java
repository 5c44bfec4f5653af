package dev.taxon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.checkpoint.Checkpoint;
import dev.taxon.config.Config;
import dev.taxon.device.cuda.Simulator;
import dev.taxon.report.Progress;
import dev.taxon.train.Hook;
import dev.taxon.train.Runner;
import dev.taxon.train.Supervision;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs of LeNet-5 with the key {@code fp16} on the simulated GPU. */
class CudaHalfTrainingTest {
    private static final int ITERATIONS = 10; // an epoch

    @TempDir
    private Path dir;

    private Path data = Path.of("");

    @BeforeEach
    void prepare() {
        Simulator.open().close();
        Simulator.clear();
        data = SyntheticMnist.write(dir.resolve("mnist"), ITERATIONS * 16, 32);
    }

    /** A run: its losses, what it printed, the checkpoints it left. */
    private record Run(List<Double> losses, String log, Path work) {
        Map<?, ?> scaler(int epoch) {
            try (Checkpoint checkpoint = Checkpoint.open(work.resolve("epoch_" + epoch + ".pth"))) {
                return (Map<?, ?>) ((Map<?, ?>) checkpoint.meta().get("fp16")).get("loss_scaler");
            }
        }

        long skips() {
            return log.lines().filter(l -> l.contains("so its step is skipped")).count();
        }
    }

    /** Rounding to 10 bits (7 with bfloat16) moves each loss by a tenth of that or less: measured 5e-5 and 3e-4. */
    @ParameterizedTest
    @ValueSource(strings = {"fp16", "bf16"})
    void lossesAreNearFloat32s(String precision) {
        double tolerance = precision.equals("fp16") ? 1e-3 : 5e-3;
        List<Double> expected = run("float32", 2, null).losses;
        Run half = run("half", 2, null, "fp16.loss_scale=dynamic", "taxon.precision=" + precision);
        assertEquals(2 * ITERATIONS, half.losses.size());
        double off = 0;
        for (int i = 0; i < expected.size(); i++) {
            off = Math.max(off, Math.abs(expected.get(i) - half.losses.get(i)));
        }
        System.out.printf("%s: losses of %d iterations are off by %.2g at most%n", precision, expected.size(), off);
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i), half.losses.get(i), tolerance, "iteration " + i);
        }
        assertFalse(expected.equals(half.losses), "not in half precision");
        assertTrue(half.losses.getLast() < half.losses.getFirst() / 2, half.losses.toString());
        assertEquals(0, half.skips());
        assertEquals(65536.0, half.scaler(2).get("scale"));
        assertEquals(2L * ITERATIONS, half.scaler(2).get("_growth_tracker"));
        assertTrue(half.log.contains("train in " + precision + "; loss scale 65536.0, dynamic"), half.log);
        assertFalse(half.log.contains("trains in float32"));
        assertEquals("", Simulator.violation());
        assertEquals("", Simulator.leaks());
    }

    /** With a scale that is too large the first steps overflow: each is skipped and halves it, and none behind them is. */
    @Test
    void stepsThatOverflowAreSkippedAndHalveTheScale() {
        double scale = 1 << 26;
        Run run = run(
                "large", 2, null, "fp16.loss_scale.init_scale=" + (1 << 26), "fp16.loss_scale.growth_interval=5000");
        long skips = run.skips();
        assertTrue(skips > 2 && skips < ITERATIONS, skips + " steps skipped");
        for (int i = 1; i <= skips; i++) {
            String line =
                    "iteration %d: a gradient is inf or NaN in half precision, so its step is skipped; loss scale %s -> %s"
                            .formatted(i, (float) scale, (float) scale / 2);
            assertTrue(run.log.contains(line), line);
            scale /= 2;
        }
        assertEquals(scale, run.scaler(2).get("scale"));
        assertEquals(2L * ITERATIONS - skips, run.scaler(2).get("_growth_tracker"));
        assertTrue(run.losses.getLast() < run.losses.getFirst() - 0.3, run.losses.toString());
    }

    /** A fixed scale stays, and its steps that overflow are skipped all the same. */
    @Test
    void aFixedScaleStays() {
        assertEquals(
                512.0, run("fixed", 1, null, "fp16.loss_scale=512.").scaler(1).get("scale"));
        Run large = run("huge", 1, null, "fp16.loss_scale=1e12");
        assertEquals(ITERATIONS, large.skips());
        assertEquals((double) 1e12f, large.scaler(1).get("scale"));
    }

    /** Scale and count go on where the checkpoint left them, to the bit. */
    @Test
    void resumptionGoesOnExactly() {
        String[] options = {
            "fp16.loss_scale.init_scale=" + (1 << 30), "fp16.loss_scale.growth_interval=4", "optimizer.momentum=0.9"
        };
        Run whole = run("whole", 2, null, options);
        Run first = run("first", 1, null, options);
        Run rest = run("rest", 2, first.work.resolve("epoch_1.pth"), options);
        assertEquals(whole.losses.subList(ITERATIONS, 2 * ITERATIONS), rest.losses);
        assertEquals(whole.scaler(1), first.scaler(1));
        assertEquals(whole.scaler(2), rest.scaler(2));
        assertTrue(whole.skips() > first.skips(), "the scale grew too far again");
    }

    @Test
    void whatCannotTrainIsRefused() {
        UserError error = assertThrows(UserError.class, () -> run("none", 1, null, "taxon.precision=fp16"));
        assertTrue(error.getMessage().contains("set fp16 = dict(loss_scale='dynamic')"), error.getMessage());
        assertThrows(UserError.class, () -> run("bad", 1, null, "fp16.loss_scale.growth_factor=0.5"));
        assertThrows(UserError.class, () -> run("bad", 1, null, "fp16.loss_scale=-1"));
        UserError old = assertThrows(UserError.class, () -> {
            Simulator.set("compute_major", 7);
            try {
                run("old", 1, null, "taxon.precision=bf16");
            } finally {
                Simulator.set("compute_major", 8);
            }
        });
        assertTrue(old.getMessage().contains("bf16 needs 8.0 (Ampere) or newer"), old.getMessage());
    }

    private Run run(String name, int epochs, @Nullable Path from, String... options) {
        List<String> changes = new ArrayList<>(List.of(
                "data.train.data_prefix=" + data,
                "data.samples_per_gpu=16",
                "optimizer.lr=0.05",
                "runner.max_epochs=" + epochs));
        changes.addAll(List.of(options));
        Config config = Config.load(Path.of("configs/lenet/lenet5_mnist.py")).with(changes);
        List<Double> losses = new ArrayList<>();
        Path work = dir.resolve(name);
        String resumed = from == null ? null : from.toString();
        Trainer.Arguments arguments = new Trainer.Arguments(work, resumed, false, 1L, false, "cuda");
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrintStream console = new PrintStream(text, true, StandardCharsets.UTF_8);
        Hook observer = new Hook() {
            @Override
            public void afterTrainIter(Runner runner) {
                losses.add(runner.loss());
            }
        };
        Supervision supervision = new Supervision(List.of(observer), () -> false);
        assertTrue(Trainer.train(config, "lenet.py", arguments, console, Progress.none(), supervision)
                .finished());
        return new Run(losses, text.toString(StandardCharsets.UTF_8), work);
    }
}
