package dev.taxon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run in a process of its own that is killed again and again, each time resumed by {@code --resume-from auto}, ends with the
 * bits of one that was not: weights, averages, optimizer. A checkpoint is written behind each iteration, so kills fall into writing, too.
 */
class KillTest {
    private static final long SEED = 20240229;

    @TempDir
    private Path dir;

    private SmallRun small;

    @BeforeEach
    void makeData() {
        small = SmallRun.in(dir);
    }

    private Path config(int epochs) throws IOException {
        return small.config("killed.py", """
                checkpoint_config = dict(interval=1, by_epoch=False, max_keep_ckpts=3)
                evaluation = dict(interval=1, save_best='auto')
                runner = dict(max_epochs=%d)
                custom_hooks = [dict(type='EMAHook', momentum=0.01, priority='ABOVE_NORMAL')]
                """.formatted(epochs));
    }

    private Process start(Path config, String workDir) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.taxon.Main",
                        "train",
                        config.toString(),
                        "--work-dir",
                        small.file(workDir).toString(),
                        "--seed",
                        "3",
                        "--resume-from",
                        "auto")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        small.file(workDir + ".out").toFile()))
                .start();
    }

    private String out(String workDir) throws IOException {
        return Files.readString(small.file(workDir + ".out"));
    }

    /** Waits until the run has a checkpoint of this start, so that each start makes progress. */
    private void awaitTraining(Process process, String workDir, int starts) throws IOException, InterruptedException {
        while (process.isAlive() && out(workDir).split("Hooks will be executed", -1).length - 1 < starts) {
            Thread.sleep(5);
        }
    }

    private int kill(Path config, int kills, String workDir) throws Exception {
        Random random = new Random(SEED);
        int inWriting = 0;
        for (int i = 1; i <= kills; i++) {
            Process process = start(config, workDir);
            awaitTraining(process, workDir, i);
            process.waitFor(10 + random.nextInt(120), TimeUnit.MILLISECONDS);
            if (i % 2 == 0) { // while it writes a checkpoint, which is a short part of its time
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
                while (leftovers(workDir) == 0 && process.isAlive() && System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
            }
            assertTrue(process.isAlive(), "the run is too short to be killed " + kills + " times: " + out(workDir));
            process.destroyForcibly().waitFor();
            inWriting += leftovers(workDir) > 0 ? 1 : 0;
        }
        Process last = start(config, workDir);
        assertTrue(last.waitFor(300, TimeUnit.SECONDS));
        assertEquals(0, last.exitValue(), out(workDir));
        assertEquals(0, leftovers(workDir), "files of dead writers");
        return inWriting;
    }

    private long leftovers(String workDir) throws IOException {
        if (!Files.isDirectory(small.file(workDir))) {
            return 0;
        }
        try (Stream<Path> files = Files.list(small.file(workDir))) {
            return files.filter(f -> f.toString().endsWith(".tmp")).count();
        }
    }

    @Test
    void threeKillsLeaveNoTrace() throws Exception {
        Path config = config(10);
        small.train(config, "whole");
        kill(config, 3, "killed");
        small.assertSame("whole/iter_100.pth", "killed/iter_100.pth");
    }

    @Test
    @Tag("slow")
    void thirtyKillsLeaveNoTrace() throws Exception {
        Path config = config(100);
        small.train(config, "whole");
        int inWriting = kill(config, 30, "killed");
        assertTrue(inWriting > 0, "no kill fell into the writing of a checkpoint");
        small.assertSame("whole/iter_1000.pth", "killed/iter_1000.pth");
    }

    /** Ctrl-C: the iteration ends, the state is saved, the exit code is the signal's, and the run says how to go on. */
    @Test
    void interruptionSavesAndSaysHowToGoOn() throws Exception {
        Path config =
                small.config("plain.py", "runner = dict(max_epochs=4000)\ncheckpoint_config = dict(interval=100000)\n");
        Process process = start(config, "stopped");
        awaitTraining(process, "stopped", 1);
        Thread.sleep(300);
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), out("stopped"));
        assertEquals(130, process.exitValue(), out("stopped"));
        assertTrue(Files.exists(small.file("stopped/interrupted.pth")), out("stopped"));
        assertTrue(
                out("stopped").matches("(?s).*Stopped; go on with: engine train .* --resume-from auto\\s*"),
                out("stopped"));
        assertFalse(out("stopped").contains("Exception"));
        String resumed =
                small.train(config, "stopped", "--resume-from", "auto", "--cfg-options", "runner.max_epochs=1");
        assertTrue(resumed.contains("resuming from the last whole checkpoint: "), resumed);
    }
}
