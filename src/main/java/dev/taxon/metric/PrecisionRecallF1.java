package dev.taxon.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Of each class, and their mean: the share of its predictions that are right, the share of its samples that are found, and
 * the harmonic mean of both. A prediction counts if its score is above the threshold; a class without any has 0.
 * Source: mmcls core/evaluation/eval_metrics.py.
 */
record PrecisionRecallF1() implements Metric {
    @Override
    public List<String> names() {
        return List.of("precision", "recall", "f1_score");
    }

    @Override
    public void evaluate(Scores scores, List<String> asked, MetricOptions options, Map<String, Object> out) {
        List<Counts> byThreshold = options.thrs().stream()
                .map(threshold -> Counts.of(scores, (float) (double) threshold))
                .toList();
        for (String name : asked) {
            for (int t = 0; t < byThreshold.size(); t++) {
                List<Double> values = byThreshold.get(t).values(name);
                out.put(
                        name + options.suffix(options.thrs().get(t)),
                        options.perClass() ? values : (Object) mean(values));
            }
        }
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).sum() / values.size();
    }

    /** By class: right predictions, predictions, samples. */
    @SuppressWarnings("ArrayRecordComponent") // local, not compared
    private record Counts(double[] hits, double[] predicted, double[] actual) {
        static Counts of(Scores scores, float threshold) {
            int classes = scores.classes();
            Counts counts = new Counts(new double[classes], new double[classes], new double[classes]);
            for (int i = 0; i < scores.count(); i++) {
                int label = scores.label(i);
                int prediction = scores.predicted(i);
                counts.actual[label]++;
                if (scores.score(i, prediction) > threshold) {
                    counts.predicted[prediction]++;
                    counts.hits[prediction] += prediction == label ? 1 : 0;
                }
            }
            return counts;
        }

        List<Double> values(String name) {
            List<Double> values = new ArrayList<>();
            for (int c = 0; c < hits.length; c++) {
                double precision = hits[c] / Math.max(predicted[c], 1) * 100;
                double recall = hits[c] / Math.max(actual[c], 1) * 100;
                values.add(
                        switch (name) {
                            case "precision" -> precision;
                            case "recall" -> recall;
                            default -> Ratio.f1(precision, recall);
                        });
            }
            return values;
        }
    }
}
