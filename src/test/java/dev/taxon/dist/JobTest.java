package dev.taxon.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.SyntheticMnist;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line under mpirun: what a job writes, how it ends, and how it goes on with another number of ranks. */
class JobTest {
    private static final String MAIN = "dev.taxon.Main";
    private static final Pattern PROCESSES = Pattern.compile("2 processes: .*, process (\\d+); .*, process (\\d+)");

    @TempDir
    private Path dir;

    private Path config = Path.of("");

    @BeforeEach
    void makeData() throws IOException {
        Job.assumeMpi();
        Path data = SyntheticMnist.write(dir.resolve("mnist"), 600, 201);
        config = Files.writeString(dir.resolve("job.py"), """
                _base_ = '%s'
                data = dict(
                    train=dict(data_prefix='%s'), val=dict(data_prefix='%s'), test=dict(data_prefix='%s'), samples_per_gpu=32)
                evaluation = dict(interval=1)
                log_config = dict(interval=5)
                runner = dict(max_epochs=1)
                """.formatted(
                        Path.of("configs/lenet/lenet5_mnist.py").toAbsolutePath(), data, data, data));
    }

    private Job train(String name, int ranks, String workDir, String... more) {
        Object[] args = Stream.concat(
                        Stream.of(
                                "train",
                                config,
                                "--launcher",
                                ranks == 0 ? "none" : "mpi",
                                "--seed",
                                3,
                                "--work-dir",
                                dir.resolve(workDir)),
                        Stream.of(more))
                .toArray();
        return Job.start(dir.resolve(name + ".out"), ranks, MAIN, args);
    }

    private static long count(String text, String part) {
        return text.lines().filter(line -> line.contains(part)).count();
    }

    /** One log, one checkpoint an epoch; then one process goes on, and says what has changed. */
    @Test
    void goesOnWithAnotherNumberOfRanks() throws IOException {
        String first = train("two", 2, "run").succeed();
        assertEquals(1, count(first, "Start running"), first);
        assertTrue(first.contains("2 ranks × samples_per_gpu 32 = 64 samples a step"), first);
        assertTrue(first.contains("Epoch [1][5/10]"), first);
        assertTrue(first.contains("accuracy_top-1: "), first);
        try (Stream<Path> files = Files.list(dir.resolve("run"))) {
            assertEquals(1, files.filter(f -> f.toString().endsWith(".log")).count());
        }
        String resumed = train("one", 0, "run", "--resume-from", "auto", "--cfg-options", "runner.max_epochs=2")
                .succeed();
        assertTrue(
                resumed.contains("the checkpoint is of 2 ranks × 32 samples = 64 a step, and this run has 1 × 32 = 32"),
                resumed);
        assertTrue(resumed.contains("resumed epoch 1, iter 19"), resumed);
        assertTrue(resumed.contains("Epoch [2][5/19]"), resumed);
        String again = train("three", 3, "run", "--resume-from", "auto", "--cfg-options", "runner.max_epochs=3")
                .succeed();
        assertTrue(
                again.contains("the checkpoint is of 1 ranks × 32 samples = 32 a step, and this run has 3 × 32 = 96"),
                again);
        assertTrue(Files.exists(dir.resolve("run/epoch_3.pth")), again);
    }

    /** Three ranks share 201 images; the file is that of one process. */
    @Test
    void testsTogether() throws IOException {
        train("trained", 2, "run", "--no-validate").succeed();
        for (int ranks : List.of(0, 3)) {
            Job.start(
                            dir.resolve("test" + ranks + ".out"),
                            ranks,
                            MAIN,
                            "test",
                            config,
                            dir.resolve("run/latest.pth"),
                            "--metrics",
                            "accuracy",
                            "--out",
                            dir.resolve("result" + ranks + ".json"),
                            "--launcher",
                            ranks == 0 ? "none" : "mpi",
                            "--cfg-options",
                            "taxon.threads=1")
                    .succeed();
        }
        assertEquals(Files.readString(dir.resolve("result0.json")), Files.readString(dir.resolve("result3.json")));
    }

    /** Starts a long run, and returns the process of rank 1 once it trains. */
    private static long second(Job job) throws InterruptedException {
        for (int i = 0; i < 600 && !job.text().contains("Epoch [1]"); i++) {
            Thread.sleep(100);
        }
        return process(job, 1);
    }

    private static long process(Job job, int rank) {
        Matcher matcher = PROCESSES.matcher(job.text());
        assertTrue(matcher.find(), job.text());
        return Long.parseLong(matcher.group(1 + rank));
    }

    private Job longRun() {
        return train(
                "long", 2, "long", "--cfg-options", "runner.max_epochs=100000", "checkpoint_config.interval=100000");
    }

