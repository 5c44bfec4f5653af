package dev.taxon.data.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.taxon.Golden;
import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.config.Value;
import dev.taxon.data.Configs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WrappersTest {
    @TempDir
    private Path root;

    /** A data set of files "0", "1", … with these labels; nothing is read. */
    private Value.Dict files(String name, int... labels) throws IOException {
        Files.createDirectories(root.resolve("d"));
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            lines.add(name + i + " " + labels[i]);
        }
        Files.write(root.resolve(name + ".txt"), lines);
        return Configs.dict(
                "type",
                "CustomDataset",
                "data_prefix",
                "d",
                "ann_file",
                name + ".txt",
                "classes",
                List.of("x", "y", "z"));
    }

    private Dataset build(boolean test, Object... keysAndValues) {
        return Datasets.build(Configs.fields(keysAndValues), root, Provider.NONE, test);
    }

    private String error(Object... keysAndValues) {
        return String.valueOf(
                assertThrows(UserError.class, () -> build(false, keysAndValues)).getMessage());
    }

    private static List<String> names(Dataset data) {
        return IntStream.range(0, data.size())
                .mapToObj(i -> Path.of(data.sample(i).name()).getFileName() + ":" + data.label(i))
                .toList();
    }

    @Test
    void concatenation() throws IOException {
        Value.Dict a = files("a", 2, 0);
        Value.Dict b = files("b", 1);
        Dataset both = build(false, "type", "ConcatDataset", "datasets", List.of(a, b));
        assertEquals(List.of("a0:2", "a1:0", "b0:1"), names(both));
        assertEquals(
                List.of(2, 1), both.evaluatedApart().stream().map(Dataset::size).toList());
        Dataset one = build(false, "type", "ConcatDataset", "datasets", List.of(a, b), "separate_eval", false);
        assertEquals(List.of(one), one.evaluatedApart());
        Fields listed = Configs.fields("train", List.of(a, b), "val", a);
        Fields train = Datasets.field(listed, "train");
        assertEquals(names(both), names(Datasets.build(train, root, Provider.NONE, false)));
        assertEquals(a, Datasets.field(listed, "val").dict());
        Dataset lists = build(
                false,
                "type",
                "CustomDataset",
                "data_prefix",
                "d",
                "ann_file",
                List.of("b.txt", "a.txt"),
                "classes",
                List.of("x", "y", "z"));
        assertEquals(List.of("b0:1", "a0:2", "a1:0"), names(lists));
        Value.Dict other = Configs.dict("type", "CustomDataset", "data_prefix", "d", "ann_file", "b.txt");
        assertEquals(
                "data sets of a ConcatDataset must have the same classes: the first (CustomDataset) has 3 (x, y, z),"
                        + " number 1 (CustomDataset) has 2 (0, 1); give both the same 'classes'",
                error("type", "ConcatDataset", "datasets", List.of(a, other)));
        assertEquals(
                "c.py:2:1: data.train.datasets names no data set",
                error("type", "ConcatDataset", "datasets", List.of()));
    }

    @Test
    void repetition() throws IOException {
        Dataset data = build(false, "type", "RepeatDataset", "times", 2, "dataset", files("a", 2, 0));
        assertEquals(List.of("a0:2", "a1:0", "a0:2", "a1:0"), names(data));
        assertEquals("RepeatDataset of CustomDataset", data.name());
        assertEquals(
                "c.py:2:1: data.train.times must be positive, got 0",
                error("type", "RepeatDataset", "times", 0, "dataset", files("a", 2, 0)));
        assertEquals(
                "c.py:3:1: unknown key 'time' in data.train; did you mean 'times'?",
                error("type", "RepeatDataset", "times", 1, "time", 2, "dataset", files("a", 0)));
    }

    @Test
    void rareClassesComeMoreOften() throws IOException {
        // f = 6/8, 1/8, 1/8: sqrt(0.5 / f) = 0.82, 2, 2
        Dataset data = build(
                false,
                "type",
                "ClassBalancedDataset",
                "oversample_thr",
                0.5,
                "dataset",
                files("a", 0, 0, 1, 0, 0, 2, 0, 0));
        assertEquals(
                List.of("a0:0", "a1:0", "a2:1", "a2:1", "a3:0", "a4:0", "a5:2", "a5:2", "a6:0", "a7:0"), names(data));
        // sqrt(0.6 / (1/8)) = 2.19, so three times
        Dataset more = build(
                false,
                "type",
                "ClassBalancedDataset",
                "oversample_thr",
                0.6,
                "dataset",
                files("a", 0, 0, 1, 0, 0, 2, 0, 0));
        assertEquals(12, more.size());
    }

    @Test
    void foldsAreMmclss() throws IOException {
        for (Object value : (List<?>) Golden.json("dataset/kfold.json").get("folds")) {
            Map<?, ?> fold = (Map<?, ?>) value;
            int size = (Integer) fold.get("size");
            Value.Dict files = files("k", new int[size]);
            Object[] keys = {
                "type", "KFoldDataset", "fold", fold.get("fold"), "num_splits", numSplits(fold), "dataset", files
            };
            List<Object> all = new ArrayList<>(List.of(keys));
            if (fold.get("seed") != null) {
                all.addAll(List.of("seed", fold.get("seed")));
            }
            assertEquals(fold.get("train"), numbers(build(false, all.toArray())), fold.toString());
            assertEquals(fold.get("val"), numbers(build(true, all.toArray())), fold.toString());
            all.addAll(List.of("test_mode", true));
            assertEquals(fold.get("val"), numbers(build(false, all.toArray())), fold.toString());
        }
        assertEquals(
                "c.py:2:1: data.train.fold must be 0 to num_splits - 1 = 4, got 5",
                error("type", "KFoldDataset", "fold", 5, "dataset", files("a", 0, 0, 0, 0, 0)));
        assertEquals(
                "c.py:2:1: data.train.num_splits is 3, but there are only 2 examples",
                error("type", "KFoldDataset", "num_splits", 3, "dataset", files("a", 0, 0)));
    }

    private static int numSplits(Map<?, ?> fold) {
        int size = (Integer) fold.get("size");
        return size == 11 ? 3 : size == 10 ? 5 : 2;
    }

    private static List<Integer> numbers(Dataset data) {
        return names(data).stream()
                .map(n -> Integer.valueOf(n.substring(1, n.indexOf(':'))))
                .toList();
    }

    @Test
    void subsetsByIndex() throws IOException {
        Value.Dict files = files("a", 0, 1, 2, 0, 1, 2);
        assertEquals(
                List.of("a5:2", "a0:0"),
                names(build(false, "type", "SubsetDataset", "indices", List.of(5, 0), "dataset", files)));
        assertEquals(
                List.of("a1:1", "a2:2", "a0:0", "a2:2", "a4:1", "a5:2"),
                names(build(false, "type", "SubsetDataset", "indices", "1:3, 0:5:2, 5", "dataset", files)));
        Files.writeString(root.resolve("some.txt"), "3\n\n4\n");
        assertEquals(
                List.of("a3:0", "a4:1"),
                names(build(false, "type", "SubsetDataset", "indices", "some.txt", "dataset", files)));
        assertEquals(
                "c.py:2:1: data.train.indices has '6', but examples are numbered 0 to 5",
                error("type", "SubsetDataset", "indices", List.of(6), "dataset", files));
        assertEquals(
                "c.py:2:1: data.train.indices must be numbers and ranges such as '0:100,200:1000:2,7', got '1:2:3:4'",
                error("type", "SubsetDataset", "indices", "1:2:3:4", "dataset", files));
    }
}
