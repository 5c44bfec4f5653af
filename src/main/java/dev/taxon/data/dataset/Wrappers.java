package dev.taxon.data.dataset;

import dev.taxon.config.Fields;
import dev.taxon.config.Value;
import dev.taxon.random.Pcg64;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The data sets that are made of others. Source: mmcls 0.25, dataset_wrappers; {@code SubsetDataset} is our own. */
final class Wrappers {
    static final List<String> TYPES =
            List.of("ConcatDataset", "RepeatDataset", "ClassBalancedDataset", "KFoldDataset", "SubsetDataset");

    private static final Pattern RANGE = Pattern.compile("(\\d{0,9}):(\\d{0,9})(?::(\\d{1,9}))?|(\\d{1,9})");

    private Wrappers() {}

    /** Builds a data set inside of a wrapper. */
    @FunctionalInterface
    interface Inner {
        /** Builds it; {@code test} is what {@code test_mode} is when the config does not say. */
        Dataset build(Fields fields, boolean test);
    }

    static Dataset build(Fields f, Paths paths, boolean test, Inner inner) {
        String type = f.text("type");
        return switch (type) {
            case "ConcatDataset" -> concat(f, test, inner);
            case "RepeatDataset" -> {
                int times = f.integer("times");
                if (times < 1) {
                    throw f.error("times", "must be positive, got " + times);
                }
                Dataset dataset = wrapped(f, test, inner);
                int size = dataset.size();
                if ((long) size * times > Integer.MAX_VALUE) {
                    throw f.error("times", "makes " + (long) size * times + " examples of " + size + ": too many");
                }
                yield new View(
                        type,
                        dataset,
                        IntStream.range(0, size * times).map(i -> i % size).toArray());
            }
            case "ClassBalancedDataset" -> {
                double threshold = f.real("oversample_thr");
                if (!(threshold >= 0)) {
                    throw f.error("oversample_thr", "must not be negative, got " + threshold);
                }
                Dataset dataset = wrapped(f, test, inner);
                yield new View(type, dataset, balanced(dataset, threshold));
            }
            case "KFoldDataset" -> kFold(f, test, inner);
            case "SubsetDataset" -> {
                Value indices = f.value("indices");
                Dataset dataset = wrapped(f, test, inner);
                yield new View(type, dataset, subset(f, indices, paths, dataset.size()));
            }
            default -> throw new IllegalArgumentException(type);
        };
    }

    private static Dataset wrapped(Fields f, boolean test, Inner inner) {
        Fields dataset = f.dict("dataset");
        f.done();
        Dataset built = inner.build(dataset, test);
        if (built.size() == 0) {
            throw f.error("dataset", "has no examples");
        }
        return built;
    }

    private static Dataset concat(Fields f, boolean test, Inner inner) {
        List<Fields> datasets = f.dicts("datasets");
        boolean separateEval = f.bool("separate_eval", true);
        f.done();
        if (datasets.isEmpty()) {
            throw f.error("datasets", "names no data set");
        }
        List<Dataset> parts = new ArrayList<>();
        for (Fields dataset : datasets) {
            parts.add(inner.build(dataset, test));
        }
        return new ConcatDataset(parts, separateEval);
    }

    /**
     * Each example as often as the rarest of its classes asks: ceil(max(1, sqrt(threshold / f))) times, f being the share
     * of examples that have the class. Source: Gupta et al., LVIS (2019).
     */
    private static int[] balanced(Dataset dataset, double threshold) {
        Labels labels = dataset.labels();
        int size = labels.size();
        double[] counts = new double[dataset.classes().size()];
        for (int i = 0; i < size; i++) {
            for (int k : labels.present(i)) {
                counts[k]++;
            }
        }
        IntStream.Builder indices = IntStream.builder();
        for (int i = 0; i < size; i++) {
            double factor = 1; // an example without a class comes once
            for (int k : labels.present(i)) {
                factor = Math.max(factor, Math.sqrt(threshold / (counts[k] / size)));
            }
            for (int n = 0; n < Math.ceil(factor); n++) {
                indices.add(i);
            }
        }
        return indices.build().toArray();
    }

