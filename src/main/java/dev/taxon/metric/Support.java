package dev.taxon.metric;

import java.util.List;
import java.util.Map;

/** Number of samples, in all or of each class. Source: mmcls core/evaluation/eval_metrics.py. */
record Support() implements Metric {
    @Override
    public List<String> names() {
        return List.of("support");
    }

    @Override
    public void evaluate(Scores scores, List<String> asked, MetricOptions options, Map<String, Object> out) {
        Confusion confusion = Confusion.of(scores);
        out.put("support", options.perClass() ? confusion.actual() : (Object) (double) scores.count());
    }
}
