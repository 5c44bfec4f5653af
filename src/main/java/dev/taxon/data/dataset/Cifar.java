package dev.taxon.data.dataset;

import dev.taxon.UserError;
import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * CIFAR-10 and CIFAR-100 in their binary form: records of one label (CIFAR-100: the coarse label, then the fine one)
 * and 3072 bytes, a 32 × 32 plane each of red, green and blue. Source: www.cs.toronto.edu/~kriz/cifar.html.
 *
 * @param binaryFolder below data_prefix
 * @param labelBytes labels of a record; the last counts
 * @param recordsPerFile of each training file; a test file has 10000
 */
record Cifar(String binaryFolder, int labelBytes, List<String> trainFiles, String testFile, int recordsPerFile) {
    static final Cifar CIFAR10 = new Cifar(
            "cifar-10-batches-bin",
            1,
            IntStream.rangeClosed(1, 5)
                    .mapToObj(i -> "data_batch_" + i + ".bin")
                    .toList(),
            "test_batch.bin",
            10_000);
    static final Cifar CIFAR100 = new Cifar("cifar-100-binary", 2, List.of("train.bin"), "test.bin", 50_000);

    static final int SIDE = 32;
    private static final int PLANE = SIDE * SIDE;
    private static final int TEST_RECORDS = 10_000;

    /** Whether a data_prefix holds all files of a split. */
    boolean present(Path folder, boolean test) {
        return files(folder, test).allMatch(Files::exists);
    }

    Examples read(Path folder, boolean test) {
        List<Image.Bytes> images = new ArrayList<>();
        List<int[]> labels = new ArrayList<>();
        for (Path file : files(folder, test).toList()) {
            Examples part = readFile(file, test ? TEST_RECORDS : recordsPerFile);
            images.addAll(part.images());
            labels.add(part.labels());
        }
        return new Examples(images, labels.stream().flatMapToInt(IntStream::of).toArray());
    }

    Examples readFile(Path file, int records) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + e.getMessage(), e);
        }
        int size = labelBytes + 3 * PLANE;
        UserError.require(
                bytes.length == (long) records * size,
                "%s is damaged: expected %d records of %d bytes = %d bytes, got %d; delete it and fetch it again",
                file,
                records,
                size,
                (long) records * size,
                bytes.length);
        List<Image.Bytes> images = new ArrayList<>(records);
        int[] labels = new int[records];
        for (int i = 0; i < records; i++) {
            labels[i] = bytes[i * size + labelBytes - 1] & 0xFF;
            images.add(image(bytes, i * size + labelBytes));
        }
        return new Examples(images, labels);
    }

    /** An image from its three planes (3, 32, 32) in {@code bytes}. */
    static Image.Bytes image(byte[] bytes, int from) {
        byte[] pixels = new byte[3 * PLANE];
        for (int i = 0; i < PLANE; i++) {
            for (int c = 0; c < 3; c++) {
                pixels[3 * i + c] = bytes[from + c * PLANE + i];
            }
        }
        return new Image.Bytes(SIDE, SIDE, ChannelOrder.RGB, pixels);
    }

    private Stream<Path> files(Path folder, boolean test) {
        Path base = folder.resolve(binaryFolder);
        return (test ? Stream.of(testFile) : trainFiles.stream()).map(base::resolve);
    }
}
