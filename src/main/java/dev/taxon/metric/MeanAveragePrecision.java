package dev.taxon.metric;

import java.util.List;
import java.util.Map;

/**
 * Mean over the classes of the average precision: the mean, over the samples that have the class, of the share of such
 * samples among those that score at least as high. Samples marked −1 are left out. Source: mmcls core/evaluation/mean_ap.py.
 */
record MeanAveragePrecision() implements Metric {
    @Override
    public List<String> names() {
        return List.of("mAP");
    }

    @Override
    public void evaluate(Scores scores, List<String> asked, MetricOptions options, Map<String, Object> out) {
        double sum = 0;
        for (int k = 0; k < scores.classes(); k++) {
            sum += averagePrecision(scores, k);
        }
        out.put("mAP", 100 * sum / scores.classes());
    }

    private static double averagePrecision(Scores scores, int k) {
        float[] column = new float[scores.count()];
        for (int i = 0; i < column.length; i++) {
            column[i] = scores.score(i, k);
        }
        double positive = 0;
        double counted = 0;
        double sum = 0;
        for (int i : Ranking.descending(column)) {
            int mark = scores.mark(i, k);
            counted += mark == -1 ? 0 : 1;
            if (mark == 1) {
                positive++;
                sum += positive / counted;
            }
        }
        return Ratio.of(sum, positive);
    }
}
