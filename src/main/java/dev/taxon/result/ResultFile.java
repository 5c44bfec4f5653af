package dev.taxon.result;

import dev.taxon.UserError;
import dev.taxon.checkpoint.JsonText;
import dev.taxon.checkpoint.pickle.AllowList;
import dev.taxon.checkpoint.pickle.Pickles;
import dev.taxon.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A file that mmcls's or our {@code test --out} wrote, as json, yaml or pickle. Reading it runs no code. */
public final class ResultFile {
    private final Path file;
    private final Map<?, ?> items;

    /**
     * Numbers, a row an image.
     *
     * @param values (rows, columns), row-major
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, not compared
    public record Matrix(float[] values, int columns) {
        public int rows() {
            return values.length / columns;
        }
    }

    private ResultFile(Path file, Map<?, ?> items) {
        this.file = file;
        this.items = items;
    }

    /** Reads a file. @throws UserError if it cannot be read, is damaged, or holds something else */
    public static ResultFile read(Path file) {
        Object tree = switch (ResultFormat.of(file)) {
            case PICKLE -> Pickles.read(file, AllowList.RESULTS);
            case JSON -> json(file);
            case YAML -> YamlTree.read(text(file), file.toString());
            case CSV ->
                throw UserError.of(
                        "%s is a table for reading by people; give the .pkl, .json or .yaml of a test", file);
        };
        if (!(tree instanceof Map<?, ?> items)) {
            throw UserError.of("%s is no result of a test: it holds no dict", file);
        }
        return new ResultFile(file, items);
    }

    private static @Nullable Object json(Path file) {
        try {
            return JsonText.read(text(file));
        } catch (JsonText.Malformed e) {
            throw new UserError(file + " is no JSON: it has " + e.getMessage(), e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new UserError(file + " does not exist; check the path", e);
        } catch (IOException e) {
            throw new UserError(file + " cannot be read: " + e, e);
        }
    }

    public Path file() {
        return file;
    }

    /** Scores of all images. @throws UserError if the file has none */
    public Matrix classScores() {
        return matrix("class_scores", required("class_scores"));
    }

    /** N highest scores. */
    public float[] predScores() {
        return row("pred_score", required("pred_score"));
    }

    /** N predicted classes. */
    public int[] predLabels() {
        float[] values = row("pred_label", required("pred_label")); // exact: there are fewer than 2²⁴ classes
        int[] labels = new int[values.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (int) values[i];
            UserError.require(
                    labels[i] == values[i] && labels[i] >= 0,
                    "%s: pred_label has %s, which is no class",
                    file,
                    values[i]);
        }
        return labels;
    }

    /** N names of the predicted classes. */
    public List<String> predClasses() {
        if (required("pred_class") instanceof List<?> names) {
            return names.stream().map(String::valueOf).toList();
        }
        throw UserError.of("%s: pred_class is no list of names", file);
    }

    /**
     * Which examples of the data set the rows are of: all, unless the file says that some could not be read.
     *
     * @param rows how many rows it has
     * @param size examples of the data set
     * @throws UserError if the rows are not those of such a data set
     */
    public int[] examples(int rows, int size) {
        if (!items.containsKey("image_index")) {
            UserError.require(
                    rows == size,
                    "%s has results of %d images, but the data set has %d; give the config of that test",
                    file,
                    rows,
                    size);
            return IntStream.range(0, size).toArray();
        }
        float[] index = row("image_index", required("image_index"));
        int[] examples = new int[index.length];
        for (int i = 0; i < examples.length; i++) {
            examples[i] = (int) index[i];
        }
        UserError.require(
                examples.length == rows && IntStream.of(examples).allMatch(i -> i >= 0 && i < size),
                "%s has an image_index that is not of its rows or of this data set",
                file);
        return examples;
    }

    /** A stored confusion matrix, if the test was asked for one: rows true, columns predicted. */
    public Optional<long[][]> confusion() {
        if (!items.containsKey("confusion_matrix")) {
            return Optional.empty();
        }
        Matrix m = matrix("confusion_matrix", required("confusion_matrix"));
        int n = m.columns();
        UserError.require(m.values().length == (long) n * n, "%s: confusion_matrix is not square", file);
        long[][] counts = new long[n][n];
        for (int i = 0; i < m.values().length; i++) {
            counts[i / n][i % n] = (long) m.values()[i];
        }
        return Optional.of(counts);
    }

    private Object required(String item) {
        Object value = items.get(item);
        if (value == null) {
            throw UserError.of(
                    "%s holds no \"%s\", but %s; run test again with --out-items all",
                    file, item, items.keySet().stream().limit(10).toList());
        }
        return value;
    }

    private Matrix matrix(String item, Object value) {
        if (value instanceof Tensor tensor && tensor.shape().rank() == 2) {
            UserError.require(tensor.shape().numel() > 0, "%s: %s is empty", file, item);
            return new Matrix(floats(tensor), tensor.shape().size(1));
        }
        if (value instanceof List<?> rows && !rows.isEmpty()) {
            int columns = rows.getFirst() instanceof List<?> first ? first.size() : 0;
            UserError.require(columns > 0, "%s: %s is no matrix of numbers, a row an image", file, item);
            float[] values = new float[Math.multiplyExact(rows.size(), columns)];
            int at = 0;
            for (Object row : rows) {
                float[] line = row(item, row);
                UserError.require(line.length == columns, "%s: the rows of %s have several lengths", file, item);
                System.arraycopy(line, 0, values, at, columns);
                at += columns;
            }
            return new Matrix(values, columns);
        }
        throw UserError.of("%s: %s is no matrix of numbers, a row an image", file, item);
    }

    private float[] row(String item, Object value) {
        if (value instanceof Tensor tensor && tensor.shape().rank() == 1) {
            return floats(tensor);
        }
        if (value instanceof List<?> list) {
            float[] values = new float[list.size()];
            for (int i = 0; i < values.length; i++) {
                if (!(list.get(i) instanceof Number n)) {
                    throw UserError.of("%s: %s has an entry that is no number", file, item);
                }
                values[i] = n.floatValue();
            }
            return values;
        }
        throw UserError.of("%s: %s is no list of numbers", file, item);
    }

    private static float[] floats(Tensor tensor) {
        return tensor.toFloat32().toFloats();
    }
}
