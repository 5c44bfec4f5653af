package dev.taxon.metric;

import dev.taxon.UserError;
import dev.taxon.config.Nearest;
import dev.taxon.data.dataset.Labels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All metrics by the names that {@code --metrics} and {@code evaluation.metric} take. Source: mmcls
 * BaseDataset.evaluate and MultiLabelDataset.evaluate, with their keys and order.
 */
public final class Metrics {
    /** Of samples with one class each. */
    private static final List<Metric> ONE_LABEL = List.of(
            new Accuracy(), new Support(), new PrecisionRecallF1(), new ConfusionMetrics(), new CalibrationError());

    /** Of samples with any number of classes; one is a number, too. */
    private static final List<Metric> ANY_LABELS =
            List.of(new MeanAveragePrecision(), new AveragePerformance(), new CrossEntropy());

    private Metrics() {}

    /** Every name. */
    public static List<String> names() {
        return Stream.concat(names(ONE_LABEL), names(ANY_LABELS)).toList();
    }

    /** Names for data sets with any number of classes a sample. */
    public static List<String> multiLabelNames() {
        return names(ANY_LABELS).toList();
    }

    private static Stream<String> names(List<Metric> metrics) {
        return metrics.stream().flatMap(m -> m.names().stream());
    }

    /** What {@code evaluation} without {@code metric} means. */
    public static List<String> byDefault(boolean multiLabel) {
        return List.of(multiLabel ? "mAP" : "accuracy");
    }

    /** Refuses unknown names. */
    public static void check(Collection<String> names) {
        for (String name : names) {
            if (!names().contains(name)) {
                throw UserError.of("metric '%s' is not supported; %s", name, Nearest.suggestion(name, names()));
            }
        }
    }

    /** What a user should know of these options, one sentence each. */
    public static List<String> notes(Collection<String> names, MetricOptions options, int classes) {
        List<String> notes = new ArrayList<>();
        String large = options.topk().stream()
                .filter(k -> k > classes)
                .map(k -> "top-" + k)
                .collect(Collectors.joining(", "));
        if (names.contains("accuracy") && !large.isEmpty()) {
            notes.add("the model has only %d classes: %s accuracy counts all of them; set topk in the metric options"
                    .formatted(classes, large));
        }
        boolean performance = names.stream().anyMatch(new AveragePerformance().names()::contains);
        if (performance && options.thr() != null && options.k() != null) {
            notes.add("both thr and k are given in the metric options: thr decides");
        }
        return notes;
    }

    /**
     * The asked metrics, in mmcls's order whatever the order of the names: accuracies, support, precision, recall,
     * f1_score; mAP, CP, CR, CF1, OP, OR, OF1; what mmcls lacks comes behind each. Values are as {@link Metric} says.
     *
     * @throws UserError for an unknown name, one that does not suit the targets, or a sample without a label
     */
    public static Map<String, Object> evaluate(Scores scores, Collection<String> names, MetricOptions options) {
        check(names);
        UserError.require(scores.count() > 0, "there are no samples to evaluate");
        boolean several = scores.labels() instanceof Labels.MultiLabel;
        for (String name : names) {
            UserError.require(
                    !several || multiLabelNames().contains(name),
                    "metric '%s' is about one class a sample, and this data set has several; give %s",
                    name,
                    String.join(", ", multiLabelNames()));
        }
        List<Metric> all = new ArrayList<>(several ? List.of() : ONE_LABEL);
        all.addAll(ANY_LABELS);
        Map<String, Object> out = new LinkedHashMap<>();
        for (Metric metric : all) {
            List<String> asked = metric.names().stream().filter(names::contains).toList();
            if (!asked.isEmpty()) {
                metric.evaluate(scores, asked, options, out);
            }
        }
        return out;
    }
}
