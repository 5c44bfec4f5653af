package dev.taxon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What hooks say and leave when they are set to other than their defaults. */
class TrainingHooksTest {
    @TempDir
    private Path dir;

    private SmallRun small;

    @BeforeEach
    void makeData() {
        small = SmallRun.in(dir);
    }

    /** What the last group of a pattern is, wherever it matches. */
    private static List<String> found(String text, String regex) {
        return Pattern.compile(regex)
                .matcher(text)
                .results()
                .map(r -> r.group(r.groupCount()))
                .toList();
    }

    private String json(String workDir) throws IOException {
        try (Stream<Path> files = Files.list(small.file(workDir))) {
            return Files.readString(files.filter(f -> f.toString().endsWith(".log.json"))
                    .findFirst()
                    .orElseThrow());
        }
    }

    /** A phase of validation has its own line, and what it says is the loss that 'test' computes of that checkpoint. */
    @Test
    void workflowWithValidation() throws IOException {
        Path config = small.config("workflow.py", """
                workflow = [('train', 2), ('val', 1)]
                runner = dict(max_epochs=4)
                evaluation = dict(interval=2)
                log_config = dict(interval=4, hooks=[
                    dict(type='TextLoggerHook', momentum=True), dict(type='TensorboardLoggerHook')])
                """);
        String out = small.train(config, "work");
        assertTrue(out.contains("workflow: [('train', 2), ('val', 1)], max: 4 epochs"), out);
        List<String> losses = found(out, "Epoch\\(val\\) \\[\\d]\\[4]\\tloss: ([0-9.]+)\\n");
        assertEquals(2, losses.size(), out);
        assertEquals(8, found(out, "(momentum: 9.000e-01)").size(), out);
        assertTrue(json("work").contains("\"momentum\": 0.9"));
        CommandLineRun test = CommandLineRun.of(
                "test",
                config,
                small.file("work/epoch_4.pth"),
                "--metrics",
                "loss",
                "--out",
                small.file("result.json"),
                "--cfg-options",
                "data.test.data_prefix=" + small.data());
        String result = Files.readString(small.file("result.json"));
        double loss = Double.parseDouble(found(result, "\"loss\": ([0-9.]+)").getFirst());
        assertEquals(loss, Double.parseDouble(losses.getLast()), 1e-4, test.out()); // the log has four decimals
        try (Stream<Path> files = Files.list(small.file("work/tf_logs"))) {
            String events = Files.readString(files.findFirst().orElseThrow(), StandardCharsets.ISO_8859_1);
            for (String tag : List.of("train/loss", "val/loss", "val/accuracy_top-1", "learning_rate", "momentum")) {
                assertTrue(events.contains(tag), tag);
            }
        }
    }

    /** No evaluation is better than the first by so much. */
    @Test
    void earlyStoppingStops() throws IOException {
        Path config = small.config("early.py", """
                runner = dict(max_epochs=9)
                evaluation = dict(interval=1)
                custom_hooks = [
                    dict(type='EarlyStoppingHook', monitor='accuracy_top-1', patience=2, min_delta=100)]
                """);
        String out = small.train(config, "work");
        assertTrue(out.contains("Stopping early after 2 evaluations without a gain: accuracy_top-1 has not been"), out);
        assertTrue(Files.exists(small.file("work/epoch_3.pth")), out);
        assertFalse(Files.exists(small.file("work/epoch_4.pth")), out);
        String again = small.train(config, "work", "--resume-from", "auto");
        assertTrue(again.contains("already before it was resumed; a larger patience goes on"), again);
        assertFalse(Files.exists(small.file("work/epoch_4.pth")), again);
    }

    @Test
    void evaluationStartsWhereItIsToldTo() throws IOException {
        Path late = small.config("late.py", """
                runner = dict(max_epochs=5)
                evaluation = dict(start=2, interval=2)
                """);
        assertEquals(List.of("2", "4"), found(small.train(late, "late"), "Epoch\\(val\\) \\[(\\d)]"));
        Path untrained = small.config("untrained.py", """
                runner = dict(max_epochs=1)
                evaluation = dict(start=0, interval=1, save_best='auto')
                """);
        String out = small.train(untrained, "untrained");
        assertEquals(2, found(out, "(Epoch\\(val\\) )").size(), out);
        assertTrue(out.contains(" at 0 epoch."), out);
        assertTrue(out.indexOf("Epoch(val)") < out.indexOf("Epoch [1][4/10]"), out);
    }

    @Test
    void checkpointsGoWhereAndHaveTheNamesThatAreGiven() throws IOException {
        Path config = small.config("names.py", """
                runner = dict(max_epochs=2)
                checkpoint_config = dict(interval=1, out_dir='%s', filename_tmpl='net-{}.pth')
                """.formatted(dir.resolve("elsewhere")));
        small.train(config, "work");
        Path folder = dir.resolve("elsewhere/work");
        assertTrue(Files.exists(folder.resolve("net-1.pth")) && Files.exists(folder.resolve("net-2.pth")));
        assertEquals(Path.of("net-2.pth"), Files.readSymbolicLink(folder.resolve("latest.pth")));
        assertFalse(Files.exists(small.file("work/epoch_1.pth")));
        Path wrong = small.config("wrong.py", "checkpoint_config = dict(interval=1, filename_tmpl='net.pth')");
        CommandLineRun run = CommandLineRun.of("train", wrong, "--work-dir", dir.resolve("w"));
        assertEquals(2, run.exitCode(), run.out());
        assertTrue(run.err().contains("one {} for its number"), run.err());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WandbLoggerHook",
                "MMClsWandbHook",
                "MlflowLoggerHook",
                "NeptuneLoggerHook",
                "DvcliveLoggerHook",
                "ClearMLLoggerHook",
                "PaviLoggerHook",
                "SegmindLoggerHook"
            })
    void servicesAreRefusedByName(String hook) throws IOException {
        for (String key :
                List.of("log_config = dict(interval=4, hooks=[dict(type='%s')])", "custom_hooks = [dict(type='%s')]")) {
            Path config = small.config("service.py", key.formatted(hook));
            CommandLineRun run = CommandLineRun.of("train", config, "--work-dir", dir.resolve("w"));
            assertEquals(2, run.exitCode(), run.out());
            assertTrue(run.err().contains("'" + hook + "' sends the log to a service"), run.err());
        }
    }

    /** A value a class in brackets, as a list in JSON; and more than all classes are all of them. */
    @Test
    void valuesOfClassesAreLogged() throws IOException {
        Path config = small.config("classes.py", """
                runner = dict(max_epochs=1)
                evaluation = dict(interval=1, metric=['accuracy', 'precision'],
                                  metric_options=dict(topk=(1, 50), average_mode='none'))
                """);
        String out = small.train(config, "work");
        assertEquals(
                1,
                found(out, "(accuracy_top-50: 100.0000, precision: \\[([0-9.]+, ){9}[0-9.]+])")
                        .size(),
                out);
        assertEquals(1, found(out, "(the model has only 10 classes: top-50)").size(), out);
        assertEquals(
                1,
                found(json("work"), "(\"precision\": \\[([0-9.]+, ){9}[0-9.]+])")
                        .size());
    }
}
