package dev.taxon;

import dev.taxon.random.Rng;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Small idx files in MNIST's format: noisy bars, whose place tells the class. */
public final class SyntheticMnist {
    private static final int SIDE = 28;
    private static final int IMAGES_MAGIC = 2051;
    private static final int LABELS_MAGIC = 2049;

    private SyntheticMnist() {}

    /** Writes both splits to {@code folder}. */
    public static Path write(Path folder, int train, int test) {
        try {
            Files.createDirectories(folder);
            split(folder, "train", train, 1);
            split(folder, "t10k", test, 2);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void split(Path folder, String name, int count, long seed) throws IOException {
        Rng rng = new Rng(seed, 0);
        ByteBuffer images = ByteBuffer.allocate(16 + count * SIDE * SIDE);
        ByteBuffer labels = ByteBuffer.allocate(8 + count);
        images.putInt(IMAGES_MAGIC).putInt(count).putInt(SIDE).putInt(SIDE);
        labels.putInt(LABELS_MAGIC).putInt(count);
        for (int i = 0; i < count; i++) {
            int label = rng.nextInt(10);
            labels.put((byte) label);
            for (int y = 0; y < SIDE; y++) {
                for (int x = 0; x < SIDE; x++) {
                    boolean bar = (y + 1) / 3 == label;
                    images.put((byte) (bar ? 128 + rng.nextInt(128) : rng.nextInt(64)));
                }
            }
        }
        Files.write(folder.resolve(name + "-images-idx3-ubyte"), images.array());
        Files.write(folder.resolve(name + "-labels-idx1-ubyte"), labels.array());
    }
}
