package dev.taxon.metric;

import java.util.List;
import java.util.Map;

/**
 * Share of the samples whose class is among the k highest scores, and has a score above the threshold. Source: mmcls
 * models/losses/accuracy.py, which counts in float32; the share is in double here.
 */
record Accuracy() implements Metric {
    @Override
    public List<String> names() {
        return List.of("accuracy");
    }

    @Override
    public void evaluate(Scores scores, List<String> asked, MetricOptions options, Map<String, Object> out) {
        int count = scores.count();
        int[] ranks = new int[count];
        for (int i = 0; i < count; i++) {
            ranks[i] = scores.rank(i, scores.label(i));
        }
        for (int k : options.topk()) {
            String key = options.singleTopk() ? "accuracy" : "accuracy_top-" + k;
            for (double threshold : options.thrs()) {
                int correct = 0;
                for (int i = 0; i < count; i++) {
                    if (ranks[i] < k && scores.score(i, scores.label(i)) > (float) threshold) {
                        correct++;
                    }
                }
                out.put(key + options.suffix(threshold), correct * 100.0 / count);
            }
        }
    }
}
