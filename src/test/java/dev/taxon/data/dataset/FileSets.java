package dev.taxon.data.dataset;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.taxon.UserError;
import dev.taxon.data.Configs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Data sets of files below a folder, for tests: nothing is decoded. */
record FileSets(Path root) {
    void write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    Dataset build(boolean test, Object... keysAndValues) {
        return Datasets.build(Configs.fields(keysAndValues), root, Provider.NONE, test);
    }

    /** The sentence that refuses it, with ROOT for the folder. */
    String error(boolean test, Object... keysAndValues) {
        return String.valueOf(assertThrows(UserError.class, () -> build(test, keysAndValues))
                        .getMessage())
                .replace(root.toString(), "ROOT");
    }

    /** Names below the folder with their classes, in order: {@code d/a.jpg:[1]}; difficult ones as {@code -1}. */
    List<String> listing(Dataset data) {
        return IntStream.range(0, data.size())
                .mapToObj(i -> root.relativize(Path.of(data.sample(i).name())) + ":" + values(data.labels(), i))
                .toList();
    }

    private static List<String> values(Labels labels, int i) {
        return switch (labels) {
            case Labels.SingleLabel single -> List.of(String.valueOf(single.classIndex(i)));
            case Labels.MultiLabel multi ->
                IntStream.range(0, multi.classes())
                        .filter(k -> multi.value(i, k) != 0)
                        .mapToObj(k -> multi.value(i, k) < 0 ? "?" + k : String.valueOf(k))
                        .toList();
        };
    }
}
