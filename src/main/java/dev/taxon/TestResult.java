package dev.taxon;

import dev.taxon.data.dataset.Dataset;
import dev.taxon.metric.MetricOptions;
import dev.taxon.report.Caption;
import dev.taxon.report.DatasetImages;
import dev.taxon.report.PictureFile;
import dev.taxon.report.Progress;
import dev.taxon.result.CsvTable;
import dev.taxon.result.Predictions;
import dev.taxon.result.ResultFormat;
import dev.taxon.result.ResultWriter;
import dev.taxon.train.Evaluation;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a model says of a data set. Owns the data set.
 *
 * @param predictions of the examples of {@code evaluation}
 */
public record TestResult(Dataset dataset, Evaluation evaluation, Predictions predictions) implements AutoCloseable {
    /** Metrics by key; see {@link Evaluation#metrics}. */
    public Map<String, Object> metrics(List<String> names, MetricOptions options) {
        return evaluation.metrics(dataset, names, options);
    }

    /**
     * Writes metrics and predictions in the format that the file's name asks for. Where images could not be read, the
     * item {@code image_index} says which examples the rows are of, and {@code skipped_images} names the others.
     *
     * @param items of {@link Predictions#ITEMS}
     * @throws UserError if it cannot be written
     */
    public void write(Path file, Map<String, Object> metrics, List<String> items) {
        if (ResultFormat.of(file) == ResultFormat.CSV) {
            DatasetImages images = new DatasetImages(dataset);
            int[] examples = evaluation.examples();
            CsvTable.write(file, predictions, evaluation.scores(), i -> images.name(examples[i]), items);
            return;
        }
        Map<String, Object> all = new LinkedHashMap<>(metrics);
        all.putAll(predictions.items(items));
        if (!items.isEmpty() && predictions.count() < dataset.size()) {
            all.put(
                    "image_index",
                    Arrays.stream(evaluation.examples()).asLongStream().boxed().toList());
            BitSet read = new BitSet();
            Arrays.stream(evaluation.examples()).forEach(read::set);
            all.put(
                    "skipped_images",
                    IntStream.range(0, dataset.size())
                            .filter(i -> !read.get(i))
                            .mapToObj(i -> dataset.sample(i).name())
                            .toList());
        }
        ResultWriter.write(file, all);
    }

    /**
     * Draws on every image what the model says of it.
     *
     * @param folder gets the images under their own names
     * @throws UserError if it cannot be written
     */
    public void show(Path folder, Caption caption, Progress progress) {
        DatasetImages images = new DatasetImages(dataset);
        int count = predictions.count();
        for (int i = 0; i < count; i++) {
            int example = evaluation.examples()[i];
            Map<String, String> lines = new LinkedHashMap<>();
            lines.put("pred_score", String.format(Locale.ROOT, "%.2f", predictions.score(i)));
            lines.put("pred_label", Integer.toString(predictions.labels()[i]));
            lines.put("pred_class", predictions.className(i));
            PictureFile.write(caption.over(images.picture(example), lines), folder.resolve(images.fileName(example)));
            int done = i + 1;
            progress.draw(() -> "%d/%d images drawn".formatted(done, count));
        }
        progress.clear();
    }

    @Override
    public void close() {
        dataset.close();
    }
}
