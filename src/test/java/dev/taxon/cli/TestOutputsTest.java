package dev.taxon.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.Golden;
import dev.taxon.SyntheticMnist;
import dev.taxon.result.ResultFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code test} writes and prints, and what {@code eval-metric} makes of it again. */
class TestOutputsTest {
    private static final Path LENET = Path.of("configs/lenet/lenet5_mnist.py");
    private static final int IMAGES = 60;

    @TempDir
    private Path dir;

    private Path checkpoint;
    private String data;

    @BeforeEach
    void makeData() throws IOException {
        data = "data.test.data_prefix=" + SyntheticMnist.write(dir.resolve("mnist"), 10, IMAGES);
        checkpoint = Files.write(dir.resolve("lenet5.pth"), Golden.bytes("mmcls/lenet5_epoch_2.pth"));
    }

    private CommandLineRun test(Object... more) {
        List<Object> args = new ArrayList<>(List.of("test", LENET, checkpoint));
        args.addAll(Arrays.asList(more));
        args.addAll(List.of("--cfg-options", data));
        return CommandLineRun.of(args.toArray());
    }

    private CommandLineRun evalMetric(Object... args) {
        List<Object> all = new ArrayList<>(List.of("eval-metric", LENET));
        all.addAll(Arrays.asList(args));
        all.addAll(List.of("--cfg-options", data));
        return CommandLineRun.of(all.toArray());
    }

    private static CommandLineRun done(CommandLineRun run) {
        assertEquals(0, run.exitCode(), run.err());
        return run;
    }

    private static void assertSentence(CommandLineRun run, String... parts) {
        assertEquals(2, run.exitCode(), run.err());
        assertFalse(run.err().contains("\tat "), run.err());
        String[] lines =
                run.err().lines().filter(l -> !l.contains(" - mmcls - ")).toArray(String[]::new);
        assertEquals(1, lines.length, run.err());
        for (String part : parts) {
            assertTrue(lines[0].contains(part), () -> "no \"" + part + "\" in: " + lines[0]);
        }
    }

    @Test
    void metricsArePrintedAsMmclsPrintsThem() {
        String out = done(test(
                        "--metrics", "f1_score", "accuracy", "support", "precision", "--metric-options", "topk=(1,3)"))
                .out();
        String number = "\\d+\\.\\d{1,2}";
        assertTrue(
                out.matches(
                        "\\naccuracy_top-1 : N\\n\\naccuracy_top-3 : N\\n\\nsupport : 60\\.0\\n\\nprecision : N\\n\\nf1_score : N\\n"
                                .replace("N", number)),
                out);
    }

    @Test
    void everyFormatHoldsTheSameAndEvalMetricFindsTheSameValues() throws IOException {
        ResultFile first = null;
        String printed = "";
        for (String suffix : List.of(".pkl", ".json", ".yaml")) {
            Path out = dir.resolve("deep/result" + suffix);
            CommandLineRun run = done(test("--metrics", "accuracy", "recall", "--out", out));
            assertTrue(run.out().endsWith("\n\ndumping results to " + out + "\n"), run.out());
            ResultFile result = ResultFile.read(out);
            assertEquals(IMAGES, result.classScores().rows());
            if (first == null) {
                first = result;
                printed =
                        done(evalMetric(out, "--metrics", "recall", "accuracy")).out();
                assertTrue(printed.matches("\\{'accuracy_top-1': .*, 'accuracy_top-5': .*, 'recall': .*}\\n"), printed);
            }
            assertArrayEquals(first.classScores().values(), result.classScores().values());
            assertArrayEquals(first.predLabels(), result.predLabels());
            assertEquals(first.predClasses(), result.predClasses());
            assertEquals(
                    printed,
                    done(evalMetric(out, "--metrics", "accuracy", "recall")).out());
        }
        Map<String, Object> json = parse(Files.readString(dir.resolve("deep/result.json")));
        assertEquals(
                List.of(
                        "accuracy_top-1",
                        "accuracy_top-5",
                        "recall",
                        "class_scores",
                        "pred_score",
                        "pred_label",
                        "pred_class"),
                List.copyOf(json.keySet()));
        assertTrue(printed.startsWith("{'accuracy_top-1': " + json.get("accuracy_top-1") + ", "), printed);
    }