    private static void signal(String name, long process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process)).start().waitFor();
    }

    @Test
    void aKilledRankEndsTheJob() throws IOException, InterruptedException {
        Job job = longRun();
        signal("KILL", second(job));
        assertTrue(job.process().waitFor(30, TimeUnit.SECONDS), job.text());
        assertNotEquals(0, job.process().exitValue());
        assertTrue(job.text().contains("rank 1"), job.text());
    }

    private Job watched(String how) throws InterruptedException {
        Job job = Job.start(dir.resolve(how + ".out"), 2, "dev.taxon.dist.WatchedRank", how);
        for (int i = 0; i < 600 && !PROCESSES.matcher(job.text()).find(); i++) {
            Thread.sleep(100);
        }
        return job;
    }

    @Test
    void aHangingRankEndsTheJob() throws InterruptedException {
        Job job = watched("hang");
        assertEquals(Watch.EXIT_LOST, job.await(), job.text());
        assertTrue(job.text().contains("error: rank 1 ("), job.text());
        assertTrue(job.text().contains("lets the others wait, and has done nothing for 4 s: it hangs"), job.text());
    }

    @Test
    void aSilentRankEndsTheJob() throws IOException, InterruptedException {
        Job job = watched("work");
        signal("STOP", process(job, 1));
        assertEquals(Watch.EXIT_LOST, job.await(), job.text());
        assertTrue(job.text().contains("error: rank 1 ("), job.text());
        assertTrue(job.text().contains("has said nothing for 3 s"), job.text());
    }

    /** Costs the fifteen seconds of silence. */
    @Test
    @Tag("slow")
    void aStoppedRankEndsTheJob() throws IOException, InterruptedException {
        Job job = longRun();
        signal("STOP", second(job));
        assertTrue(job.process().waitFor(30, TimeUnit.SECONDS), job.text());
        assertNotEquals(0, job.process().exitValue());
        assertTrue(job.text().contains("error: rank 1 ("), job.text());
        assertTrue(job.text().contains("has said nothing for 15 s"), job.text());
    }

    /** Ctrl-C reaches mpirun, which ends all ranks, after they have saved; being stopped for a while is no such thing. */
    @Test
    void interruptionSavesAndEndsAllRanks() throws IOException, InterruptedException {
        Job job = longRun();
        long second = second(job);
        signal("STOP", second);
        Thread.sleep(1000);
        signal("CONT", second);
        long epochs = count(job.text(), "Epoch [");
        for (int i = 0; i < 300 && count(job.text(), "Epoch [") < epochs + 20; i++) {
            Thread.sleep(100);
        }
        assertFalse(job.text().contains("Stopping"), job.text());
        signal("INT", job.process().pid());
        assertTrue(job.process().waitFor(10, TimeUnit.SECONDS), job.text());
        assertSaved(job);
        for (int i = 0; i < 100 && lives(second); i++) {
            Thread.sleep(100);
        }
        assertFalse(lives(second), "rank 1 lives on");
    }

    /** SIGTERM to each of them, without notice. */
    @Test
    void terminationSaves() throws IOException, InterruptedException {
        Job job = longRun();
        signal("TERM", second(job));
        signal("TERM", process(job, 0));
        assertTrue(job.process().waitFor(10, TimeUnit.SECONDS), job.text());
        assertSaved(job);
    }

    private void assertSaved(Job job) {
        assertEquals(1, count(job.text(), "Stopping behind this iteration"), job.text());
        assertEquals(1, count(job.text(), "Stopped; go on with: mpirun -n 2 engine train "), job.text());
        assertFalse(job.text().contains("Exception"), job.text());
        assertTrue(Files.exists(dir.resolve("long/interrupted.pth")), job.text());
        String resumed = train("goes-on", 0, "long", "--resume-from", "auto", "--cfg-options", "runner.max_epochs=1")
                .succeed();
        assertTrue(resumed.contains("interrupted.pth"), resumed);
    }

    /** Whether a process runs; one that has ended may wait as a zombie for a parent that is gone. */
    private static boolean lives(long process) {
        try {
            return !Files.readString(Path.of("/proc", Long.toString(process), "stat"))
                    .contains(") Z ");
        } catch (IOException e) {
            return false;
        }
    }

    /** A mistake is said once, and all ranks end. */
    @Test
    void aMistakeIsSaidOnce() {
        Job job = train("mistake", 2, "mistake", "--cfg-options", "model.backbone.num_classes=3");
        assertNotEquals(0, job.await());
        assertEquals(1, count(job.text(), "error: the model has 3 classes"), job.text());
    }

    @Test
    void severalProcessesWithoutALauncherAreRefused() {
        Job job = Job.start(dir.resolve("none.out"), 2, MAIN, "train", config, "--work-dir", dir.resolve("none"));
        assertEquals(2, job.await(), job.text());
        assertTrue(job.text().contains("add --launcher mpi"), job.text());
    }
}
