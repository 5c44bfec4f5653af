package dev.taxon;

import dev.taxon.data.dataset.Dataset;
import dev.taxon.data.dataset.Labels;
import dev.taxon.metric.Confusion;
import dev.taxon.report.Caption;
import dev.taxon.report.ContactSheet;
import dev.taxon.report.DatasetImages;
import dev.taxon.report.PictureFile;
import dev.taxon.report.Progress;
import dev.taxon.result.ResultFile;
import dev.taxon.result.ResultWriter;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Sorts the images of a test by whether the model was right, for people to look at. Source of the folders and their JSON:
 * mmcls tools/analysis_tools/analyze_results.py.
 */
public final class Analyzer {
    private static final int PAIRS = 20;

    private final Dataset dataset;
    private final DatasetImages images;
    private final Path folder;
    private final Progress progress;

    private Analyzer(Dataset dataset, Path folder, Progress progress) {
        this.dataset = dataset;
        this.images = new DatasetImages(dataset);
        this.folder = folder;
        this.progress = progress;
    }

    /** One image: what the model says, with which score, and what it is. */
    private record Entry(int example, float score, int label, String name, int truth) {
        boolean right() {
            return label == truth;
        }
    }

    /**
     * What was found.
     *
     * @param right images that the model recognized, of {@code images}
     * @param confused pairs of classes that were mixed up most
     */
    public record Summary(int images, int right, List<Confusion.Pair> confused) {}

    /**
     * Writes {@code success} and {@code fail} with at most {@code topk} images each and a JSON file about them, {@code
     * confused_pairs.json}, and {@code contact_sheet.png} with the same images.
     *
     * @param dataset of the test, with one class a sample
     * @param highest take the images with the highest scores; else those with the lowest, as mmcls does
     * @throws UserError if the result is of other data, or nothing can be written
     */
    public static Summary analyze(
            Dataset dataset, ResultFile result, Path folder, int topk, boolean highest, Progress progress) {
        return new Analyzer(dataset, folder, progress).analyze(result, topk, highest);
    }

    private Summary analyze(ResultFile result, int topk, boolean highest) {
        UserError.require(
                !(dataset.labels() instanceof Labels.MultiLabel),
                "%s has several labels a sample: no image of it is plainly right or wrong",
                dataset.name());
        List<Entry> entries = entries(result);
        Comparator<Entry> order = Comparator.comparingDouble(Entry::score);
        entries.sort(highest ? order.reversed() : order);
        List<Entry> right = entries.stream().filter(Entry::right).toList();
        List<Entry> wrong = entries.stream().filter(entry -> !entry.right()).toList();
        ContactSheet sheet = new ContactSheet();
        save("fail", wrong.subList(0, Math.min(topk, wrong.size())), sheet);
        save("success", right.subList(0, Math.min(topk, right.size())), sheet);
        PictureFile.write(sheet.picture(), folder.resolve("contact_sheet.png"));
        progress.clear();
        List<Confusion.Pair> confused = confusion(entries).mostConfused(PAIRS);
        ResultWriter.writeJson(
                folder.resolve("confused_pairs.json"),
                confused.stream().map(this::toMap).toList());
        return new Summary(entries.size(), right.size(), confused);
    }

    private List<Entry> entries(ResultFile result) {
        float[] scores = result.predScores();
        int[] labels = result.predLabels();
        List<String> names = result.predClasses();
        int[] examples = result.examples(labels.length, dataset.size());
        UserError.require(
                scores.length == labels.length && names.size() == labels.length,
                "%s: pred_score, pred_label and pred_class have several lengths",
                result.file());
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            int truth = dataset.label(examples[i]);
            UserError.require(truth >= 0, "%s has no labels: nothing can be said to be right or wrong", dataset.name());
            UserError.require(
                    labels[i] < dataset.classes().size(),
                    "%s has the class %d, but %s has %d classes",
                    result.file(),
                    labels[i],
                    dataset.name(),
                    dataset.classes().size());
            entries.add(new Entry(examples[i], scores[i], labels[i], names.get(i), truth));
        }
        return entries;
    }

    private Confusion confusion(List<Entry> entries) {
        int classes = dataset.classes().size();
        long[][] counts = new long[classes][classes];
        entries.forEach(entry -> counts[entry.truth][entry.label]++);
        return new Confusion(counts);
    }

    private void save(String kind, List<Entry> entries, ContactSheet sheet) {
        Path place = folder.resolve(kind);
        Set<String> taken = new HashSet<>();
        List<Map<String, Object>> about = new ArrayList<>();
        List<ContactSheet.Cell> cells = new ArrayList<>();
        for (Entry entry : entries) {
            Map<String, Object> map = toMap(entry);
            about.add(map);
            BufferedImage picture = images.picture(entry.example);
            Map<String, String> lines = new LinkedHashMap<>();
            lines.put("pred_score", String.format(Locale.ROOT, "%.2f", entry.score));
            lines.put("pred_class", entry.name);
            lines.put("gt_class", String.valueOf(map.get("gt_class")));
            PictureFile.write(Caption.DEFAULT.over(picture, lines), place.resolve(fileName(entry.example, taken)));
            cells.add(new ContactSheet.Cell(
                    picture,
                    "%s %.2f".formatted(entry.name, entry.score),
                    entry.right() ? "" : "is " + map.get("gt_class")));
            progress.draw(() -> kind + ": " + cells.size() + "/" + entries.size() + " images drawn");
        }
        sheet.add("%s: %d images".formatted(kind, entries.size()), cells);
        ResultWriter.writeJson(place.resolve(kind + ".json"), about);
    }

    /** The last part of the image's name; where that is taken, all of it, as one word. */
    private String fileName(int example, Set<String> taken) {
        String whole = images.fileName(example);
        String last = whole.substring(whole.lastIndexOf('/') + 1);
        String name = taken.add(last) ? last : whole.replace('/', '_');
        taken.add(name);
        return name;
    }

    private Map<String, Object> toMap(Entry entry) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("pred_score", entry.score);
        map.put("pred_label", entry.label);
        map.put("pred_class", entry.name);
        map.put("filename", images.name(entry.example));
        map.put("gt_label", entry.truth);
        map.put("gt_class", dataset.classes().get(entry.truth));
        return map;
    }

    private Map<String, Object> toMap(Confusion.Pair pair) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("gt_class", dataset.classes().get(pair.actual()));
        map.put("pred_class", dataset.classes().get(pair.predicted()));
        map.put("count", pair.count());
        return map;
    }
}
