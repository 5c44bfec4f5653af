package dev.taxon.data.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.UserError;
import dev.taxon.data.Configs;
import dev.taxon.data.DataLoader;
import dev.taxon.data.Loading;
import dev.taxon.data.SequentialSampler;
import dev.taxon.device.InputSpec;
import dev.taxon.random.Rng;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDatasetTest {
    @TempDir
    private Path root;

    private void touch(String... names) throws IOException {
        for (String name : names) {
            Path file = root.resolve(name);
            Files.createDirectories(file.getParent());
            Files.createFile(file);
        }
    }

    private Dataset build(Object... keysAndValues) {
        List<Object> all = new ArrayList<>(List.of("type", "CustomDataset", "data_prefix", "d"));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            int at = all.indexOf(keysAndValues[i]);
            if (at >= 0) {
                all.set(at + 1, keysAndValues[i + 1]);
            } else {
                all.addAll(List.of(keysAndValues[i], keysAndValues[i + 1]));
            }
        }
        return Datasets.build(Configs.fields(all.toArray()), root, Provider.NONE, false);
    }

    private String error(Object... keysAndValues) {
        return String.valueOf(assertThrows(UserError.class, () -> build(keysAndValues))
                        .getMessage())
                .replace(root.toString(), "ROOT");
    }

    /** Names below the prefix with labels, in the order of the data set. */
    private List<String> listing(Dataset data) {
        return IntStream.range(0, data.size())
                .mapToObj(
                        i -> root.resolve("d").relativize(Path.of(data.sample(i).name())) + ":" + data.label(i))
                .toList();
    }

    @Test
    void eachSubFolderIsAClass() throws IOException {
        touch("d/cat/b.PNG", "d/cat/a.jpeg", "d/cat/deep/er/x.Jpg", "d/cat/notes.txt", "d/cat/.hidden.png");
        touch("d/Ant/1.png", "d/Ant/10.png", "d/Ant/2.png", "d/bee/moving.gif", "d/loose.png", "d/.cache/x.png");
        touch("elsewhere/linked.bmp");
        Files.createSymbolicLink(root.resolve("d/dog"), root.resolve("elsewhere"));
        Files.createSymbolicLink(root.resolve("d/bee/link.tif"), root.resolve("elsewhere/linked.bmp"));
        Files.createSymbolicLink(root.resolve("d/bee/broken.png"), root.resolve("nowhere.png"));
        Dataset data = build();
        assertEquals(List.of("Ant", "bee", "cat", "dog"), data.classes());
        assertEquals(
                List.of(
                        "Ant/1.png:0",
                        "Ant/10.png:0",
                        "Ant/2.png:0",
                        "bee/link.tif:1",
                        "cat/a.jpeg:2",
                        "cat/b.PNG:2",
                        "cat/deep/er/x.Jpg:2",
                        "dog/linked.bmp:3"),
                listing(data));
        assertNull(data.sample(0).image(), "not read before it is wanted");
        assertEquals("CustomDataset", data.name());
        Dataset gifs = build("extensions", List.of(".GIF", ".bmp"));
        assertEquals(List.of("bee/moving.gif:1", "dog/linked.bmp:3"), listing(gifs));
        Dataset named = build("type", "ImageNet", "classes", List.of("w", "x", "y", "z"));
        assertEquals("y", named.classes().get(named.label(5)));
    }

    @Test
    void annotationsNameFilesAndLabels() throws IOException {
        Path list = Files.writeString(root.resolve("a.txt"), "x/with space.png 2\n\nb.png   0\r\n");
        Files.createDirectory(root.resolve("d"));
        Dataset data = build("ann_file", "a.txt");
        assertEquals(List.of("x/with space.png:2", "b.png:0"), listing(data));
        assertEquals(List.of("0", "1", "2"), data.classes());
        assertEquals(
                1000, build("type", "ImageNet", "ann_file", "a.txt").classes().size());
        Files.writeString(root.resolve("names.txt"), "ant\nbee\n\ncat\n");
        assertEquals(
                List.of("ant", "bee", "cat"),
                build("ann_file", "a.txt", "classes", "names.txt").classes());
        Files.writeString(list, "x.png bee\n");
        assertEquals(List.of("x.png:1"), listing(build("ann_file", "a.txt", "classes", "names.txt")));
        assertEquals(
                "ROOT/a.txt:1: the label 'bee' is neither a class index nor one of 'classes'",
                error("ann_file", "a.txt"));
        Files.writeString(list, "x.png 1\ny.png 7\n");
        assertEquals(
                "ROOT/a.txt:2: the label is 7, but there are 3 classes; check the config's 'classes'",
                error("ann_file", "a.txt", "classes", "names.txt"));
        Files.writeString(list, "x.png\n");
        assertEquals("ROOT/a.txt:1: expected 'relative/path label', got 'x.png'", error("ann_file", "a.txt"));
        Files.writeString(list, "\n");
        assertEquals("ROOT/a.txt names no image", error("ann_file", "a.txt"));
        assertTrue(error("ann_file", "b.txt").startsWith("ann_file names the file ROOT/b.txt, which cannot be read"));
        Files.write(list, new byte[] {(byte) 0xFF, (byte) 0xFE});
        assertEquals("ann_file names the file ROOT/a.txt, which is no text in UTF-8", error("ann_file", "a.txt"));
    }

    @Test
    void mistakesAreOneSentence() throws IOException {
        assertEquals("c.py:2:1: data.train.data_prefix names no folder: ROOT/d", error());
        touch("d/a/x.txt", "d/b/y.png.zip");
        assertEquals(
                "c.py:2:1: data.train.data_prefix has no images: no file in sub-folders of ROOT/d ends in .jpg, .jpeg,"
                        + " .png, .ppm, .bmp, .pgm, .tif; each class needs a sub-folder",
                error());
        touch("d/a/x.png", "d/b/y.png");
        assertEquals(
                "c.py:3:1: data.train.classes has 3 names, but ROOT/d has 2 sub-folders (a, b); there must be one for"
                        + " each, in their order",
                error("classes", List.of("a", "b", "c")));
        assertEquals(
                "c.py:3:1: data.train.classes names the sub-folders of ROOT/d in another order than 2 sub-folders"
                        + " (a, b), by which they are numbered; leave 'classes' out or sort it",
                error("classes", List.of("b", "a")));
        assertEquals(
                "c.py:2:1: data.train.data_prefix has 2 sub-folders (a, b), but ImageNet has 1000 classes; name yours"
                        + " in 'classes', or use type='CustomDataset'",
                error("type", "ImageNet"));
        assertEquals(
                "c.py:3:1: unknown key 'extension' in data.train; did you mean 'extensions'?",
                error("extension", ".png"));
        assertEquals(
                "c.py:1:1: data.train.type names no data set: 'CustomDatset'; did you mean 'CustomDataset'?",
                error("type", "CustomDatset"));
    }

    @Test
    void whatIsNoImageIsNamedByTheLoader() throws IOException {
        Path good = root.resolve("d/a/good.png");
        Files.createDirectories(good.getParent());
        ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), "png", good.toFile());
        Path bad = Files.writeString(root.resolve("d/a/page.jpg"), "<html>not found</html>");
        Dataset data = build("pipeline", List.of(Configs.dict("type", "LoadImageFromFile")));
        assertEquals(8, data.sample(0, new Rng(0, 0)).pixels().width());
        InputSpec spec = new InputSpec(2, dev.taxon.tensor.Shape.of(3, 8, 8), InputSpec.Layout.NCHW);
        try (DataLoader loader = new DataLoader(data, new SequentialSampler(), spec, Loading.plain(2));
                var batches = loader.iterator(0)) {
            UserError error = assertThrows(UserError.class, batches::next);
            assertEquals(
                    "image " + bad + " cannot be decoded: it is not a JPEG, PNG, WebP, BMP, PNM, TIFF or GIF image",
                    error.getMessage());
            Files.delete(bad);
        }
        UserError gone = assertThrows(UserError.class, () -> data.sample(1, new Rng(0, 0)));
        assertEquals("image " + bad + " is missing, or is a folder", gone.getMessage());
    }
}
