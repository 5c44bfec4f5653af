package dev.taxon;

import dev.taxon.random.Rng;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Full-sized files in CIFAR-10's binary format: noise, and a bar whose place and colour tell the class. */
public final class SyntheticCifar {
    private static final int SIDE = 32;
    private static final int PLANE = SIDE * SIDE;
    private static final int RECORDS = 10_000; // of each file; the format has no header that could say fewer
    private static final int NOISES = 1021; // a prime number of bytes, so that no two images share their noise
    private static final int DARK = 128;

    private SyntheticCifar() {}

    /** Writes both splits, 184 MB, to {@code folder}/cifar-10-batches-bin; returns {@code folder}. */
    public static Path write(Path folder) {
        try {
            Path files = Files.createDirectories(folder.resolve("cifar-10-batches-bin"));
            for (int i = 1; i <= 5; i++) {
                batch(files.resolve("data_batch_" + i + ".bin"), i);
            }
            batch(files.resolve("test_batch.bin"), 6);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void batch(Path file, long seed) throws IOException {
        Rng rng = new Rng(seed, 0);
        byte[] noise = new byte[NOISES];
        for (int i = 0; i < NOISES; i++) {
            noise[i] = (byte) rng.nextInt(DARK);
        }
        byte[] record = new byte[1 + 3 * PLANE]; // label, then (3, 32, 32)
        int at = 0;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            for (int n = 0; n < RECORDS; n++) {
                int label = rng.nextInt(10);
                record[0] = (byte) label;
                for (int i = 1; i < record.length; i++) {
                    record[i] = noise[at];
                    at = at + 1 == NOISES ? 0 : at + 1;
                }
                bar(record, label);
                out.write(record);
            }
        }
    }

    /** Three of the 32 rows are bright in one of the colours. */
    private static void bar(byte[] record, int label) {
        int from = 1 + label % 3 * PLANE + (1 + 3 * label) * SIDE;
        for (int i = from; i < from + 3 * SIDE; i++) {
            record[i] |= (byte) DARK;
        }
    }
}
