package dev.taxon.metric;

import dev.taxon.data.dataset.Labels;
import java.util.List;
import java.util.Map;

/**
 * The mean of −ln of the score that the true class has; with several labels, of the binary cross entropy of every class
 * that is not hard to say. It has neither weights nor smoothing: not the loss that a config may train with.
 */
record CrossEntropy() implements Metric {
    @Override
    public List<String> names() {
        return List.of("loss");
    }

    @Override
    public void evaluate(Scores scores, List<String> asked, MetricOptions options, Map<String, Object> out) {
        boolean several = scores.labels() instanceof Labels.MultiLabel;
        out.put("loss", several ? binary(scores) : ofLabels(scores));
    }

    private static double ofLabels(Scores scores) {
        double sum = 0;
        for (int i = 0; i < scores.count(); i++) {
            sum -= log(scores.score(i, scores.label(i)));
        }
        return sum / scores.count();
    }

    private static double binary(Scores scores) {
        double sum = 0;
        long terms = 0;
        for (int i = 0; i < scores.count(); i++) {
            for (int k = 0; k < scores.classes(); k++) {
                int mark = scores.mark(i, k);
                if (mark >= 0) {
                    double score = scores.score(i, k);
                    sum -= log(mark == 1 ? score : 1 - score);
                    terms++;
                }
            }
        }
        return sum / Math.max(terms, 1);
    }

    /** A score that float32 rounds to 0 stands for the smallest number that it has. */
    private static double log(double score) {
        return Math.log(Math.max(score, Float.MIN_VALUE));
    }
}
