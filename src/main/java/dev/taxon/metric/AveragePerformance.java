package dev.taxon.metric;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Precision, recall and F1 with several labels: the means over classes (CP, CR, CF1) and over all labels together (OP,
 * OR, OF1). A class is predicted where its score is at least {@code thr}, or among the {@code k} highest of the sample;
 * −1 counts as 0. Source: mmcls core/evaluation/multilabel_eval_metrics.py.
 */
record AveragePerformance() implements Metric {
    @Override
    public List<String> names() {
        return List.of("CP", "CR", "CF1", "OP", "OR", "OF1");
    }

    @Override
    public void evaluate(Scores scores, List<String> asked, MetricOptions options, Map<String, Object> out) {
        int classes = scores.classes();
        double[] hits = new double[classes];
        double[] predicted = new double[classes];
        double[] actual = new double[classes];
        boolean[] positive = new boolean[classes];
        for (int i = 0; i < scores.count(); i++) {
            predict(scores, i, options, positive);
            for (int k = 0; k < classes; k++) {
                boolean has = scores.mark(i, k) == 1;
                actual[k] += has ? 1 : 0;
                predicted[k] += positive[k] ? 1 : 0;
                hits[k] += has && positive[k] ? 1 : 0;
            }
        }
        double precision = 100 * meanRatio(hits, predicted);
        double recall = 100 * meanRatio(hits, actual);
        double all = Arrays.stream(hits).sum();
        double allPrecision = 100 * Ratio.of(all, Arrays.stream(predicted).sum());
        double allRecall = 100 * Ratio.of(all, Arrays.stream(actual).sum());
        for (String name : asked) {
            out.put(
                    name,
                    switch (name) {
                        case "CP" -> precision;
                        case "CR" -> recall;
                        case "CF1" -> Ratio.f1(precision, recall);
                        case "OP" -> allPrecision;
                        case "OR" -> allRecall;
                        default -> Ratio.f1(allPrecision, allRecall);
                    });
        }
    }

    private static void predict(Scores scores, int sample, MetricOptions options, boolean[] positive) {
        float[] row = new float[positive.length];
        for (int k = 0; k < row.length; k++) {
            row[k] = scores.score(sample, k);
        }
        Double thr = options.thr();
        Integer highest = options.k();
        if (thr == null && highest != null) {
            Arrays.fill(positive, false);
            Arrays.stream(Ranking.descending(row)).limit(highest).forEach(k -> positive[k] = true);
            return;
        }
        float threshold = (float) (thr == null ? MetricOptions.DEFAULT_THR : thr);
        for (int k = 0; k < row.length; k++) {
            positive[k] = row[k] >= threshold;
        }
    }

    private static double meanRatio(double[] a, double[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += Ratio.of(a[k], b[k]);
        }
        return sum / a.length;
    }
}
