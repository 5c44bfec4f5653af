package dev.taxon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.data.archive.TestArchives;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCommandTest {
    @TempDir
    private Path dir;

    private Path data;

    @BeforeEach
    void makeData() throws IOException {
        data = dir.resolve("d");
        picture("a/1.png", 10, 20, new Color(10, 20, 30));
        picture("a/2.png", 30, 10, new Color(70, 20, 30));
        picture("b/3.png", 20, 50, new Color(10, 20, 30));
        Files.createDirectories(data.resolve("empty"));
    }

    private void picture(String name, int width, int height, Color color) throws IOException {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, color.getRGB());
        }
        Files.createDirectories(data.resolve(name).getParent());
        ImageIO.write(image, "png", data.resolve(name).toFile());
    }

    private Path tar() throws IOException {
        Map<String, byte[]> members = new LinkedHashMap<>();
        for (String name : List.of("b/3.png", "a/2.png", "a/1.png")) {
            members.put(name, Files.readAllBytes(data.resolve(name)));
        }
        members.put("empty/", new byte[0]);
        return Files.write(dir.resolve("d.tar"), TestArchives.tar(members));
    }

    @Test
    void indexSaysHowManyMembers() throws IOException {
        CommandLineRun run = CommandLineRun.of("data", "index", tar());
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("d.tar: 4 members, ready in "), run.out());
        assertTrue(Files.exists(dir.resolve("d.tar.taxon-index")));
        CommandLineRun none = CommandLineRun.of("data", "index", dir.resolve("none.tar"));
        assertEquals(2, none.exitCode());
        assertTrue(none.err().startsWith("error: cannot read "), none.err());
    }

    /** Reds: 200 pixels of 10, 300 of 70, 1000 of 10: mean 22, mean square 1060. */
    @Test
    void statsCountAndMeasure() throws IOException {
        for (Path input : List.of(data, tar())) {
            CommandLineRun text = CommandLineRun.of("data", "stats", input);
            assertEquals(0, text.exitCode(), text.err());
            assertEquals("""
                    CustomDataset: 3 images, 3 classes
                         0  a             2   66.7 %
                         1  b             1   33.3 %
                         2  empty         0    0.0 %
                               min  median    max
                    height      10      20     50
                    width       10      20     30
                    mean=[22.000, 20.000, 30.000], std=[24.000, 0.000, 0.000], to_rgb=True
                    """, text.out());
            CommandLineRun json = CommandLineRun.of("data", "stats", input, "--json", "--num-process", 1);
            assertTrue(json.out().contains("\"broken\": 0"), json.out());
            assertTrue(json.out().contains("\"empty\": 0"), json.out());
        }
    }

    @Test
    void verifyNamesBrokenFilesAndWhy() throws IOException {
        Path log = dir.resolve("broken.log");
        Files.writeString(log, "old");
        CommandLineRun good = CommandLineRun.of("data", "verify", data, "--out-path", log);
        assertEquals(0, good.exitCode(), good.err());
        assertEquals("3 images verified. There is no broken file found.\n", good.out());
        assertFalse(Files.exists(log));
        Path page = Files.writeString(data.resolve("a/page.jpg"), "<html>");
        byte[] whole = Files.readAllBytes(data.resolve("b/3.png"));
        Path cut = Files.write(data.resolve("b/4.png"), java.util.Arrays.copyOf(whole, whole.length / 2));
        CommandLineRun bad = CommandLineRun.of("data", "verify", data, "--out-path", log, "--num-process", 3);
        assertEquals(1, bad.exitCode(), bad.err());
        assertEquals("2 of 5 images are broken; their names are in " + log + "\n", bad.out());
        assertEquals(page + "\n" + cut + "\n", Files.readString(log));
        assertTrue(bad.err().contains(page + " cannot be decoded"), bad.err());
        CommandLineRun nowhere = CommandLineRun.of("data", "verify", data, "--out-path", dir.resolve("no/x.log"));
        assertEquals(2, nowhere.exitCode());
    }

    @Test
    void aPackedFileIsAFolder() throws IOException {
        Path pack = dir.resolve("d.pack");
        CommandLineRun run = CommandLineRun.of("data", "prepare", data, pack);
        assertEquals(0, run.exitCode(), run.err());
        String stats = CommandLineRun.of("data", "stats", data).out();
        assertEquals(stats, CommandLineRun.of("data", "stats", pack).out());
        Path small = dir.resolve("small.pack");
        assertEquals(
                0,
                CommandLineRun.of("data", "prepare", data, small, "--short", 15).exitCode());
        String smaller = CommandLineRun.of("data", "stats", small).out();
        assertTrue(
                smaller.contains("height      10      20     37"), smaller); // 20 x 50: 15 x 37.5, cut as Resize does
        assertTrue(smaller.contains("width       10      15     30"), smaller);
        byte[] whole = Files.readAllBytes(pack);
        whole[80] ^= 1; // within the first image
        Files.write(pack, whole);
        CommandLineRun damaged = CommandLineRun.of("data", "verify", pack, "--out-path", dir.resolve("b.log"));
        assertEquals(1, damaged.exitCode());
        assertTrue(damaged.err().contains("a/1.png does not match its checksum"), damaged.err());
        Files.write(pack, java.util.Arrays.copyOf(whole, whole.length - 10));
        CommandLineRun cut = CommandLineRun.of("data", "stats", pack);
        assertEquals(2, cut.exitCode());
        assertTrue(cut.err().contains("is cut off or damaged: its index is not at its end"), cut.err());
    }

    @Test
    void vocIsPackedWithItsAnnotations() throws IOException {
        Path voc = dir.resolve("VOC2007");
        Files.createDirectories(voc.resolve("Annotations"));
        StringBuilder ids = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            picture("../VOC2007/JPEGImages/" + i + ".jpg", 20 + i, 30, Color.RED);
            Files.writeString(
                    voc.resolve("Annotations/" + i + ".xml"),
                    "<annotation><object><name>" + (i == 1 ? "dog" : "cat") + "</name></object></annotation>");
            ids.append(i).append('\n');
        }
        Path list = Files.writeString(dir.resolve("list.txt"), ids);
        Path config = Files.writeString(dir.resolve("voc.py"), """
                data = dict(samples_per_gpu=1, train=dict(type='RepeatDataset', times=2, dataset=dict(
                    type='VOC', data_prefix='%s', ann_file='%s', classes=['cat', 'dog'], pipeline=[])))
                """.formatted(voc, list));
        Path pack = dir.resolve("voc.pack");
        CommandLineRun run = CommandLineRun.of("data", "prepare", config, pack);
        assertEquals(0, run.exitCode(), run.err());
        assertEquals("3 images, 0 MB: " + pack + "\n", run.out());
        assertTrue(run.err().contains("note: packed is all that RepeatDataset of VOC may choose from"), run.err());
        String option = "data.train.dataset.data_prefix=" + pack;
        String packed = CommandLineRun.of("data", "stats", config, "--cfg-options", option)
                .out();
        assertEquals(CommandLineRun.of("data", "stats", config).out(), packed);
        assertTrue(packed.contains("cat"), packed);
    }

    @Test
    void partsOfOneFolderMakeOneFileAndOfSeveralASentence() throws IOException {
        Path first = Files.writeString(dir.resolve("1.txt"), "a/1.png 0\nb/3.png 1\n");
        Path second = Files.writeString(dir.resolve("2.txt"), "a/1.png 0\na/2.png 0\n");
        Path config = Files.writeString(dir.resolve("c.py"), """
                data = dict(samples_per_gpu=1, train=dict(
                    type='CustomDataset', data_prefix='%s', ann_file=['%s', '%s'], classes=['a', 'b'], pipeline=[]))
                """.formatted(data, first, second));
        Path pack = dir.resolve("c.pack");
        CommandLineRun run = CommandLineRun.of("data", "prepare", config, pack);
        assertEquals(0, run.exitCode(), run.err());
        assertEquals("3 images, 0 MB: " + pack + "\n", run.out()); // a/1.png is in both lists
        String option = "data.train.data_prefix=" + pack;
        assertEquals(
                CommandLineRun.of("data", "stats", config).out(),
                CommandLineRun.of("data", "stats", config, "--cfg-options", option)
                        .out());
        String several = "data.train=[dict(type='CustomDataset',data_prefix='" + data + "',pipeline=[]),"
                + "dict(type='CustomDataset',data_prefix='" + tar() + "',pipeline=[])]";
        CommandLineRun two = CommandLineRun.of("data", "prepare", config, pack, "--cfg-options", several);
        assertEquals(2, two.exitCode(), two.out());
        assertTrue(two.err().contains("the images lie in several folders"), two.err());
    }

    @Test
    void aWrongPathIsASentence() {
        for (String command : List.of("stats", "verify")) {
            CommandLineRun run = CommandLineRun.of("data", command, dir.resolve("nowhere"));
            assertEquals(2, run.exitCode());
            assertTrue(run.err().startsWith("error: " + dir.resolve("nowhere") + ": there is no such file"), run.err());
        }
        CommandLineRun bare = CommandLineRun.of("data", "stats", data.resolve("empty"));
        assertTrue(bare.err().startsWith("error: " + data.resolve("empty") + " has no images: "), bare.err());
    }

    /** What was typed is the place: no key, no line. */
    @Test
    void ofAnArgumentNoKeyIsNamed() {
        for (String[] command : new String[][] {{"data", "stats"}, {"data", "verify"}, {"browse"}}) {
            Object[] line = Stream.concat(Arrays.stream(command), Stream.of(data.resolve("empty")))
                    .toArray();
            CommandLineRun run = CommandLineRun.of(line);
            assertEquals(2, run.exitCode(), run.err());
            assertEquals(1, run.err().lines().count(), run.err());
            assertTrue(run.err().startsWith("error: " + data.resolve("empty") + " has no images: no file"), run.err());
            assertFalse(run.err().contains("data_prefix"), run.err());
        }
    }

    @Test
    void statsOfBrokenImagesAloneAreASentence() throws IOException {
        Path broken = dir.resolve("broken");
        Files.createDirectories(broken.resolve("a"));
        Files.writeString(broken.resolve("a/1.png"), "no image");
        CommandLineRun run = CommandLineRun.of("data", "stats", broken);
        assertEquals(2, run.exitCode(), run.out());
        assertEquals("error: none of the 1 images can be read; 'data verify' says why\n", run.err());
    }

    @Test
    void dataAloneIsNoCommand() {
        CommandLineRun run = CommandLineRun.of("data");
        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("give a command"), run.err());
    }
}
