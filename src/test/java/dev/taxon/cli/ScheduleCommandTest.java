package dev.taxon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScheduleCommandTest {
    private static final String LENET = "configs/lenet/lenet5_mnist.py";

    @TempDir
    private Path dir;

    @Test
    void drawsTheRate() throws IOException {
        Path png = dir.resolve("lr.png");
        CommandLineRun run = CommandLineRun.of("schedule", LENET, "--out", png, "--window-size", "6*4");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("SGD, 5 epochs of 469 iterations: the learning rate begins at 0.01"), run.out());
        BufferedImage image = ImageIO.read(png.toFile());
        assertEquals(600, image.getWidth());
        assertEquals(400, image.getHeight());
        long blue = 0;
        for (int i = 0; i < 600 * 400; i++) {
            blue += (image.getRGB(i % 600, i / 600) & 0xFFFFFF) == 0x1F77B4 ? 1 : 0;
        }
        assertTrue(blue > 300, "points of the curve: " + blue);
    }

    @Test
    void mistakesAreSentences() {
        CommandLineRun run = CommandLineRun.of("schedule", LENET, "--out", dir.resolve("no/lr.png"));
        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("cannot be written"), run.err());
        assertEquals(
                2, CommandLineRun.of("schedule", LENET, "--window-size", "big").exitCode());
    }
}
