package dev.taxon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that goes on from any of its checkpoints is the run that never stopped, bit for bit, with all that its hooks remember. */
class ResumptionTest {
    @TempDir
    private Path dir;

    private SmallRun small;

    @BeforeEach
    void makeData() {
        small = SmallRun.in(dir);
    }

    /** From the middle of an epoch, from its last iteration, and from its end; averages, best score and patience go on. */
    @ParameterizedTest
    @ValueSource(ints = {6, 10, 13})
    void fromAnyIteration(int iteration) throws IOException {
        Path config = small.config("small.py", """
                checkpoint_config = dict(interval=1, by_epoch=False)
                evaluation = dict(interval=1, save_best='auto')
                runner = dict(max_epochs=3)
                lr_config = dict(_delete_=True, policy='CosineAnnealing', min_lr=0, by_epoch=False)
                custom_hooks = [
                    dict(type='EMAHook', momentum=0.05, warm_up=5, update_buffers=True, priority='ABOVE_NORMAL'),
                    dict(type='EarlyStoppingHook', patience=50)]
                """);
        small.train(config, "whole");
        small.train(config, "resumed", "--resume-from", small.file("whole/iter_" + iteration + ".pth"));
        small.assertSame("whole/iter_30.pth", "resumed/iter_30.pth");
        try (Checkpoint whole = Checkpoint.open(small.file("whole/iter_30.pth"));
                Checkpoint resumed = Checkpoint.open(small.file("resumed/iter_30.pth"))) {
            assertEquals(whole.taxon().get("hooks"), resumed.taxon().get("hooks"));
            assertEquals(whole.taxon().get("position"), resumed.taxon().get("position"));
        }
        var all = small.logged("whole");
        var rest = small.logged("resumed");
        assertEquals(all.subList(all.size() - rest.size(), all.size()), rest, "log lines of the resumed run");
        assertTrue(rest.size() >= 5, rest.toString());
    }

    /** By iterations, over the end of the data, with an evaluation every five. */
    @Test
    void byIterations() throws IOException {
        Path config = small.config("iters.py", """
                runner = dict(_delete_=True, type='IterBasedRunner', max_iters=23)
                checkpoint_config = dict(interval=4, max_keep_ckpts=2)
                evaluation = dict(interval=5, save_best='accuracy_top-1')
                lr_config = dict(_delete_=True, policy='poly', power=0.9)
                optimizer_config = dict(_delete_=True, type='GradientCumulativeOptimizerHook', cumulative_iters=3)
                """);
        String out = small.train(config, "whole");
        assertTrue(out.contains("workflow: [('train', 1)], max: 23 iters"), out);
        assertTrue(out.contains("Saving checkpoint at 8 iterations"), out);
        assertTrue(out.matches("(?s).* - Iter \\[8/23]\\tlr: \\d\\.\\d{3}e-0\\d, eta: .*"), out);
        assertTrue(out.matches("(?s).* - Iter\\(val\\) \\[4]\\taccuracy_top-1: .*"), out);
        assertTrue(out.matches("(?s).*Best accuracy_top-1 is [0-9.]+ at \\d+ iter\\..*"), out);
        assertFalse(Files.exists(small.file("whole/iter_8.pth")));
        assertEquals(Path.of("iter_23.pth"), Files.readSymbolicLink(small.file("whole/latest.pth")));
        small.train(config, "resumed", "--resume-from", small.file("whole/iter_16.pth"));
        small.assertSame("whole/iter_23.pth", "resumed/iter_23.pth");
    }

    /** The last whole checkpoint; a damaged one is named, and what killed writers left is deleted. */
    @Test
    void autoSkipsWhatIsDamaged() throws IOException {
        Path config = small.config("small.py", "runner = dict(max_epochs=3)\n");
        String fresh = small.train(config, "run", "--resume-from", "auto", "--no-validate");
        assertTrue(fresh.contains("no checkpoint to resume from in"), fresh);
        Map<String, byte[]> expected = SmallRun.tensors(small.file("run/epoch_3.pth"));
        Path last = small.file("run/epoch_3.pth");
        byte[] bytes = Files.readAllBytes(last);
        Files.write(last, Arrays.copyOf(bytes, bytes.length / 2));
        Path second = small.file("run/epoch_2.pth");
        byte[] damaged = Files.readAllBytes(second);
        damaged[damaged.length / 2] ^= 1;
        Files.write(second, damaged);
        Path leftover = Files.writeString(small.file("run/.epoch_9.pth.999999999.tmp"), "half");
        String resumed = small.train(config, "run", "--resume-from", "auto", "--no-validate");
        assertTrue(resumed.matches("(?s).*WARNING - skipping a damaged checkpoint: [^\\n]*epoch_3\\.pth.*"), resumed);
        assertTrue(resumed.matches("(?s).*WARNING - skipping a damaged checkpoint: [^\\n]*epoch_2\\.pth.*"), resumed);
        assertTrue(resumed.matches("(?s).*resuming from the last whole checkpoint: [^\\n]*epoch_1\\.pth.*"), resumed);
        assertFalse(Files.exists(leftover));
        Map<String, byte[]> got = SmallRun.tensors(last);
        expected.forEach(
                (name, value) -> org.junit.jupiter.api.Assertions.assertArrayEquals(value, got.get(name), name));
    }

    /** mmcv's trap: the checkpoint of an epoch knows the best score of that epoch, so that the old best is deleted later. */
    @Test
    void bestScoreOfTheSameEpochIsInTheCheckpoint() throws IOException {
        Path config = small.config(
                "small.py",
                "runner = dict(max_epochs=2)\nevaluation = dict(interval=1, save_best='auto', rule='less')\n");
        String out = small.train(config, "run", "--cfg-options", "runner.max_epochs=1");
        assertTrue(out.contains("Now best checkpoint is saved as best_accuracy_top-1_epoch_1.pth."), out);
        double best = Double.parseDouble(out.replaceFirst("(?s).*Best accuracy_top-1 is ([0-9.]+) at 1 epoch.*", "$1"));
        try (Checkpoint checkpoint = Checkpoint.open(small.file("run/epoch_1.pth"))) {
            Map<?, ?> messages = (Map<?, ?>) checkpoint.meta().get("hook_msgs");
            assertEquals(best, (Double) messages.get("best_score"), 1e-3);
            assertTrue(String.valueOf(messages.get("best_ckpt")).endsWith("best_accuracy_top-1_epoch_1.pth"));
            assertTrue(String.valueOf(messages.get("last_ckpt")).endsWith("epoch_1.pth"));
        }
        String more = small.train(
                config,
                "run",
                "--resume-from",
                "auto",
                "--cfg-options",
                "evaluation.rule=greater",
                "optimizer.lr=0.05");
        assertTrue(more.contains("optimizer.lr is 0.05 in the config and was 0.01 in the checkpoint"), more);
        boolean better = more.contains("Now best checkpoint is saved as best_accuracy_top-1_epoch_2.pth.");
        assertEquals(better, !Files.exists(small.file("run/best_accuracy_top-1_epoch_1.pth")));
        assertEquals(better, Files.exists(small.file("run/best_accuracy_top-1_epoch_2.pth")));
    }
}
