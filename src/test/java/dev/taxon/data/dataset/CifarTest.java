package dev.taxon.data.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taxon.UserError;
import dev.taxon.data.Configs;
import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CIFAR's files; the small ones are made by scripts/golden/cifar.py. */
class CifarTest {
    @TempDir
    private Path root;

    private static Path golden(String name) throws Exception {
        return Path.of(CifarTest.class.getResource("/golden/cifar/" + name).toURI());
    }

    private static CifarLayout pickled(Cifar cifar) {
        return cifar.layouts().getFirst();
    }

    private static CifarLayout binary(Cifar cifar) {
        return cifar.layouts().getLast();
    }

    @Test
    void bothFormsHoldTheSame() throws Exception {
        Examples python = pickled(Cifar.CIFAR10).read(golden("cifar10_batch"), 3);
        Examples records = binary(Cifar.CIFAR10).read(golden("cifar10_batch.bin"), 3);
        assertArrayEquals(new int[] {3, 0, 9}, python.labels());
        assertArrayEquals(python.labels(), records.labels());
        for (int i = 0; i < 3; i++) {
            Image.Bytes image = python.images().get(i);
            assertEquals(ChannelOrder.RGB, image.order());
            assertArrayEquals(image.pixels(), records.images().get(i).pixels());
            for (int c = 0; c < 3; c++) {
                int at = (5 * 32 + 17) * 3 + c;
                assertEquals((byte) ((7 * i + c * 1024 + 5 * 32 + 17) % 251), image.pixels()[at]);
            }
        }
        assertArrayEquals(
                new int[] {99, 0, 42},
                pickled(Cifar.CIFAR100).read(golden("cifar100_train"), 3).labels());
        assertArrayEquals(
                new int[] {99, 0, 42},
                binary(Cifar.CIFAR100).read(golden("cifar100_train.bin"), 3).labels());
    }

    @Test
    void aPickleThatWouldRunAProgramIsRefused() throws Exception {
        Path evil = golden("evil_batch");
        UserError error =
                assertThrows(UserError.class, () -> pickled(Cifar.CIFAR10).read(evil, 3));
        assertTrue(String.valueOf(error.getMessage()).contains("os.system"), error.getMessage());
    }

    @Test
    void damageIsOneSentence() throws Exception {
        Path cut = root.resolve("cut");
        byte[] whole = Files.readAllBytes(golden("cifar10_batch"));
        Files.write(cut, Arrays.copyOf(whole, 5000));
        UserError truncated =
                assertThrows(UserError.class, () -> pickled(Cifar.CIFAR10).read(cut, 3));
        assertTrue(String.valueOf(truncated.getMessage()).startsWith(cut.toString()), truncated.getMessage());
        UserError fewer =
                assertThrows(UserError.class, () -> pickled(Cifar.CIFAR10).read(golden("cifar10_batch"), 10_000));
        assertTrue(String.valueOf(fewer.getMessage()).contains("'data' is not 10000 x 3072 uint8"), fewer.getMessage());
        UserError labels =
                assertThrows(UserError.class, () -> pickled(Cifar.CIFAR100).read(golden("cifar10_batch"), 3));
        assertTrue(
                String.valueOf(labels.getMessage()).contains("'fine_labels' is no list of 3 labels"),
                labels.getMessage());
        UserError half =
                assertThrows(UserError.class, () -> binary(Cifar.CIFAR10).read(golden("cifar10_batch.bin"), 10_000));
        assertTrue(
                String.valueOf(half.getMessage()).contains("10000 records of 3073 bytes = 30730000 bytes, got 9219"),
                half.getMessage());
    }

    @Test
    void onlyTheSplitInUseIsNeededInEitherForm() throws IOException {
        Path file = root.resolve("link/cifar-10-batches-bin/test_batch.bin");
        Files.createDirectories(root.resolve("real/cifar-10-batches-bin"));
        Files.createSymbolicLink(root.resolve("link"), root.resolve("real"));
        byte[] records = new byte[10_000 * 3073];
        for (int i = 0; i < 10_000; i++) {
            records[i * 3073] = (byte) (i % 10);
        }
        Files.write(file, records);
        var fields = Configs.fields("type", "CIFAR10", "data_prefix", "link", "test_mode", true);
        Dataset data = Datasets.build(fields, root, Provider.NONE, false);
        assertEquals(10_000, data.size());
        assertEquals("truck", data.classes().get(data.label(9999)));
        assertFalse(Kind.CIFAR10.present(root.resolve("link"), false));
    }
}
