package dev.taxon.data.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.UserError;
import dev.taxon.data.Configs;
import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.Image;
import dev.taxon.random.Rng;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MnistTest {
    @TempDir
    private Path root;

    private static byte[] idx(int magic, int... sizes) {
        int count = Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
        ByteBuffer buffer = ByteBuffer.allocate(4 + 4 * sizes.length + count).putInt(magic);
        Arrays.stream(sizes).forEach(buffer::putInt);
        for (int i = 0; i < count; i++) {
            buffer.put((byte) (i % 10));
        }
        return buffer.array();
    }

    private Path write(String name, byte[] bytes) throws IOException {
        Path file = root.resolve("data/mnist").resolve(name);
        Files.createDirectories(file.getParent());
        if (name.endsWith(".gz")) {
            try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
                out.write(bytes);
            }
        } else {
            Files.write(file, bytes);
        }
        return file;
    }

    private Dataset build(boolean test) {
        var fields = Configs.fields(
                "type",
                "MNIST",
                "data_prefix",
                "data/mnist",
                "pipeline",
                List.of(Configs.dict("type", "Resize", "size", 5)),
                "test_mode",
                test);
        return Datasets.build(fields, root, Provider.NONE, false);
    }

    private String error(boolean test) {
        return String.valueOf(assertThrows(UserError.class, () -> build(test)).getMessage());
    }

    @Test
    void readsPlainAndGzippedFilesOfTheSplitInUse() throws IOException {
        write("t10k-images-idx3-ubyte", idx(0x803, 7, 4, 3));
        write("t10k-labels-idx1-ubyte.gz", idx(0x801, 7));
        Dataset data = build(true);
        assertEquals(7, data.size());
        assertEquals("MNIST", data.name());
        assertEquals("3 - three", data.classes().get(data.label(3)));
        Image.Bytes image = (Image.Bytes) data.sample(1).pixels();
        assertEquals(ChannelOrder.GREY, image.order());
        assertArrayEquals(new byte[] {2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3}, image.pixels());
        assertEquals(5, data.sample(6, new Rng(0, 0)).pixels().width());
        assertEquals("MNIST[6]", data.sample(6).name());
        assertTrue(error(false).startsWith("MNIST is not in "), "the training files are absent");
    }

    @Test
    void damageIsOneSentence() throws IOException {
        Path images = write("t10k-images-idx3-ubyte", Arrays.copyOf(idx(0x803, 7, 4, 3), 60));
        write("t10k-labels-idx1-ubyte", idx(0x801, 7));
        assertEquals(
                images
                        + " is damaged: its header [7, 4, 3] promises 84 bytes of data, it has 44;"
                        + " delete it and fetch it again",
                error(true));
        write("t10k-images-idx3-ubyte", idx(0x801, 7));
        assertEquals(
                images
                        + " is no idx file of 3 dimensions: expected magic 0x00000803, got 0x00000801;"
                        + " delete it and fetch it again",
                error(true));
        write("t10k-images-idx3-ubyte", new byte[3]);
        assertTrue(error(true).contains("got 3 bytes"));
        write("t10k-images-idx3-ubyte", idx(0x803, 6, 4, 3));
        assertTrue(error(true).contains("has 6 images but "));
        Files.delete(images);
        Path gz = write("t10k-images-idx3-ubyte.gz", idx(0x803, 7, 4, 3));
        Files.write(gz, Arrays.copyOf(Files.readAllBytes(gz), 30));
        assertTrue(error(true).startsWith(gz + " is damaged or cut off"), error(true));
        Files.write(gz, new byte[50]);
        assertTrue(error(true).startsWith(gz + " is damaged or cut off"), error(true));
    }

    @Test
    void labelsMustBeClasses() throws IOException {
        write("t10k-images-idx3-ubyte", idx(0x803, 7, 4, 3));
        write("t10k-labels-idx1-ubyte", idx(0x801, 7));
        var fields = Configs.fields(
                "type",
                "MNIST",
                "data_prefix",
                root.resolve("data/mnist").toString(),
                "classes",
                List.of("a", "b"),
                "test_mode",
                true);
        UserError error =
                assertThrows(UserError.class, () -> Datasets.build(fields, Path.of("/"), Provider.NONE, false));
        assertEquals(
                "MNIST: the label of example 2 is 2, but there are 2 classes; check the config's 'classes'",
                error.getMessage());
    }

    @Test
    void unknownTypesAndKeysAreNamed() {
        UserError type = assertThrows(
                UserError.class,
                () -> Datasets.build(Configs.fields("type", "FashionMINST"), root, Provider.NONE, false));
        assertEquals(
                "c.py:1:1: data.train.type names no data set: 'FashionMINST'; did you mean 'FashionMNIST'?",
                type.getMessage());
        var fields = Configs.fields("type", "MNIST", "data_prefix", "x", "tset_mode", true);
        UserError key = assertThrows(UserError.class, () -> Datasets.build(fields, root, Provider.NONE, false));
        assertEquals("c.py:3:1: unknown key 'tset_mode' in data.train; did you mean 'test_mode'?", key.getMessage());
    }

    @Test
    void cifarNamesAHundredClasses() {
        assertEquals(100, Kind.CIFAR100.classes().size());
        assertEquals(Kind.CIFAR100.classes().stream().sorted().toList(), Kind.CIFAR100.classes());
    }
}
