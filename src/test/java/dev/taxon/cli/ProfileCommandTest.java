package dev.taxon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.config.Config;
import dev.taxon.config.Fields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileCommandTest {
    private static final String CONFIG = "configs/lenet/lenet5_mnist.py";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "reference"})
    void tableOfATrainingStep(String device) {
        CommandLineRun run =
                CommandLineRun.of("profile", CONFIG, "--train", "--batch-size", 4, "--repeat", 2, "--device", device);
        assertEquals(0, run.exitCode(), run.err());
        for (String expected : List.of(
                "GFLOP/s in registers",
                "Training, batch 4: ",
                "backbone.features.0",
                "all parameters",
                "Conv2d 5x5, forward",
                "Linear, forward",
                "optimizer, update")) {
            assertTrue(run.out().contains(expected), () -> expected + " is missing in\n" + run.out());
        }
    }

    /** Shares add up, each kernel has its cost, and the order is the graph's. */
    @Test
    void json() throws IOException {
        CommandLineRun run = CommandLineRun.of("profile", CONFIG, "--repeat", 2, "--json");
        assertEquals(0, run.exitCode(), run.err());
        Fields tree = parse(run.out());
        assertEquals("eval", tree.text("mode"));
        assertTrue(tree.dict("limits").real("flops_per_second") > 1e8);
        List<Fields> kernels = tree.dicts("kernels");
        double share = 0;
        for (int i = 0; i < kernels.size(); i++) {
            assertEquals(i + 1, kernels.get(i).integer("place"));
            assertTrue(kernels.get(i).real("seconds") > 0);
            share += kernels.get(i).real("share");
        }
        assertEquals(1, share, 1e-9);
        Fields first = kernels.getFirst();
        assertTrue(first.text("node").startsWith("backbone.features.0"), first.text("node"));
        int outputs = 6 * 28 * 28;
        int sums = outputs * (2 * 25 - 1) + outputs; // 25 products, 24 additions, a bias
        assertEquals(sums + outputs, first.integer("flops")); // and tanh
        assertEquals(4 * (32 * 32 + outputs + 6 * 25 + 6), first.integer("bytes"));
    }

    /** As chrome://tracing and Perfetto need it: complete events with times, in order, none over the next; names for process and thread. */
    @ParameterizedTest
    @ValueSource(strings = {"cpu", "reference"})
    void chromeTrace(String device) throws IOException {
        Path file = folder.resolve("step.json");
        CommandLineRun run = CommandLineRun.of(
                "profile", CONFIG, "--train", "--batch-size", 2, "--repeat", 2, "--device", device, "--trace", file);
        assertEquals(0, run.exitCode(), run.err());
        List<Fields> events = parse(Files.readString(file)).dicts("traceEvents");
        List<Fields> names =
                events.stream().filter(e -> e.text("ph").equals("M")).toList();
        assertEquals(
                List.of("process_name", "thread_name"),
                names.stream().map(e -> e.text("name")).toList());
        double end = 0;
        int complete = 0;
        for (Fields event : events.subList(names.size(), events.size())) {
            assertEquals("X", event.text("ph"));
            assertEquals(1, event.integer("pid"));
            assertEquals(1, event.integer("tid"));
            assertTrue(event.real("ts") >= end - 0.01, () -> "starts before the last one ended: " + event.real("ts"));
            assertTrue(event.real("dur") >= 0);
            assertTrue(event.dict("args").text("implementation").length() > 0);
            end = event.real("ts") + event.real("dur");
            complete++;
        }
        assertTrue(complete > 15, "events: " + complete);
        assertEquals("update", events.getLast().text("cat"));
    }

    @Test
    void topListsTheSlowest() {
        CommandLineRun run = CommandLineRun.of("profile", CONFIG, "--repeat", 2, "--top", 2, "--sort", "time");
        assertEquals(0, run.exitCode(), run.err());
        assertEquals(2, run.out().lines().filter(l -> l.startsWith("backbone.")).count(), run.out());
    }

    @Test
    void mistakes() {
        CommandLineRun run = CommandLineRun.of("profile", CONFIG, "--batch-size", 0);
        assertEquals(2, run.exitCode());
        assertEquals("error: --batch-size must be at least 1, got 0", run.err().strip());
    }

    private Fields parse(String json) throws IOException {
        Path file = Files.writeString(folder.resolve("parsed.json"), json);
        return Config.load(file).fields();
    }
}
