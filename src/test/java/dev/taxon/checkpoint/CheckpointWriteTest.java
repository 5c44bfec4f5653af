package dev.taxon.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.UserError;
import dev.taxon.tensor.Shape;
import dev.taxon.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointWriteTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {"checkpoint/zip.pth", "checkpoint/legacy.pth", "checkpoint/sgd.pth", "mmcls/lenet5_epoch_2.pth"})
    void whatWasReadIsReadAgain(String file) {
        try (Checkpoint original = Checkpoint.open(Golden.file(file))) {
            Path zip = folder.resolve("zip.pth");
            Checkpoint.write(zip, original.tree());
            try (Checkpoint copy = Checkpoint.open(zip)) {
                assertSame(original.tree(), copy.tree(), "");
            }
            Path legacy = folder.resolve("legacy.pth");
            Checkpoint.writeLegacy(legacy, original.tree());
            try (Checkpoint copy = Checkpoint.open(legacy)) {
                assertSame(original.tree(), copy.tree(), "");
            }
        }
    }

    private static void assertSame(Object expected, Object actual, String where) {
        switch (expected) {
            case Map<?, ?> map -> {
                assertEquals(map.getClass(), actual.getClass(), where);
                Map<?, ?> other = (Map<?, ?>) actual;
                assertEquals(List.copyOf(map.keySet()), List.copyOf(other.keySet()), where);
                map.forEach((key, value) -> assertSame(value, other.get(key), where + "/" + key));
            }
            case List<?> list -> {
                assertEquals(list.getClass(), actual.getClass(), where);
                List<?> other = (List<?>) actual;
                assertEquals(list.size(), other.size(), where);
                for (int i = 0; i < list.size(); i++) {
                    assertSame(list.get(i), other.get(i), where + "/" + i);
                }
            }
            case Tensor tensor -> {
                Tensor other = (Tensor) actual;
                assertEquals(tensor.dtype(), other.dtype(), where);
                assertEquals(tensor.shape(), other.shape(), where);
                assertEquals(-1, tensor.data().mismatch(other.data()), where);
            }
            case byte[] bytes -> assertArrayEquals(bytes, (byte[]) actual, where);
            case null, default -> assertEquals(expected, actual, where);
        }
    }

    @Test
    void equalTreesGiveEqualBytes() throws IOException {
        Path a = folder.resolve("a.pth");
        Path b = folder.resolve("b.pth");
        Checkpoint.write(a, tree(1.5f));
        Checkpoint.write(b, tree(1.5f));
        assertEquals(-1, Files.mismatch(a, b));
    }

    @Test
    void membersAreStoredAndAlignedAsPyTorchExpects() throws IOException {
        Path file = folder.resolve("a.pth");
        Checkpoint.write(file, tree(1.5f));
        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertEquals(
                    List.of(
                            "archive/data.pkl",
                            "archive/.format_version",
                            "archive/.storage_alignment",
                            "archive/byteorder",
                            "archive/data/0",
                            "archive/version",
                            "archive/.data/serialization_id"),
                    zip.stream().map(ZipEntry::getName).toList());
            assertTrue(zip.stream().allMatch(e -> e.getMethod() == ZipEntry.STORED));
        }
        byte[] bytes = Files.readAllBytes(file);
        int at = indexOf(bytes, new byte[] {0, 0, (byte) 0xc0, 0x3f, 0, 0, 0, 0x40}); // 1.5f, 2f
        assertEquals(0, at % 64);
    }

    private static int indexOf(byte[] all, byte[] part) {
        for (int i = 0; i + part.length <= all.length; i++) {
            if (java.util.Arrays.equals(all, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        return -1;
    }

    @Test
    void failedWriteLeavesTheOldFileWhole() throws IOException {
        Path file = folder.resolve("epoch_1.pth");
        Checkpoint.write(file, tree(1));
        byte[] before = Files.readAllBytes(file);
        UserError error = assertThrows(
                UserError.class,
                () -> AtomicFile.write(file, channel -> {
                    new Sink(channel).write(new byte[100]);
                    throw new IOException("No space left on device");
                }));
        assertTrue(error.getMessage().contains("No space left on device"), error.getMessage());
        assertArrayEquals(before, Files.readAllBytes(file));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void clearsWhatAKilledWriterLeft() throws IOException {
        Path dead = Files.createFile(folder.resolve(".a.pth.99999999999.tmp")); // no process has so high a number
        Path alive = Files.createFile(folder.resolve(".a.pth.1.tmp"));
        Path other = Files.createFile(folder.resolve(".b.pth.99999999999.tmp"));
        Checkpoint.write(folder.resolve("a.pth"), tree(1));
        assertTrue(Files.notExists(dead) && Files.exists(alive) && Files.exists(other));
    }

    @Test
    void replacesALinkAndNotItsTarget() throws IOException {
        Path target = folder.resolve("epoch_1.pth");
        Checkpoint.write(target, tree(1));
        Path link = Files.createSymbolicLink(folder.resolve("latest.pth"), Path.of("epoch_1.pth"));
        Checkpoint.write(link, tree(2));
        assertTrue(Files.isRegularFile(link, java.nio.file.LinkOption.NOFOLLOW_LINKS));
        try (Checkpoint old = Checkpoint.open(target)) {
            assertEquals(1f, old.stateDict().tensors().get("w").toFloats()[0]);
        }
    }

    private static Map<Object, Object> tree(float w) {
        Map<Object, Object> state = new LinkedHashMap<>();
        state.put("w", Tensor.of(Shape.of(2), w, 2));
        Map<Object, Object> tree = new LinkedHashMap<>();
        tree.put("meta", new LinkedHashMap<>(Map.of("epoch", 3, "time", "now")));
        tree.put("state_dict", state);
        return tree;
    }
}
