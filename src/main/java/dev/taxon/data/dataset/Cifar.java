package dev.taxon.data.dataset;

import dev.taxon.UserError;
import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.Image;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * CIFAR-10 and CIFAR-100: 32 × 32 images as planes of red, green and blue. Source: www.cs.toronto.edu/~kriz/cifar.html.
 *
 * @param layouts the forms that are looked for, in this order
 * @param trainRecords examples in each training file; a test file has 10000
 */
record Cifar(List<CifarLayout> layouts, int trainRecords) {
    static final int SIDE = 32;
    /** Of one image. */
    static final int BYTES = 3 * SIDE * SIDE;

    private static final int TEST_RECORDS = 10_000;

    static final Cifar CIFAR10 = new Cifar(
            List.of(
                    new CifarLayout.Pickled("cifar-10-batches-py", batches(""), "test_batch", "labels"),
                    new CifarLayout.Binary("cifar-10-batches-bin", batches(".bin"), "test_batch.bin", 1)),
            10_000);

    static final Cifar CIFAR100 = new Cifar(
            List.of(
                    new CifarLayout.Pickled("cifar-100-python", List.of("train"), "test", "fine_labels"),
                    new CifarLayout.Binary("cifar-100-binary", List.of("train.bin"), "test.bin", 2)),
            50_000);

    private static List<String> batches(String ending) {
        return IntStream.rangeClosed(1, 5)
                .mapToObj(i -> "data_batch_" + i + ending)
                .toList();
    }

    /** Whether a data_prefix holds all files of a split, in one form or the other. */
    boolean present(Path prefix, boolean test) {
        return find(prefix, test).isPresent();
    }

    private Optional<CifarLayout> find(Path prefix, boolean test) {
        return layouts.stream()
                .filter(layout -> layout.files(prefix, test).stream().allMatch(Files::exists))
                .findFirst();
    }

    Examples read(Path prefix, boolean test) {
        CifarLayout layout = find(prefix, test)
                .orElseThrow(() -> UserError.of(
                        "%s holds neither %s nor %s",
                        prefix, layouts.getFirst().folder(), layouts.getLast().folder()));
        List<Image.Bytes> images = new ArrayList<>();
        List<int[]> labels = new ArrayList<>();
        for (Path file : layout.files(prefix, test)) {
            Examples part = layout.read(file, test ? TEST_RECORDS : trainRecords);
            images.addAll(part.images());
            labels.add(part.labels());
        }
        return new Examples(images, labels.stream().flatMapToInt(IntStream::of).toArray());
    }

    /** An image from its three planes (3, 32, 32) in {@code bytes}. */
    static Image.Bytes image(byte[] bytes, int from) {
        int plane = SIDE * SIDE;
        byte[] pixels = new byte[BYTES];
        for (int i = 0; i < plane; i++) {
            for (int c = 0; c < 3; c++) {
                pixels[3 * i + c] = bytes[from + c * plane + i];
            }
        }
        return new Image.Bytes(SIDE, SIDE, ChannelOrder.RGB, pixels);
    }
}
