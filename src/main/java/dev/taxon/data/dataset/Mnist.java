package dev.taxon.data.dataset;

import dev.taxon.UserError;
import dev.taxon.data.transform.ChannelOrder;
import dev.taxon.data.transform.Image;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** MNIST and FashionMNIST: four idx files in one folder, each plain or gzipped. */
final class Mnist {
    private Mnist() {}

    /** The image and the label file of a split, without {@code .gz}. */
    static List<String> files(boolean test) {
        String stem = test ? "t10k" : "train";
        return List.of(stem + "-images-idx3-ubyte", stem + "-labels-idx1-ubyte");
    }

    /** Whether the folder holds both files of a split. */
    static boolean present(Path folder, boolean test) {
        return files(test).stream().allMatch(name -> Files.exists(find(folder, name)));
    }

    static Examples read(Path folder, boolean test) {
        IdxFile images = IdxFile.read(find(folder, files(test).get(0)), 3);
        IdxFile labels = IdxFile.read(find(folder, files(test).get(1)), 1);
        int count = images.sizes().get(0);
        UserError.require(
                count == labels.data().length,
                "%s has %d images but %s has %d labels; delete both and fetch them again",
                images.path(),
                count,
                labels.path(),
                labels.data().length);
        int height = images.sizes().get(1);
        int width = images.sizes().get(2);
        List<Image.Bytes> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int from = i * height * width;
            byte[] pixels = Arrays.copyOfRange(images.data(), from, from + height * width);
            list.add(new Image.Bytes(height, width, ChannelOrder.GREY, pixels));
        }
        return new Examples(list, Examples.unsigned(labels.data()));
    }

    /** The plain file if it exists, else the gzipped one. */
    private static Path find(Path folder, String name) {
        Path plain = folder.resolve(name);
        return Files.exists(plain) ? plain : folder.resolve(name + ".gz");
    }
}
