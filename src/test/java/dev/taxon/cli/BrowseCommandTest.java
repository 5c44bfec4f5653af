package dev.taxon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.config.Config;
import dev.taxon.config.Fields;
import dev.taxon.data.dataset.Dataset;
import dev.taxon.data.survey.PipelineSteps;
import dev.taxon.data.survey.PipelineSteps.Frame;
import dev.taxon.train.InputData;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrowseCommandTest {
    @TempDir
    private Path dir;

    private Path config;

    @BeforeEach
    void makeData() throws IOException {
        for (int i = 0; i < 6; i++) {
            var image = new BufferedImage(30 + i, 20, BufferedImage.TYPE_INT_RGB);
            for (int p = 0; p < 600; p++) {
                image.setRGB(p % 30, p / 30, 40 * i << 16 | p % 256 << 8 | 255 - p % 200);
            }
            Path file = dir.resolve("d/" + (i % 2 == 0 ? "cat" : "dog") + "/" + i + ".png");
            Files.createDirectories(file.getParent());
            ImageIO.write(image, "png", file.toFile());
        }
        config = Files.writeString(dir.resolve("c.py"), """
                p = [
                    dict(type='LoadImageFromFile'), dict(type='RandomFlip', flip_prob=0.5),
                    dict(type='Normalize', mean=[123.675, 116.28, 103.53], std=[58.395, 57.12, 57.375], to_rgb=True),
                    dict(type='Pad', size=(40, 40), pad_val=1.0), dict(type='ImageToTensor', keys=['img'])
                ]
                data = dict(
                    samples_per_gpu=2,
                    train=dict(type='RepeatDataset', times=2,
                               dataset=dict(type='CustomDataset', data_prefix='ROOT/d', pipeline=p)),
                    val=dict(type='CustomDataset', data_prefix='ROOT/d', pipeline=p))
                """.replace("ROOT", dir.toString()));
    }

    @Test
    void eachModeIsASheet() throws IOException {
        int[] widths = new int[4];
        List<String> modes = List.of("original", "transformed", "concat", "pipeline");
        for (int i = 0; i < 4; i++) {
            Path out = dir.resolve(modes.get(i) + ".png");
            CommandLineRun run =
                    CommandLineRun.of("browse", config, "--mode", modes.get(i), "--number", 1, "--out", out);
            assertEquals(0, run.exitCode(), run.err());
            assertEquals("1 images are in " + out + "\n", run.out());
            widths[i] = Objects.requireNonNull(ImageIO.read(out.toFile())).getWidth();
        }
        assertEquals(widths[0], widths[1]);
        assertTrue(widths[0] < widths[2] && widths[2] < widths[3]);
        Path folder = dir.resolve("folder.png");
        assertEquals(
                0,
                CommandLineRun.of("browse", dir.resolve("d"), "--out", folder).exitCode());
        CommandLineRun wrong = CommandLineRun.of("browse", config, "--mode", "all");
        assertEquals(2, wrong.exitCode());
        assertTrue(wrong.err().contains("--mode must be original, transformed, concat or pipeline"), wrong.err());
    }

    @Test
    void aFolderGetsAPictureForEachImage() throws IOException {
        Path pictures = dir.resolve("pictures");
        CommandLineRun run = CommandLineRun.of(
                "browse",
                config,
                "--phase",
                "val",
                "--output-dir",
                pictures,
                "--adaptive",
                "--min-edge-length",
                100,
                "--bgr2rgb",
                "--window-size",
                "12*7");
        assertEquals(0, run.exitCode(), run.err());
        assertEquals("6 images are in " + pictures + "\n", run.out());
        assertTrue(run.err().contains("--bgr2rgb has no effect"), run.err());
        for (int i = 0; i < 6; i++) {
            Path picture = pictures.resolve((i % 2 == 0 ? "cat" : "dog") + "/" + i + ".png");
            assertTrue(Objects.requireNonNull(ImageIO.read(picture.toFile())).getWidth() > 300, picture.toString());
        }
        CommandLineRun some = CommandLineRun.of(
                "browse", config, "--show-number", 2, "--output-dir", dir.resolve("p"), "--out", dir.resolve("s.png"));
        assertEquals("2 images are in " + dir.resolve("s.png") + " and " + dir.resolve("p") + "\n", some.out());
        assertEquals(2, CommandLineRun.of("browse", config, "--show").exitCode());
    }

    @Test
    void normalizationIsUndone() {
        Fields train =
                Objects.requireNonNull(Config.load(config).fields().dict("data").dictOrNull("train"));
        PipelineSteps steps = new PipelineSteps(train, List.of("ImageToTensor"));
        try (Dataset dataset = InputData.open(
                Objects.requireNonNull(Config.load(config).fields().dict("data").dictOrNull("train")), false)) {
            for (int i = 0; i < dataset.size(); i++) {
                List<Frame> frames = steps.frames(dataset, i, 3);
                assertEquals(
                        List.of("original", "RandomFlip", "Normalize", "Pad"),
                        frames.stream().map(Frame::step).toList());
                BufferedImage flipped = frames.get(1).picture();
                BufferedImage padded = frames.get(3).picture();
                assertEquals(40, padded.getWidth());
                for (int y = 0; y < flipped.getHeight(); y++) {
                    for (int x = 0; x < flipped.getWidth(); x++) {
                        assertEquals(
                                flipped.getRGB(x, y), frames.get(2).picture().getRGB(x, y));
                        assertEquals(flipped.getRGB(x, y), padded.getRGB(x, y), "floats, too");
                    }
                }
                // 1 · std + mean = 182.07, 173.4, 160.905
                assertEquals(0xFF_B6_AD_A1, padded.getRGB(39, 39));
            }
        }
    }
}
