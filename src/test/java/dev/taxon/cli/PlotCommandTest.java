package dev.taxon.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.Golden;
import dev.taxon.report.CurvePanels;
import dev.taxon.report.PythonJson;
import dev.taxon.report.RunCurves;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class PlotCommandTest {
    @TempDir
    private Path dir;

    private Path log;

    @BeforeEach
    void makeLog() throws IOException {
        log = Files.writeString(dir.resolve("a.log.json"), """
                {"env_info": "x", "seed": 1}
                {"mode": "train", "epoch": 1, "iter": 5, "lr": 0.1, "loss": 2.0, "time": 1.0}
                {"mode": "train", "epoch": 1, "iter": 10, "lr": 0.1, "loss": 1.5, "time": 0.3}
                {"mode": "val", "epoch": 1, "iter": 4, "lr": 0.1, "accuracy_top-1": 80.0}
                {"mode": "train", "epoch": 2, "iter": 5, "lr": 0.01, "loss": 1.25, "time": 0.9}
                {"mode": "train", "epoch": 2, "iter": 10, "lr": 0.01, "loss": 1.0, "time": 0.1}
                {"mode": "val", "epoch": 2, "iter": 4, "lr": 0.01, "accuracy_top-1": 90.0}
                """);
    }

    private static CommandLineRun done(CommandLineRun run) {
        assertEquals(0, run.exitCode(), run.err());
        return run;
    }

    private static Set<Integer> colors(Path picture) throws IOException {
        BufferedImage image = ImageIO.read(picture.toFile());
        Set<Integer> colors = new HashSet<>();
        for (int i = 0; i < image.getWidth() * image.getHeight(); i++) {
            colors.add(image.getRGB(i % image.getWidth(), i / image.getWidth()) & 0xFFFFFF);
        }
        return colors;
    }

    @Test
    void drawsSeveralRunsInTheirColours() throws IOException {
        Path other = Files.copy(log, dir.resolve("b.log.json"));
        Path out = dir.resolve("deep/runs.png");
        CommandLineRun run = done(CommandLineRun.of("plot", log, other, "--title", "two", "--out", out));
        assertEquals("save curve to: " + out + "\n", run.out());
        assertEquals(1200, ImageIO.read(out.toFile()).getWidth());
        assertTrue(colors(out).containsAll(Set.of(0x1F77B4, 0xD95F02))); // of the legend at least
    }

    @Test
    void svgIsXmlOfShapes() throws Exception {
        Path out = dir.resolve("runs.svg");
        done(CommandLineRun.of("plot", log, "--keys", "loss", "lr", "--legend", "mine", "--out", out));
        Document svg = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(out.toFile());
        assertEquals("1200", svg.getDocumentElement().getAttribute("width"));
        assertTrue(svg.getElementsByTagName("path").getLength() > 50);
        assertTrue(Files.readString(out).contains("stroke=\"#1f77b4\""));
    }

    private static void assertPoints(Path log, String key, double[] x, double[] y) {
        CurvePanels.Curve curve = RunCurves.read(log).curve(key, "run", 0);
        assertArrayEquals(x, curve.x());
        assertArrayEquals(y, curve.y());
    }

    /** With evaluation.start=0, mmcv logs what training starts from as epoch 1, and a validation that comes first as epoch 0. */
    @Test
    void evaluationsBeforeTrainingStandAtIterationZero() throws IOException {
        String accuracy = "accuracy_top-1";
        assertPoints(log, accuracy, new double[] {10, 20}, new double[] {80, 90});
        String trained = Files.readString(log).lines().skip(1).collect(Collectors.joining("\n"));
        for (int epoch : new int[] {0, 1}) {
            Path started = Files.writeString(
                    dir.resolve("start" + epoch + ".log.json"),
                    "{\"mode\": \"val\", \"epoch\": %d, \"iter\": 4, \"lr\": 0.1, \"accuracy_top-1\": 10.0}\n%s\n"
                            .formatted(epoch, trained));
            assertPoints(started, accuracy, new double[] {0, 10, 20}, new double[] {10, 80, 90});
            assertPoints(started, "loss", new double[] {5, 10, 15, 20}, new double[] {2, 1.5, 1.25, 1});
        }
        Path unlogged = Files.writeString(dir.resolve("u.log.json"), """
                {"mode": "val", "epoch": 1, "iter": 4, "lr": 0.1, "accuracy_top-1": 10.0}
                {"mode": "val", "epoch": 1, "iter": 4, "lr": 0.1, "accuracy_top-1": 20.0}
                {"mode": "val", "epoch": 2, "iter": 4, "lr": 0.1, "accuracy_top-1": 30.0}
                """);
        Files.writeString(dir.resolve("u.log"), "x - mmcls - INFO - Epoch [1][7/7]\tlr: 1");
        assertPoints(unlogged, accuracy, new double[] {0, 7, 14}, new double[] {10, 20, 30});
    }

    /** A line of validation has no iteration of the run: it stands where training was last logged. */
    @Test
    void evaluationsOfRunsByIterationFollowTheTraining() throws IOException {
        Path byIter = Files.writeString(dir.resolve("i.log.json"), """
                {"mode": "val", "epoch": 1, "iter": 4, "lr": 0.1, "accuracy_top-1": 10.0}
                {"mode": "train", "epoch": 1, "iter": 5, "lr": 0.1, "loss": 2.0, "time": 1.0}
                {"mode": "val", "epoch": 1, "iter": 4, "lr": 0.1, "accuracy_top-1": 20.0}
                {"mode": "train", "epoch": 1, "iter": 10, "lr": 0.1, "loss": 1.0, "time": 1.0}
                {"mode": "val", "epoch": 1, "iter": 4, "lr": 0.1, "accuracy_top-1": 30.0}
                """);
        Files.writeString(dir.resolve("i.log"), "x - mmcls - INFO - Iter [5/10]\tlr: 1");
        assertPoints(byIter, "accuracy_top-1", new double[] {0, 5, 10}, new double[] {10, 20, 30});
        assertPoints(byIter, "loss", new double[] {5, 10}, new double[] {2, 1});
    }

    @Test
    void trainTimeIsPrintedAsMmclsPrintsIt() {
        assertEquals(
                """
                -----Analyze train time of %s-----
                slowest epoch 1, average time is 0.3000
                fastest epoch 2, average time is 0.1000
                time std over epochs is 0.1000
                average iter time: 0.2000 s/iter

                """.formatted(log),
                done(CommandLineRun.of("plot", log, "--train-time")).out());
        assertTrue(done(CommandLineRun.of("plot", log, "--train-time", "--include-outliers"))
                .out()
                .contains("average iter time: 0.5750 s/iter"));
    }

    private Path confusion(int classes) throws IOException {
        List<List<Long>> rows = IntStream.range(0, classes)
                .mapToObj(row -> IntStream.range(0, classes)
                        .mapToObj(column -> column == row ? 9L : column == 0 ? 1L : 0L)
                        .toList())
                .toList();
        return Files.writeString(
                dir.resolve("r" + classes + ".json"), PythonJson.dumps(Map.of("confusion_matrix", rows)));
    }

    /** Of any number of classes, a picture that a screen can hold. */
    @Test
    void drawsConfusionMatricesOfAnySize() throws IOException {
        for (int classes : new int[] {2, 20, 60, 61, 1000, 1501}) {
            Path out = dir.resolve("c" + classes + ".png");
            done(CommandLineRun.of("plot", "--confusion", confusion(classes), "--out", out));
            BufferedImage image = ImageIO.read(out.toFile());
            assertTrue(image.getWidth() < 1700 && image.getHeight() < 1700, classes + ": " + image.getWidth());
        }
        Path svg = dir.resolve("c.svg");
        done(CommandLineRun.of("plot", "--confusion", confusion(3), "--out", svg));
        assertTrue(Files.readString(svg).startsWith("<svg "));
    }

    private static void assertSentence(String part, Object... args) {
        CommandLineRun run = CommandLineRun.of(args);
        assertEquals(2, run.exitCode(), run.err());
        assertTrue(run.err().contains(part), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
    }

    @Test
    void mistakesAreSentences() throws IOException {
        assertSentence("nothing to draw", "plot");
        assertSentence("does not exist", "plot", dir.resolve("none.log.json"));
        assertSentence("it has lr, loss", "plot", log, "--keys", "los");
        assertSentence(".svg", "plot", log, "--out", dir.resolve("x.pdf"));
        assertSentence("--legend has 3 names", "plot", log, "--legend", "a", "b", "c", "--keys", "loss");
        assertSentence("--window-size", "plot", log, "--window-size", "big");
        assertSentence("no JSON", "plot", Files.writeString(dir.resolve("t.log.json"), "hello"));
        assertSentence("nothing was logged", "plot", Files.writeString(dir.resolve("e.log.json"), "{\"seed\": 1}"));
        Path result = Files.write(dir.resolve("m.pkl"), Golden.bytes("mmcls/result.pkl"));
        assertSentence("--config", "plot", "--confusion", result);
    }
}