    @SuppressWarnings("unchecked") // an object
    private static Map<String, Object> parse(String json) {
        return (Map<String, Object>) new org.snakeyaml.engine.v2.api.Load(
                        org.snakeyaml.engine.v2.api.LoadSettings.builder().build())
                .loadFromString(json);
    }

    @Test
    void outItemsChoose() throws IOException {
        Path out = dir.resolve("r.json");
        done(test("--metrics", "accuracy", "--out", out, "--out-items", "none"));
        assertEquals(
                List.of("accuracy_top-1", "accuracy_top-5"),
                List.copyOf(parse(Files.readString(out)).keySet()));
        done(test("--out", out, "--out-items", "pred_class", "pred_label"));
        assertEquals(
                List.of("pred_label", "pred_class"),
                List.copyOf(parse(Files.readString(out)).keySet()));
        assertSentence(evalMetric(out, "--metrics", "accuracy"), "class_scores", "--out-items all");
    }

    @Test
    void theTableAndThePicturesHaveAnEntryForEachImage() throws IOException {
        Path csv = dir.resolve("r.csv");
        Path pictures = dir.resolve("pictures");
        done(test(
                "--out", csv, "--out-items", "pred_class", "--show-dir", pictures, "--show-options", "text_color=red"));
        List<String> lines = Files.readAllLines(csv);
        assertEquals(1 + IMAGES, lines.size());
        assertEquals("filename,gt_label,gt_class,pred_class", lines.getFirst());
        try (var files = Files.list(pictures)) {
            assertEquals(IMAGES, files.count());
        }
        BufferedImage picture = ImageIO.read(pictures.resolve("000059.png").toFile());
        assertEquals(224, picture.getWidth());
        int red = 0;
        for (int i = 0; i < 224 * 224; i++) {
            int rgb = picture.getRGB(i % 224, i / 224);
            red += (rgb >> 16 & 0xFF) - (rgb & 0xFF) > 100 ? 1 : 0; // the picture itself is grey
        }
        assertTrue(red > 200, "the text has " + red + " red pixels");
    }

