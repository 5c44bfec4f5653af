package dev.taxon.metric;

import dev.taxon.UserError;
import dev.taxon.config.Nearest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * mmcls's single-label metrics, in percent: accuracy, precision, recall, f1_score; and support, a count. Values are
 * {@link Double}, or a list of them by class. Source: mmcls BaseDataset.evaluate.
 */
public final class Metrics {
    private static final List<String> NAMES = List.of("accuracy", "precision", "recall", "f1_score", "support");

    private Metrics() {}

    /** Refuses unknown names. */
    public static void check(List<String> names) {
        for (String name : names) {
            if (!NAMES.contains(name)) {
                throw UserError.of("metric '%s' is not supported; %s", name, Nearest.suggestion(name, NAMES));
            }
        }
    }

    /** The asked metrics in mmcls's order: accuracies first, then support, then precision, recall, f1_score as asked. */
    public static Map<String, Object> evaluate(Scores scores, List<String> names, MetricOptions options) {
        check(names);
        Map<String, Object> out = new LinkedHashMap<>();
        if (names.contains("accuracy")) {
            accuracy(scores, options, out);
        }
        if (names.contains("support")) {
            out.put("support", support(scores, options));
        }
        List<String> byClass = names.stream()
                .filter(Set.of("precision", "recall", "f1_score")::contains)
                .toList();
        if (!byClass.isEmpty()) {
            byClass(scores, byClass, options, out);
        }
        return out;
    }

    private static void accuracy(Scores scores, MetricOptions options, Map<String, Object> out) {
        for (int k : options.topk()) {
            String key = options.singleTopk() ? "accuracy" : "accuracy_top-" + k;
            for (double threshold : options.thrs()) {
                int correct = 0;
                for (int i = 0; i < scores.count(); i++) {
                    int label = scores.label(i);
                    if (scores.rank(i, label) < k && scores.score(i, label) > threshold) {
                        correct++;
                    }
                }
                out.put(key + suffix(threshold, options), correct * 100.0 / scores.count());
            }
        }
    }

    private static void byClass(Scores scores, List<String> names, MetricOptions options, Map<String, Object> out) {
        int classes = scores.classes();
        for (double threshold : options.thrs()) {
            double[] hits = new double[classes];
            double[] predicted = new double[classes];
            double[] actual = new double[classes];
            for (int i = 0; i < scores.count(); i++) {
                int label = scores.label(i);
                int prediction = scores.predicted(i);
                actual[label]++;
                if (scores.score(i, prediction) > threshold) {
                    predicted[prediction]++;
                    if (prediction == label) {
                        hits[label]++;
                    }
                }
            }
            double[] precision = new double[classes];
            double[] recall = new double[classes];
            double[] f1 = new double[classes];
            for (int c = 0; c < classes; c++) {
                precision[c] = hits[c] * 100 / Math.max(predicted[c], 1);
                recall[c] = hits[c] * 100 / Math.max(actual[c], 1);
                f1[c] = precision[c] + recall[c] == 0 ? 0 : 2 * precision[c] * recall[c] / (precision[c] + recall[c]);
            }
            Map<String, double[]> values = Map.of("precision", precision, "recall", recall, "f1_score", f1);
            for (String name : names) {
                double[] value = values.getOrDefault(name, new double[0]);
                out.put(name + suffix(threshold, options), options.perClass() ? boxed(value) : mean(value));
            }
        }
    }

    private static Object support(Scores scores, MetricOptions options) {
        double[] counts = new double[scores.classes()];
        for (int i = 0; i < scores.count(); i++) {
            counts[scores.label(i)]++;
        }
        return options.perClass() ? boxed(counts) : (Object) (double) scores.count();
    }

    private static String suffix(double threshold, MetricOptions options) {
        return options.singleThr() ? "" : String.format(Locale.ROOT, "_thr_%.2f", threshold);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).sum() / values.length;
    }

    private static List<Double> boxed(double[] values) {
        List<Double> out = new ArrayList<>();
        for (double v : values) {
            out.add(v);
        }
        return out;
    }
}
