package dev.taxon.result;

import dev.taxon.metric.Scores;
import dev.taxon.report.PythonJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Predictions as a table with a line an image (RFC 4180), for spreadsheets and data frames. */
public final class CsvTable {
    private CsvTable() {}

    /**
     * Replaces {@code file}. Columns: filename, gt_label and gt_class, then what {@code items} asks for. Of several labels, a
     * cell holds all, with semicolons between them.
     *
     * @param truth of the same images, for the labels; −1 is an empty cell
     * @param filename of each image
     * @throws dev.taxon.UserError if it cannot be written
     */
    public static void write(
            Path file, Predictions predictions, Scores truth, IntFunction<String> filename, List<String> items) {
        List<String> names = predictions.classNames();
        ResultWriter.text(file, out -> {
            List<String> header = new ArrayList<>(List.of("filename", "gt_label", "gt_class"));
            List.of("pred_label", "pred_class", "pred_score").stream()
                    .filter(items::contains)
                    .forEach(header::add);
            if (items.contains("class_scores")) {
                names.forEach(name -> header.add("score_" + name));
            }
            line(out, header);
            for (int i = 0; i < predictions.count(); i++) {
                int image = i;
                int[] labels = labels(truth, i);
                List<String> cells = new ArrayList<>();
                cells.add(filename.apply(i));
                cells.add(joined(labels, Integer::toString));
                cells.add(joined(labels, names::get));
                if (items.contains("pred_label")) {
                    cells.add(Integer.toString(predictions.labels()[i]));
                }
                if (items.contains("pred_class")) {
                    cells.add(predictions.className(i));
                }
                if (items.contains("pred_score")) {
                    cells.add(PythonJson.repr(predictions.score(i)));
                }
                if (items.contains("class_scores")) {
                    IntStream.range(0, names.size())
                            .forEach(k -> cells.add(PythonJson.repr(predictions.score(image, k))));
                }
                line(out, cells);
            }
        });
    }

    private static int[] labels(Scores truth, int image) {
        return IntStream.of(truth.labels().present(image))
                .filter(label -> label >= 0)
                .toArray();
    }

    private static String joined(int[] labels, IntFunction<String> text) {
        return String.join(";", IntStream.of(labels).mapToObj(text).toList());
    }

    private static void line(Appendable out, List<String> cells) throws IOException {
        String separator = "";
        for (String cell : cells) {
            out.append(separator).append(quoted(cell));
            separator = ",";
        }
        out.append("\r\n");
    }

    private static String quoted(String cell) {
        boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }
}
