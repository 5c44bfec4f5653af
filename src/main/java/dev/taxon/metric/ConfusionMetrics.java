package dev.taxon.metric;

import java.util.List;
import java.util.Map;

/** What the confusion matrix tells; mmcls has none of these. */
record ConfusionMetrics() implements Metric {
    @Override
    public List<String> names() {
        return List.of("balanced_accuracy", "per_class_accuracy", "confusion_matrix");
    }

    @Override
    public void evaluate(Scores scores, List<String> asked, MetricOptions options, Map<String, Object> out) {
        Confusion confusion = Confusion.of(scores);
        for (String name : asked) {
            out.put(
                    name,
                    switch (name) {
                        case "balanced_accuracy" -> confusion.balancedAccuracy();
                        case "per_class_accuracy" -> confusion.accuracies();
                        default -> confusion.rows();
                    });
        }
    }
}
