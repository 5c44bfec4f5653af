package dev.taxon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.Golden;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cam} with ResNet-20's real weights: files, names and mistakes. */
class CamCommandTest {
    private static final Path CONFIG = Path.of("configs/resnet/resnet20_cifar10.py");

    @TempDir
    private Path dir;

    private Path weights;
    private Path image;

    @BeforeEach
    void makeImage() throws IOException {
        weights = Files.write(dir.resolve("resnet20.th"), Golden.bytes("weights/resnet20-12fca82f.th"));
        BufferedImage picture = new BufferedImage(80, 60, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = picture.createGraphics();
        g.setColor(Color.ORANGE);
        g.fillRect(8, 20, 60, 25);
        g.dispose();
        image = dir.resolve("bus.png");
        ImageIO.write(picture, "png", image.toFile());
    }

    @Test
    void drawsThePredictedClassAtTheSizeOfTheNetwork() throws IOException {
        Path out = dir.resolve("cam.png");
        CommandLineRun run = CommandLineRun.of("cam", image, CONFIG, weights, "--save-path", out);
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(
                run.out()
                        .matches(
                                "GradCAM of class \\d \\(\\w+, score 0\\.\\d{4}\\) at backbone\\.layer3\\.2\\.bn2: .*cam\\.png\n"),
                run.out());
        assertEquals(32, ImageIO.read(out.toFile()).getWidth());
    }

    @Test
    void eachCategoryGetsAPictureOfItsOwn() {
        CommandLineRun run = CommandLineRun.of(
                "cam",
                image,
                CONFIG,
                weights,
                "--target-category",
                1,
                9,
                "--method",
                "layercam",
                "--out",
                dir.resolve("x.png"));
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(Files.exists(dir.resolve("x_1.png")) && Files.exists(dir.resolve("x_9.png")), run.out());
        assertTrue(run.out().contains("LayerCAM of class 9 (truck"), run.out());
    }

    @Test
    void previewListsLayersThatCanBeNamed() {
        CommandLineRun run = CommandLineRun.of("cam", image, CONFIG, weights, "--preview-model");
        assertEquals(0, run.exitCode(), run.err());
        String last = run.out().lines().reduce((a, b) -> b).orElseThrow().split(" ")[0];
        assertEquals("backbone.layer3.2.relu_1", last);
        CommandLineRun named = CommandLineRun.of(
                "cam",
                image,
                CONFIG,
                weights,
                "--target-layers",
                last,
                "backbone.layer2[-1]",
                "--out",
                dir.resolve("l.jpg"));
        assertEquals(0, named.exitCode(), named.err());
        assertTrue(named.out().contains("at backbone.layer3.2.relu_1, backbone.layer2.2.relu_1"), named.out());
    }

    @Test
    void mistakesAreOneSentence() {
        assertSentence("no layer is named backbone.layer7", "--target-layers", "backbone.layer7");
        assertSentence("layer head.fc has no map", "--target-layers", "head.fc");
        assertSentence("--target-category 10 is not one of the 10 classes, 0 to 9", "--target-category", 10);
        assertSentence("--method Foo is not known; known are GradCAM, GradCAM++", "--method", "Foo");
        assertSentence("does not exist", "--out", dir.resolve("no/x.png"));
        assertSentence("must end in .png", "--out", dir.resolve("x.txt"));
        assertSentence("--vit-like: this network has no layers of tokens", "--vit-like");
        assertSentence("--num-extra-tokens", "--num-extra-tokens", -1);
        CommandLineRun missing = CommandLineRun.of("cam", dir.resolve("none.png"), CONFIG, weights);
        assertEquals(2, missing.exitCode());
        assertTrue(missing.err().contains("none.png is missing"), missing.err());
    }

    private void assertSentence(String sentence, Object... options) {
        Object[] args = new Object[4 + options.length];
        args[0] = "cam";
        args[1] = image;
        args[2] = CONFIG;
        args[3] = weights;
        System.arraycopy(options, 0, args, 4, options.length);
        CommandLineRun run = CommandLineRun.of(args);
        assertEquals(2, run.exitCode(), run.err());
        assertTrue(run.err().contains(sentence), () -> "no \"" + sentence + "\" in: " + run.err());
        assertEquals(1, run.err().lines().filter(l -> l.startsWith("error: ")).count(), run.err());
    }
}
