package dev.taxon.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.UserError;
import dev.taxon.random.Rng;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DamagedFilesTest {
    private static final int FLIPS = 2000;

    @TempDir
    Path folder;

    private static void read(byte[] bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment file = arena.allocate(bytes.length).copyFrom(MemorySegment.ofArray(bytes));
            Checkpoint.read(file, "x.pth", arena);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zip.pth", "deflated.pth", "legacy.pth", "sgd_legacy.pth"})
    void everyTruncationIsAUserError(String name) throws IOException {
        byte[] whole = Files.readAllBytes(Golden.file("checkpoint/" + name));
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            UserError error = assertThrows(UserError.class, () -> read(part), "cut at " + length);
            assertTrue(error.getMessage().startsWith("x.pth"), error.getMessage());
            assertEquals(1, error.getMessage().lines().count());
        }
    }

    @Test
    void aCutStorageSaysHowMuchIsMissing() throws IOException {
        byte[] whole = Files.readAllBytes(Golden.file("checkpoint/legacy.pth"));
        int length = whole.length - 1;
        UserError error = assertThrows(UserError.class, () -> read(Arrays.copyOf(whole, length)));
        assertEquals(
                "x.pth is cut off: it ends at byte " + length
                        + ", where at least 1 more should follow; copy or download it again",
                error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"zip.pth", "deflated.pth", "legacy.pth", "sgd_legacy.pth", "big_endian.pth"})
    void flippedBytesAreReadOrRefused(String name) throws IOException {
        byte[] whole = Files.readAllBytes(Golden.file("checkpoint/" + name));
        Rng rng = new Rng(7, name.length());
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
        assertTrue(refused > FLIPS / 10, refused + " of " + FLIPS + " refused");
    }

    @ParameterizedTest
    @CsvSource({"zip.pth, 90", "deflated.pth, 26"})
    void changedTensorsAreNoticed(String name, int behindName) throws IOException {
        byte[] bytes = Files.readAllBytes(Golden.file("checkpoint/" + name));
        bytes[new String(bytes, StandardCharsets.ISO_8859_1).indexOf("data/0") + behindName] ^= 1;
        UserError error = assertThrows(UserError.class, () -> read(bytes));
        assertTrue(error.getMessage().contains("damaged"), error.getMessage());
    }

    private byte[] zip(byte[] pickle, byte[] storage) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("model/data.pkl"));
            zip.write(pickle);
            zip.putNextEntry(new ZipEntry("model/data/0"));
            zip.write(storage);
        }
        return out.toByteArray();
    }

    @Test
    void codeInACheckpointIsNamedAndNotRun() throws IOException {
        Path proof = folder.resolve("pwned");
        String command = "touch " + proof;
        byte[] pickle = ("\u0080\u0002cposix\nsystem\nX" + (char) command.length() + "\0\0\0" + command + "\u0085R.")
                .getBytes(StandardCharsets.ISO_8859_1);
        Path file = folder.resolve("evil.pth");
        Files.write(file, zip(pickle, new byte[0]));
        UserError error = assertThrows(UserError.class, () -> Checkpoint.open(file));
        String expected = file + " (data.pkl) names posix.system at byte 2, which a checkpoint has no need of";
        assertTrue(error.getMessage().startsWith(expected), error.getMessage());
        assertTrue(Files.notExists(proof));
    }

    /** One float, seen as a tensor of 2⁴⁰ by a stride of 0. */
    @Test
    void expandedTensorMayNotFillTheMemory() throws IOException {
        String pickle = "\u0080\u0002ctorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storagectorch\nFloatStorage\n"
                + "X\u0001\0\0\u00000X\u0003\0\0\0cpuK\u0001tQK\0\u008a\u0006\0\0\0\0\0\u0001\u0085K\0\u0085\u0089NtR.";
        byte[] bytes = zip(pickle.getBytes(StandardCharsets.ISO_8859_1), new byte[4]);
        UserError error = assertThrows(UserError.class, () -> read(bytes));
        assertTrue(error.getMessage().contains("fill the memory"), error.getMessage());
    }

    @Test
    void otherFilesAreNamedForWhatTheyAre() throws IOException {
        assertRefused(new byte[0], "is empty");
        assertRefused("just text".getBytes(StandardCharsets.US_ASCII), "no checkpoint");
        byte[] tar = new byte[1024];
        System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
        assertRefused(tar, "tar archive");
        assertRefused(
                "\u0010\0\0\0\0\0\0\0{\"x\":1}".getBytes(StandardCharsets.US_ASCII), "its header should have 16 bytes");
        assertRefused(Files.readAllBytes(Golden.file("checkpoint/result_p2.pkl")), "not a PyTorch checkpoint");
        ByteArrayOutputStream script = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(script)) {
            stored(zip, "m/data.pkl", new byte[] {'N', '.'});
            stored(zip, "m/constants.pkl", new byte[] {'N', '.'});
        }
        assertRefused(script.toByteArray(), "TorchScript");
        ByteArrayOutputStream other = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(other)) {
            stored(zip, "readme.txt", new byte[] {'N', '.'});
        }
        assertRefused(other.toByteArray(), "zip file without data.pkl");
    }

    private static void stored(ZipOutputStream zip, String name, byte[] data) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        CRC32 crc = new CRC32();
        crc.update(data);
        entry.setCrc(crc.getValue());
        entry.setSize(data.length);
        zip.putNextEntry(entry);
        ((OutputStream) zip).write(data);
    }

    private static void assertRefused(byte[] file, String because) {
        UserError error = assertThrows(UserError.class, () -> read(file));
        assertTrue(error.getMessage().contains(because), error.getMessage());
    }
}
