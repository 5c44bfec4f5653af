package dev.taxon.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.UserError;
import dev.taxon.random.Rng;
import dev.taxon.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** safetensors, against a file of its own library: scripts/golden/safetensors_file.py. */
class SafetensorsTest {
    private static final int FLIPS = 3000;

    @TempDir
    private Path folder;

    private static Map<Object, Object> read(byte[] bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment file = arena.allocate(bytes.length, 8).copyFrom(MemorySegment.ofArray(bytes));
            @SuppressWarnings("unchecked") // the tree of a checkpoint
            Map<Object, Object> tree = (Map<Object, Object>) Checkpoint.read(file, "x.safetensors", arena);
            return tree;
        }
    }

    private static byte[] file(String header, int dataBytes) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + text.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .array();
    }

    private static void assertSame(StateDict expected, StateDict actual) {
        for (Map.Entry<String, Tensor> entry : expected.tensors().entrySet()) {
            Tensor tensor = actual.tensors().get(entry.getKey());
            assertEquals(entry.getValue().dtype(), tensor.dtype(), entry.getKey());
            assertEquals(entry.getValue().shape(), tensor.shape(), entry.getKey());
            assertEquals(-1, entry.getValue().data().mismatch(tensor.data()), entry.getKey());
        }
        assertEquals(expected.names().size(), actual.names().size());
    }

    @Test
    void readsWhatTheLibraryWrote() {
        try (Checkpoint pth = Checkpoint.open(Golden.file("checkpoint/zip.pth"));
                Checkpoint safe = Checkpoint.open(Golden.file("checkpoint/tensors.safetensors"))) {
            assertSame(pth.stateDict(), safe.stateDict());
            assertEquals(Map.of("note", "grün"), safe.meta());
        }
    }

    @Test
    void writesEveryTypeAndKeepsOrderAndMeta() throws IOException {
        Path file = folder.resolve("a.safetensors");
        try (Checkpoint pth = Checkpoint.open(Golden.file("checkpoint/zip.pth"))) {
            Map<String, Object> meta = new LinkedHashMap<>();
            meta.put("CLASSES", List.of("Katze", "\"x\"\\", "\ud83d\udc0d"));
            meta.put("epoch", 3L);
            meta.put("lr", 0.1);
            meta.put("raw", new byte[1]);
            Checkpoint.writeSafetensors(file, pth.stateDict(), meta);
            try (Checkpoint safe = Checkpoint.open(file)) {
                assertSame(pth.stateDict(), safe.stateDict());
                assertEquals(
                        List.copyOf(pth.stateDict().names()),
                        List.copyOf(safe.stateDict().names()));
                meta.remove("raw"); // JSON has no bytes
                assertEquals(meta, safe.meta());
                safe.stateDict()
                        .tensors()
                        .forEach((name, tensor) -> assertEquals(
                                0, tensor.data().address() % tensor.dtype().bytes(), name));
            }
            byte[] bytes = Files.readAllBytes(file);
            Checkpoint.writeSafetensors(file, pth.stateDict(), meta);
            assertEquals(-1, Arrays.mismatch(bytes, Files.readAllBytes(file)));
        }
    }

    @Test
    void publishesThereAndBack() throws IOException {
        Path in = Golden.file("mmcls/lenet5_epoch_2.pth");
        Path safe = Publish.publish(in, folder.resolve("lenet5.safetensors"));
        String hash = FileHash.sha256(safe).substring(0, 8);
        assertEquals(folder.resolve("lenet5-" + hash + ".safetensors"), safe);
        Path back = Publish.publish(safe, folder.resolve("back"));
        try (Checkpoint before = Checkpoint.open(in);
                Checkpoint between = Checkpoint.open(safe);
                Checkpoint after = Checkpoint.open(back)) {
            assertSame(before.stateDict(), between.stateDict());
            assertSame(before.stateDict(), after.stateDict());
            assertEquals(before.meta().get("config"), after.meta().get("config"));
            assertEquals(before.meta().get("CLASSES"), between.meta().get("CLASSES"));
            assertEquals(Set.of("meta", "state_dict"), after.tree().keySet());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]  | 0 | `no checkpoint; expected a .pth file`",
                "{}x | 0 | `something behind the end`",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | 7 | `bytes 0 to 8 for F32 (2,) a, and 7 bytes`",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | 9 | `1 bytes that belong to no tensor`",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}} | 8 | `bytes 0 to 8 for F32 (3,)`",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,8]}} | 8 | `-1 as a size or offset of a`",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}} | 8 | `2.0 as a size or offset of a`",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,0]}} | 0 | `the shape`",
                "{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[8],\"data_offsets\":[0,8]}} | 8 | `a has elements of type F8_E4M3`",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[4,8]}} | 8 | `a hole between them, at byte 0`",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[2,6]}} | 6 | `overlap`",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}} | 2 | `the name a a second time`",
                "{\"a\":3} | 0 | `no dtype, shape and data_offsets for a`",
                "{\"__metadata__\":{\"a\":1}} | 0 | `something else than texts`",
                "{\"__metadata__\":{\"meta\":\"{\"}} | 0 | `a meta with the end`",
                "{\"a\":\"\\u12x4\"} | 0 | `a bad \\u escape`"
            })
    void malformedFilesAreOneSentence(String header, int dataBytes, String expected) {
        UserError error = assertThrows(UserError.class, () -> read(file(header, dataBytes)));
        assertTrue(error.getMessage().startsWith("x.safetensors"), error.getMessage());
        assertTrue(error.getMessage().contains(expected), error.getMessage());
        assertEquals(1, error.getMessage().lines().count());
    }

    @Test
    void deepNestingAndLongHeadersAreRefused() {
        String deep = "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        assertThrows(UserError.class, () -> read(file(deep, 0)));
        byte[] claims = file("{}", 0);
        claims[3] = 0x7f; // a header of 2 GiB
        UserError error = assertThrows(UserError.class, () -> read(claims));
        assertTrue(
                error.getMessage().contains("is cut off: its header should have 2130706434 bytes"), error.getMessage());
        assertTrue(read(file("{}   ", 0)).containsKey("state_dict"), "padding with spaces is allowed");
    }

    @Test
    void everyTruncationIsAUserError() throws IOException {
        byte[] whole = Files.readAllBytes(Golden.file("checkpoint/tensors.safetensors"));
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            UserError error = assertThrows(UserError.class, () -> read(part), "cut at " + length);
            assertTrue(error.getMessage().startsWith("x.safetensors"), error.getMessage());
        }
    }

    @Test
    void flippedBytesAreReadOrRefused() throws IOException {
        byte[] whole = Files.readAllBytes(Golden.file("checkpoint/tensors.safetensors"));
        Rng rng = new Rng(7, 7);
        int refused = 0;
        for (int i = 0; i < FLIPS; i++) {
            byte[] bytes = whole.clone();
            for (int flips = 1 + rng.nextInt(3); flips > 0; flips--) {
                bytes[rng.nextInt(bytes.length)] = (byte) rng.nextInt();
            }
            try {
                read(bytes);
            } catch (UserError e) {
                refused++;
            }
        }
        assertTrue(refused > FLIPS / 2, refused + " of " + FLIPS + " refused");
    }

    @Test
    void aFileOfOursIsWhatTheFormatSays() throws IOException {
        Path file = folder.resolve("a.safetensors");
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("w", Tensor.of(dev.taxon.tensor.Shape.of(2), 1, 2));
        tensors.put("n", Tensor.ofLong(5));
        Checkpoint.writeSafetensors(file, new StateDict(tensors), Map.of());
        String header = "{\"__metadata__\": {\"format\": \"pt\"}, "
                + "\"w\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [8, 16]}, "
                + "\"n\": {\"dtype\": \"I64\", \"shape\": [], \"data_offsets\": [0, 8]}}";
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        int padded = (header.length() + 8 + 63) / 64 * 64 - 8;
        expected.write(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(padded)
                .array());
        expected.writeBytes((header + " ".repeat(padded - header.length())).getBytes(StandardCharsets.US_ASCII));
        expected.write(ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(5)
                .putFloat(1)
                .putFloat(2)
                .array());
        assertEquals(-1, Arrays.mismatch(expected.toByteArray(), Files.readAllBytes(file)));
    }
}