    @Test
    void imagesThatCannotBeReadAreLeftOutAndListed() throws IOException {
        Path folder = dir.resolve("folder");
        for (int k = 0; k < 10; k++) {
            Path file = folder.resolve(k + "/x.png");
            Files.createDirectories(file.getParent());
            ImageIO.write(new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY), "png", file.toFile());
        }
        Path broken = Files.writeString(folder.resolve("3/a.png"), "no picture");
        Path out = dir.resolve("skipped.json");
        String test = "data.test=dict(type='CustomDataset',data_prefix='" + folder + "',on_error='skip',pipeline=["
                + "dict(type='LoadImageFromFile',color_type='grayscale'),dict(type='Resize',size=32),"
                + "dict(type='Normalize',mean=[33.46],std=[78.87])])";
        CommandLineRun run = done(CommandLineRun.of(
                "test", LENET, checkpoint, "--metrics", "accuracy", "--out", out, "--cfg-options", test));
        assertTrue(run.err().contains(broken.toString()), run.err());
        String json = Files.readString(out).replaceAll("\\s+", "");
        assertTrue(json.contains("\"image_index\":[0,1,2,4,5,6,7,8,9,10]"), json);
        assertTrue(json.contains("\"skipped_images\":[\"" + broken + "\"]"), json);
        CommandLineRun again =
                CommandLineRun.of("eval-metric", LENET, out, "--metrics", "accuracy", "--cfg-options", test);
        assertTrue(run.out().contains("accuracy_top-1 : 10.0"), run.out());
        assertTrue(done(again).out().contains("'accuracy_top-1': 10.0,"), again.out());
    }

    @Test
    void cappedTopkIsSaid() {
        CommandLineRun run = done(test("--metrics", "accuracy", "--metric-options", "topk=1,50"));
        assertTrue(run.out().contains("accuracy_top-50 : 100.0"), run.out());
        assertTrue(run.err().contains("note: the model has only 10 classes: top-50"), run.err());
    }

    @Test
    void flagsOfMmclsAreTakenOrExplained() {
        CommandLineRun run = done(test(
                "--metrics",
                "accuracy",
                "--launcher",
                "none",
                "--gpu-collect",
                "--tmpdir",
                "x",
                "--gpu-id",
                0,
                "--device",
                "cpu"));
        assertTrue(run.err().contains("--gpu-collect and --tmpdir have no effect"), run.err());
        assertSentence(test("--metrics", "accuracy", "--launcher", "slurm"), "--launcher slurm");
        assertSentence(test("--metrics", "accuracy", "--show"), "--show-dir");
    }

    @Test
    void partsOfAConcatDatasetAreToldApart() throws IOException {
        Path out = dir.resolve("r.pkl");
        List<String> printed = new ArrayList<>();
        for (boolean apart : new boolean[] {true, false}) {
            Path config = Files.writeString(dir.resolve("concat.py"), """
                    _base_ = '%s'
                    part = dict(type='MNIST', data_prefix='%s', pipeline=[
                        dict(type='Resize', size=32), dict(type='Normalize', mean=[33.46], std=[78.87]),
                        dict(type='ImageToTensor', keys=['img']), dict(type='Collect', keys=['img'])])
                    data = dict(test=dict(_delete_=True, type='ConcatDataset', separate_eval=%s, datasets=[part, part]))
                    """.formatted(
                            LENET.toAbsolutePath(), dir.resolve("mnist"), apart ? "True" : "False"));
            CommandLineRun run =
                    done(CommandLineRun.of("test", config, checkpoint, "--metrics", "accuracy", "--out", out));
            assertEquals(2 * IMAGES, ResultFile.read(out).classScores().rows());
            String dict = done(CommandLineRun.of("eval-metric", config, out, "--metrics", "accuracy"))
                    .out();
            printed.add(dict.replaceAll("[0-9]+\\.[0-9e-]+", "N"));
            assertEquals(apart, run.out().contains("\n1_accuracy_top-5 : "), run.out());
        }
        assertEquals(
                "{'0_accuracy_top-1': N, '0_accuracy_top-5': N, '1_accuracy_top-1': N, '1_accuracy_top-5': N}\n",
                printed.getFirst());
        assertEquals("{'accuracy_top-1': N, 'accuracy_top-5': N}\n", printed.getLast());
    }

    @Test
    void mistakesAreSentences() throws IOException {
        assertSentence(test(), "--metrics", "--out");
        assertSentence(test("--metrics", "acuracy"), "'accuracy'");
        assertSentence(test("--metrics", "mAP", "--metric-options", "thr=x"), "thr");
        assertSentence(test("--metrics", "accuracy", "--metric-options", "topk"), "key=value");
        assertSentence(test("--out", dir.resolve("r.txt")), "r.txt", ".pkl");
        assertSentence(test("--out", dir.resolve("mnist")), ".pkl");
        assertSentence(test("--out", "/proc/self/r.pkl"), "/proc/self");
        assertSentence(test("--out", dir.resolve("r.pkl"), "--out-items", "pred_scores"), "'pred_score'");
        assertSentence(test("--show-dir", dir, "--show-options", "text_color=pinkish"), "text_color");
        assertSentence(evalMetric(dir.resolve("none.pkl"), "--metrics", "accuracy"), "none.pkl");
        assertSentence(evalMetric(checkpoint, "--metrics", "accuracy"), ".pkl");
        Path mmcls = Files.write(dir.resolve("mmcls.pkl"), Golden.bytes("mmcls/result.pkl"));
        assertSentence(evalMetric(mmcls), "--metrics");
        assertSentence(evalMetric(mmcls, "--metrics", "accuracy"), "200 images", "60");
        Files.write(mmcls, Arrays.copyOf(Files.readAllBytes(mmcls), 3000));
        assertSentence(evalMetric(mmcls, "--metrics", "accuracy"), "mmcls.pkl", "cut off");
    }
}
