package dev.taxon.metric;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import java.util.List;

/**
 * The key {@code metric_options}.
 *
 * @param topk which accuracies; larger than the number of classes is capped
 * @param singleTopk topk was one int: the key is {@code accuracy}, not {@code accuracy_top-k}
 * @param thrs thresholds: a prediction counts only if its score is greater
 * @param singleThr thrs was one number: no {@code _thr_} in the key
 * @param perClass {@code average_mode='none'}: precision, recall and f1 by class; else their mean
 */
public record MetricOptions(
        List<Integer> topk, boolean singleTopk, List<Double> thrs, boolean singleThr, boolean perClass) {
    public static final MetricOptions DEFAULT = new MetricOptions(List.of(1, 5), false, List.of(0.0), true, false);

    public static MetricOptions read(Fields f) {
        String mode = f.text("average_mode", "macro");
        if (!mode.equals("macro") && !mode.equals("none")) {
            throw f.error("average_mode", "must be 'macro' or 'none', got '" + mode + "'");
        }
        MetricOptions options = new MetricOptions(
                f.integers("topk", DEFAULT.topk),
                f.value("topk") instanceof dev.taxon.config.Value.Int,
                f.reals("thrs", DEFAULT.thrs),
                !(f.value("thrs") instanceof dev.taxon.config.Value.Seq),
                mode.equals("none"));
        f.done();
        for (int k : options.topk) {
            UserError.require(k > 0, "%s.topk must be positive, got %d", f.path(), k);
        }
        return options;
    }
}