    /**
     * The wrapped data set is the one that is split, so it has the same {@code test_mode} in both uses: false unless it
     * says otherwise. (mmcls passes the default of {@code data.val} on, and validates on folds of another split.)
     */
    private static Dataset kFold(Fields f, boolean test, Inner inner) {
        int fold = f.integer("fold", 0);
        int splits = f.integer("num_splits", 5);
        boolean validation = f.bool("test_mode", test);
        Value seed = f.value("seed");
        if (splits < 2) {
            throw f.error("num_splits", "must be at least 2, got " + splits);
        }
        if (fold < 0 || fold >= splits) {
            throw f.error("fold", "must be 0 to num_splits - 1 = " + (splits - 1) + ", got " + fold);
        }
        Dataset dataset = wrapped(f, false, inner);
        if (splits > dataset.size()) {
            throw f.error("num_splits", "is " + splits + ", but there are only " + dataset.size() + " examples");
        }
        int[] order = IntStream.range(0, dataset.size()).toArray();
        switch (seed) {
            case null -> {}
            case Value.None none -> {}
            case Value.Int number when number.value() >= 0 -> new Pcg64(number.value()).shuffle(order);
            default -> throw f.error("seed", "must be None or a number that is not negative");
        }
        int start = Math.toIntExact((long) order.length * fold / splits);
        int end = Math.toIntExact((long) order.length * (fold + 1) / splits);
        int[] taken = validation
                ? Arrays.copyOfRange(order, start, end)
                : IntStream.concat(Arrays.stream(order, 0, start), Arrays.stream(order, end, order.length))
                        .toArray();
        return new View("KFoldDataset", dataset, taken);
    }

    /** {@code indices}: a list of numbers, ranges as in {@code '0:100,200:1000:2,7'}, or a file with one number a line. */
    private static int[] subset(Fields f, @Nullable Value value, Paths paths, int size) {
        IntStream.Builder indices = IntStream.builder();
        if (value instanceof Value.Text text && !text.value().matches("[0-9:, ]+")) {
            paths.forEachLine(text.value(), "indices", (line, where) -> {
                if (!line.isBlank()) {
                    indices.add(index(f, line.strip(), size, where + " "));
                }
            });
        } else if (value instanceof Value.Text text) {
            for (String part : text.value().split(",", -1)) {
                range(f, part.strip(), size).forEach(indices::add);
            }
        } else {
            for (int index : f.integers("indices", List.of())) {
                indices.add(index(f, String.valueOf(index), size, ""));
            }
        }
        int[] out = indices.build().toArray();
        if (out.length == 0) {
            throw f.error("indices", "names no example");
        }
        return out;
    }

    private static IntStream range(Fields f, String text, int size) {
        Matcher m = RANGE.matcher(text);
        if (!m.matches()) {
            throw f.error("indices", "must be numbers and ranges such as '0:100,200:1000:2,7', got '" + text + "'");
        }
        if (m.group(4) != null) {
            return IntStream.of(index(f, m.group(4), size, ""));
        }
        int from = m.group(1).isEmpty() ? 0 : Integer.parseInt(m.group(1));
        int to = m.group(2).isEmpty() ? size : Math.min(size, Integer.parseInt(m.group(2)));
        int step = m.group(3) == null ? 1 : Integer.parseInt(m.group(3));
        if (step == 0) {
            throw f.error("indices", "has a range with step 0: '" + text + "'");
        }
        return IntStream.range(0, Math.ceilDiv(Math.max(0, to - from), step)).map(i -> from + i * step);
    }

    private static int index(Fields f, String text, int size, String where) {
        if (text.matches("\\d{1,9}") && Integer.parseInt(text) < size) {
            return Integer.parseInt(text);
        }
        throw f.error("indices", where + "has '" + text + "', but examples are numbered 0 to " + (size - 1));
    }
}
