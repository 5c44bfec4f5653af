package dev.taxon.data.dataset;

import dev.taxon.UserError;
import dev.taxon.checkpoint.JsonText;
import dev.taxon.config.Fields;
import dev.taxon.config.Value;
import dev.taxon.data.dataset.ListedLabels.Cell;
import dev.taxon.data.source.Images;
import dev.taxon.data.source.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Images named by a list with any columns: CSV, TSV or JSON lines. Keys: {@code ann_file}; {@code image} and {@code
 * label}, the columns' names or, with {@code header=False}, their numbers from 0; {@code label_delimiter} where a cell
 * has several labels; a list of columns as {@code label} has a column of 1, 0 or −1 for each class.
 */
final class ListDataset {
    private static final List<String> JSON_ENDINGS = List.of(".jsonl", ".ndjson", ".json");

    private final Images.Builder images;
    private final String image;
    private final List<String> columns; // of labels
    private final @Nullable String delimiter; // of labels
    private final ListedLabels labels;

    private ListDataset(
            Tree tree, String image, List<String> columns, @Nullable String delimiter, ListedLabels labels) {
        this.images = tree.images();
        this.image = image;
        this.columns = columns;
        this.delimiter = delimiter;
        this.labels = labels;
    }

    static Dataset build(Request request) {
        Fields fields = request.fields();
        String file = fields.text("ann_file");
        String image = column(fields, "image", "path");
        List<String> columns = columns(fields);
        String delimiter = fields.textOrNull("label_delimiter");
        boolean header = fields.bool("header", true);
        String separator = fields.text("delimiter", file.endsWith(".tsv") ? "\t" : ",");
        String prefix = fields.text("data_prefix", folder(file));
        List<String> classes = request.classes(columns.size() > 1 ? columns : List.of());
        fields.done();
        if (separator.length() != 1) {
            throw fields.error("delimiter", "must be one character, got '" + separator + "'");
        }
        if (columns.size() > 1 && classes.size() != columns.size()) {
            throw fields.error(
                    "classes", "has " + classes.size() + " names, but 'label' has " + columns.size() + " columns");
        }
        Tree tree = request.paths().tree(fields, "data_prefix", prefix);
        try {
            ListedLabels labels = new ListedLabels(classes, delimiter != null || columns.size() > 1);
            ListDataset list = new ListDataset(tree, image, columns, delimiter, labels);
            if (JSON_ENDINGS.stream().anyMatch(file::endsWith)) {
                request.paths().forEachLine(file, "ann_file", list::json);
            } else {
                list.csv(request.paths(), file, separator.charAt(0), header);
            }
            Images all = list.images.build();
            UserError.require(
                    all.size() > 0, "%s names no image", request.paths().resolve(file));
            return new FileDataset(request.type(), labels.classes(), tree, all, labels.build(), request.pipeline());
        } catch (Throwable e) {
            tree.close();
            throw e;
        }
    }

    private static String folder(String file) {
        int slash = file.lastIndexOf('/');
        return slash < 0 ? "" : file.substring(0, slash + 1);
    }

    private static String column(Fields fields, String key, String otherwise) {
        return fields.value(key) instanceof Value.Int number
                ? String.valueOf(number.value())
                : fields.text(key, otherwise);
    }

    private static List<String> columns(Fields fields) {
        if (!(fields.value("label") instanceof Value.Seq list)) {
            return List.of(column(fields, "label", "label"));
        }
        List<String> names = new ArrayList<>();
        for (Value item : list.items()) {
            switch (item) {
                case Value.Text text -> names.add(text.value());
                case Value.Int number -> names.add(String.valueOf(number.value()));
                default -> throw fields.error("label", "must be a column, or a list of columns");
            }
        }
        if (names.isEmpty()) {
            throw fields.error("label", "names no column");
        }
        return names;
    }

    private void csv(Paths paths, String file, char separator, boolean header) {
        List<String> names = new ArrayList<>();
        Csv.forEachRow(paths, file, separator, (row, where) -> {
            if (names.isEmpty()) {
                for (int i = 0; i < row.size(); i++) {
                    names.add(header ? row.get(i) : String.valueOf(i));
                }
                if (header) {
                    return;
                }
            }
            UserError.require(
                    row.size() == names.size(),
                    "%s: has %d values, but the first row has %d; a value with the separator in it needs double quotes",
                    where,
                    row.size(),
                    names.size());
            add(
                    column -> {
                        int at = names.indexOf(column);
                        UserError.require(
                                at >= 0,
                                "%s: there is no column '%s', only %s; name yours in 'image' and 'label'%s",
                                where,
                                column,
                                names,
                                header ? ", or say header=False" : "");
                        return row.get(at);
                    },
                    where);
        });
    }

    private void json(String line, String where) {
        if (line.isBlank()) {
            return;
        }
        try {
            if (!(JsonText.read(line) instanceof Map<?, ?> object)) {
                throw UserError.of("%s: expected an object a line, such as {\"path\": \"a.jpg\", \"label\": 0}", where);
            }
            add(
                    column -> {
                        Object value = object.get(column);
                        if (value == null) {
                            throw UserError.of("%s: there is no '%s', only %s", where, column, object.keySet());
                        }
                        return value;
                    },
                    where);
        } catch (JsonText.Malformed e) {
            throw new UserError(where + ": is no JSON: " + e.getMessage() + "; expected an object a line", e);
        }
    }

    private interface Row {
        Object get(String column);
    }

    private void add(Row row, String where) {
        images.add(String.valueOf(row.get(image)), where);
        if (columns.size() > 1) {
            labels.addColumns(
                    columns.stream().map(c -> new Cell(row.get(c), where)).toList());
            return;
        }
        Object value = row.get(columns.getFirst());
        if (value instanceof List<?> several) {
            labels.addSeveral(several.stream().map(v -> new Cell(v, where)).toList(), where);
        } else if (delimiter != null) {
            List<Cell> cells = new ArrayList<>();
            for (String part : String.valueOf(value).split(Pattern.quote(delimiter), -1)) {
                if (!part.isBlank()) {
                    cells.add(new Cell(part.strip(), where));
                }
            }
            labels.addSeveral(cells, where);
        } else {
            labels.addOne(new Cell(value, where));
        }
    }
}
