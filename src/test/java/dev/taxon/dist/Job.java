package dev.taxon.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Processes that mpirun starts, or one without it, with this test's classes. */
record Job(Process process, Path output) {
    private static final int SECONDS = 120;

    /** Skips the test, saying why, on a machine without Open MPI. */
    static void assumeMpi() {
        boolean there = Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "mpirun")));
        assumeTrue(there, "there is no mpirun here: apt install openmpi-bin");
    }

    /**
     * Starts a main class with arguments.
     *
     * @param ranks 0: without mpirun
     */
    static Job start(Path output, int ranks, String main, Object... args) {
        List<String> command = new ArrayList<>();
        if (ranks > 0) {
            command.addAll(List.of("mpirun", "--oversubscribe", "-n", Integer.toString(ranks)));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main));
        for (Object arg : args) {
            command.add(String.valueOf(arg));
        }
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("OMPI_ALLOW_RUN_AS_ROOT", "1"); // as in containers
        builder.environment().put("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
        try {
            return new Job(builder.start(), output);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    String text() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits for its end, and returns its exit code. */
    int await() {
        try {
            boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.destroy();
            }
            assertTrue(ended, "the job hangs: " + text());
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Its output, once it has ended well. */
    String succeed() {
        assertEquals(0, await(), text());
        return text();
    }

    /** The losses that {@link LossPrinter} printed. */
    List<Double> losses() {
        return succeed()
                .lines()
                .filter(line -> line.startsWith("loss "))
                .map(line -> Double.valueOf(line.substring(5)))
                .toList();
    }
}
