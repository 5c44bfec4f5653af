package dev.taxon.cli;

import dev.taxon.Prediction.Ranked;
import dev.taxon.UserError;
import dev.taxon.report.PythonJson;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes what {@code infer} found, image after image, so that it need not be kept. */
sealed interface PredictionOutput {
    /** Before the first image. */
    void begin();

    /** An image was classified; {@code best} has at least one class, best first. */
    void predicted(String file, List<Ranked> best);

    /** An image has no prediction; {@code sentence} says why. */
    void failed(String file, String sentence);

    /** After the last image. */
    void end();

    private static Map<String, Object> described(List<Ranked> best, int k) {
        Map<String, Object> map = best.getFirst().toMap();
        if (k > 1) {
            map.put("top", best.stream().map(Ranked::toMap).toList());
        }
        return map;
    }

    /** One image: mmcls's object as its image_demo prints it, {@code json.dumps(result, indent=4)}. */
    record JsonObject(PrintWriter out, int k) implements PredictionOutput {
        @Override
        public void begin() {}

        @Override
        public void predicted(String file, List<Ranked> best) {
            out.println(PythonJson.dumps(described(best, k), 4));
        }

        @Override
        public void failed(String file, String sentence) {
            throw new UserError(sentence); // there is no other image to go on with
        }

        @Override
        public void end() {}
    }

    /** A list with an object a line; {@code filename} goes before mmcls's keys, {@code error} stands in for them. */
    final class JsonList implements PredictionOutput {
        private final PrintWriter out;
        private final int k;
        private String separator = "[\n    ";

        JsonList(PrintWriter out, int k) {
            this.out = out;
            this.k = k;
        }

        @Override
        public void begin() {}

        @Override
        public void predicted(String file, List<Ranked> best) {
            item(file, described(best, k));
        }

        @Override
        public void failed(String file, String sentence) {
            item(file, Map.of("error", sentence));
        }

        private void item(String file, Map<String, Object> values) {
            Map<String, Object> item = new LinkedHashMap<>();
            item.put("filename", file);
            item.putAll(values);
            out.print(separator + PythonJson.dumps(item));
            separator = ",\n    ";
        }

        @Override
        public void end() {
            out.println("\n]");
        }
    }

    /** A line an image; with k > 1, k lines with their rank. Source of the quoting: RFC 4180. */
    record Csv(PrintWriter out, int k) implements PredictionOutput {
        @Override
        public void begin() {
            row("filename", "pred_label", "pred_score", "pred_class", "rank", "error");
        }

        @Override
        public void predicted(String file, List<Ranked> best) {
            int rank = 1;
            for (Ranked r : best) {
                row(file, r.label(), PythonJson.repr(r.score()), r.className(), rank++, "");
            }
        }

        @Override
        public void failed(String file, String sentence) {
            row(file, "", "", "", "", sentence);
        }

        private void row(Object file, Object label, Object score, Object name, Object rank, Object error) {
            String start = quoted(file) + "," + label + "," + score + "," + quoted(name);
            out.print(start + (k > 1 ? "," + rank : "") + "," + quoted(error) + "\n");
        }

        private static String quoted(Object value) {
            String text = value.toString();
            return text.matches("(?s).*[\",\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
        }

        @Override
        public void end() {}
    }
}
