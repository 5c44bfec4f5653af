package dev.taxon.data.dataset;

import dev.taxon.UserError;
import dev.taxon.checkpoint.pickle.AllowList;
import dev.taxon.checkpoint.pickle.Pickles;
import dev.taxon.data.transform.Image;
import dev.taxon.tensor.DType;
import dev.taxon.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One of the two forms in which CIFAR's files come. */
sealed interface CifarLayout {
    /** The folder below data_prefix. */
    String folder();

    List<String> trainFiles();

    String testFile();

    /** Reads a file that must hold {@code records} examples. */
    Examples read(Path file, int records);

    /** The full paths of a split's files. */
    default List<Path> files(Path prefix, boolean test) {
        List<String> names = test ? List.of(testFile()) : trainFiles();
        return names.stream()
                .map(name -> prefix.resolve(folder()).resolve(name))
                .toList();
    }

    /**
     * The binary form: records of labels and 3072 bytes.
     *
     * @param labelBytes labels of a record; the last counts
     */
    record Binary(String folder, List<String> trainFiles, String testFile, int labelBytes) implements CifarLayout {
        @Override
        public Examples read(Path file, int records) {
            byte[] bytes;
            try {
                bytes = Files.readAllBytes(file);
            } catch (IOException e) {
                throw new UserError("cannot read " + file + ": " + e, e);
            }
            int size = labelBytes + Cifar.BYTES;
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
                images.add(Cifar.image(bytes, i * size + labelBytes));
            }
            return new Examples(images, labels);
        }
    }

    /**
     * The Python form: a pickled dict of {@code data} (N, 3072) uint8 and a list of labels.
     *
     * @param labelKey {@code labels} or {@code fine_labels}
     */
    record Pickled(String folder, List<String> trainFiles, String testFile, String labelKey) implements CifarLayout {
        @Override
        public Examples read(Path file, int records) {
            if (!(Pickles.read(file, AllowList.CIFAR) instanceof Map<?, ?> dict)) {
                throw UserError.of("%s holds no dict; is it a CIFAR batch?", file);
            }
            if (!(dict.get("data") instanceof Tensor data)
                    || data.dtype() != DType.UINT8
                    || data.shape().numel() != (long) records * Cifar.BYTES) {
                throw UserError.of(
                        "%s: 'data' is not %d x %d uint8; delete the file and fetch it again",
                        file, records, Cifar.BYTES);
            }
            if (!(dict.get(labelKey) instanceof List<?> list) || list.size() != records) {
                throw UserError.of(
                        "%s: '%s' is no list of %d labels; delete the file and fetch it again",
                        file, labelKey, records);
            }
            byte[] bytes = data.data().toArray(ValueLayout.JAVA_BYTE);
            List<Image.Bytes> images = new ArrayList<>(records);
            int[] labels = new int[records];
            for (int i = 0; i < records; i++) {
                labels[i] = list.get(i) instanceof Long label ? Math.toIntExact(label) : -1;
                images.add(Cifar.image(bytes, i * Cifar.BYTES));
            }
            return new Examples(images, labels);
        }
    }
}
