package dev.taxon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.Golden;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** {@code infer} with ResNet-20's real weights: what it prints, and that one bad image harms no other. */
class InferCommandTest {
    private static final Path CONFIG = Path.of("configs/resnet/resnet20_cifar10.py");

    @TempDir
    private Path dir;

    private Path weights;
    private Path images;

    @BeforeEach
    void makeImages() throws IOException {
        weights = Files.write(dir.resolve("resnet20.th"), Golden.bytes("weights/resnet20-12fca82f.th"));
        images = Files.createDirectories(dir.resolve("images"));
        Files.createDirectories(images.resolve("more"));
        picture(Color.RED, images.resolve("b.png"));
        picture(Color.GREEN, images.resolve("a.JPG"));
        picture(Color.BLUE, images.resolve("more/c.bmp"));
        Files.writeString(images.resolve("notes.txt"), "not an image, and not meant as one");
    }

    private static void picture(Color color, Path file) throws IOException {
        BufferedImage image = new BufferedImage(90, 60, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setColor(color);
        g.fillOval(10, 5, 60, 50);
        g.dispose();
        String name = file.toString();
        ImageIO.write(image, name.substring(name.length() - 3), file.toFile());
    }

    private static CommandLineRun infer(Object... args) {
        Object[] all = new Object[args.length + 1];
        all[0] = "infer";
        System.arraycopy(args, 0, all, 1, args.length);
        return CommandLineRun.of(all);
    }

    @SuppressWarnings("unchecked") // JSON is YAML
    private static List<Map<String, Object>> list(String json) {
        return (List<Map<String, Object>>) new Load(LoadSettings.builder().build()).loadFromString(json);
    }

    @Test
    void oneImagePrintsWhatMmclsPrints() {
        CommandLineRun run = infer(images.resolve("b.png"), CONFIG, weights);
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(
                run.out()
                        .matches(
                                "\\{\n    \"pred_label\": \\d,\n    \"pred_score\": 0\\.\\d+,\n    \"pred_class\": \"\\w+\"\n}\n"),
                run.out());
        assertTrue(run.err().contains("the checkpoint has no class names: they are those of CIFAR10"), run.err());
    }

    @Test
    void severalImagesPrintAListInOrder() {
        String a = images.resolve("a.JPG").toString();
        String b = images.resolve("b.png").toString();
        String c = images.resolve("more/c.bmp").toString();
        List<Map<String, Object>> folder = names(infer(images, CONFIG, weights), a, b, c);
        names(infer(b, a, CONFIG, weights), b, a);
        names(infer(images + "/*.{png,JPG}", CONFIG, weights), a, b);
        names(infer(dir + "/i*/**.bmp", b, CONFIG, weights), c, b);
        List<Map<String, Object>> single = names(infer(images.resolve("more"), CONFIG, weights), c); // a folder of one
        assertEquals(
                ((Number) folder.get(2).get("pred_score")).doubleValue(),
                ((Number) single.getFirst().get("pred_score")).doubleValue(),
                1e-5);
    }

    private static List<Map<String, Object>> names(CommandLineRun run, String... expected) {
        assertEquals(0, run.exitCode(), run.err());
        List<Map<String, Object>> results = list(run.out());
        assertEquals(
                List.of(expected),
                results.stream().map(r -> String.valueOf(r.get("filename"))).toList());
        for (Map<String, Object> result : results) {
            assertEquals(List.of("filename", "pred_label", "pred_score", "pred_class"), List.copyOf(result.keySet()));
        }
        return results;
    }

    @Test
    void topkListsTheBestAndIsCapped() {
        CommandLineRun run = infer(images.resolve("b.png"), CONFIG, weights, "--topk", 3);
        assertTrue(run.out().contains("    \"top\": [\n        {\n            \"pred_label\": "), run.out());
        CommandLineRun all = infer(images, CONFIG, weights, "--topk", 11);
        assertEquals(10, ((List<?>) list(all.out()).getFirst().get("top")).size());
        assertTrue(all.err().contains("--topk 11 is more than the 10 classes"), all.err());
    }

    @Test
    void brokenImagesAreSaidAndTheOthersGoOn() throws IOException {
        Path bad = Files.writeString(images.resolve("bad,\"quoted\".png"), "no image");
        CommandLineRun run = infer(images, images.resolve("none.png"), CONFIG, weights);
        assertEquals(2, run.exitCode());
        assertEquals(2, run.err().lines().filter(l -> l.startsWith("error: ")).count(), run.err());
        assertTrue(run.err().contains("error: image " + bad + " cannot be decoded: it is not a"), run.err());
        assertTrue(run.err().contains("none.png is missing"), run.err());
        assertTrue(run.err().contains("2 of 5 images could not be read"), run.err());
        assertFalse(run.err().contains("\tat "), run.err());
        List<Map<String, Object>> results = list(run.out());
        assertEquals(5, results.size());
        assertEquals(
                3, results.stream().filter(r -> r.containsKey("pred_label")).count());
        Path csv = dir.resolve("out.csv");
        assertEquals(
                2, infer(images, CONFIG, weights, "--out", csv, "--topk", 2).exitCode());
        List<String> lines = Files.readAllLines(csv);
        assertEquals("filename,pred_label,pred_score,pred_class,rank,error", lines.getFirst());
        assertEquals(1 + 3 * 2 + 1, lines.size());
        assertTrue(
                lines.stream().anyMatch(l -> l.startsWith("\"" + images + "/bad,\"\"quoted\"\".png\",,,,,\"")),
                lines::toString);
    }

    @Test
    void oneBrokenImageIsSaidOnce() throws IOException {
        Path bad = Files.writeString(images.resolve("bad.png"), "no image");
        CommandLineRun run = infer(bad, CONFIG, weights);
        assertEquals(2, run.exitCode());
        assertEquals(1, run.err().lines().filter(l -> l.startsWith("error: ")).count(), run.err());
        assertEquals("", run.out());
    }

    @Test
    void outWritesAFileAndLeavesNoHalf() throws IOException {
        Path json = dir.resolve("one.json");
        CommandLineRun run = infer(images.resolve("b.png"), CONFIG, weights, "--out", json);
        assertEquals(0, run.exitCode(), run.err());
        assertEquals("", run.out());
        assertEquals(infer(images.resolve("b.png"), CONFIG, weights).out(), Files.readString(json));
        Path none = dir.resolve("none.json");
        assertEquals(
                2,
                infer(images.resolve("none.png"), CONFIG, weights, "--out", none)
                        .exitCode());
        assertFalse(Files.exists(none));
        Path csv = dir.resolve("all.csv");
        assertEquals(0, infer(images, CONFIG, weights, "--out", csv).exitCode());
        assertEquals(
                "filename,pred_label,pred_score,pred_class,error",
                Files.readAllLines(csv).getFirst());
        try (var left = Files.list(dir)) {
            assertFalse(left.anyMatch(f -> f.toString().endsWith(".part")));
        }
    }

    @Test
    void mistakesAreOneSentence() throws IOException {
        Path b = images.resolve("b.png");
        assertSentence(infer(b, CONFIG, weights, "--out", dir.resolve("x.xml")), ".json or .csv", "x.xml");
        assertSentence(infer(b, CONFIG, weights, "--out", dir.resolve("no/x.csv")), "does not exist");
        assertSentence(infer(b, CONFIG, weights, "--topk", 0), "--topk", "0");
        assertSentence(infer(b, CONFIG, weights, "--batch", -3), "--batch", "-3");
        assertSentence(infer(dir + "/*.gif", CONFIG, weights), "no file matches");
        assertSentence(infer(dir + "/[.gif", CONFIG, weights), "[.gif is no pattern");
        Path empty = Files.createDirectories(dir.resolve("empty"));
        assertSentence(infer(empty, CONFIG, weights), "has no images", ".jpg");
        assertSentence(infer(b, dir.resolve("none.py"), weights), "none.py");
        assertSentence(infer(b, CONFIG, dir.resolve("none.pth")), "none.pth");
        assertSentence(infer(b, CONFIG, weights, "--device", "abacus"), "abacus");
        CommandLineRun few = infer(CONFIG, weights);
        assertEquals(2, few.exitCode());
        assertTrue(few.err().startsWith("give at least one image, then a config, then a checkpoint"), few.err());
    }

    private static void assertSentence(CommandLineRun run, String... parts) {
        assertEquals(2, run.exitCode(), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        for (String part : parts) {
            assertTrue(run.err().contains(part), () -> "no \"" + part + "\" in: " + run.err());
        }
    }
}
