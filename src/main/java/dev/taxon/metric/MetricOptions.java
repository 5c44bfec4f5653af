package dev.taxon.metric;

import static dev.taxon.UserError.require;

import dev.taxon.config.Config;
import dev.taxon.config.Fields;
import dev.taxon.config.Value;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The key {@code metric_options}.
 *
 * @param topk which accuracies; larger than the number of classes is capped
 * @param singleTopk topk was one int: the key is {@code accuracy}, not {@code accuracy_top-k}
 * @param thrs thresholds: a prediction counts only if its score is greater
 * @param singleThr thrs was one number: no {@code _thr_} in the key
 * @param perClass {@code average_mode='none'}: precision, recall, f1_score and support by class; else over all classes
 * @param thr with several labels: classes that score at least this are predicted; null is 0.5, unless {@code k} is given
 * @param k with several labels: the k highest classes are predicted; {@code thr} goes before it
 * @param eceBins bins of the calibration error
 */
public record MetricOptions(
        List<Integer> topk,
        boolean singleTopk,
        List<Double> thrs,
        boolean singleThr,
        boolean perClass,
        @Nullable Double thr,
        @Nullable Integer k,
        int eceBins) {
    static final double DEFAULT_THR = 0.5;

    public static final MetricOptions DEFAULT =
            new MetricOptions(List.of(1, 5), false, List.of(0.0), true, false, null, null, 15);

    public MetricOptions {
        topk = List.copyOf(topk);
        thrs = List.copyOf(thrs);
        require(!topk.isEmpty(), "topk of metric_options is empty; give an int or several, such as topk=1,5");
        topk.forEach(n -> require(n > 0, "topk of metric_options must be positive, got %d", n));
        require(!thrs.isEmpty(), "thrs of metric_options is empty; give a number or several, such as thrs=0.5,0.9");
        thrs.forEach(t -> require(Double.isFinite(t), "thrs of metric_options must be numbers, got %s", t));
        require(thr == null || Double.isFinite(thr), "thr of metric_options must be a finite number");
        require(k == null || k > 0, "k of metric_options must be positive");
        require(
                eceBins > 0 && eceBins <= 1_000_000,
                "ece_bins of metric_options must be from 1 to 1000000, got %d",
                eceBins);
    }

    public static MetricOptions read(Fields f) {
        String mode = f.text("average_mode", "macro");
        if (!mode.equals("macro") && !mode.equals("none")) {
            throw f.error("average_mode", "must be 'macro' or 'none', got '" + mode + "'");
        }
        MetricOptions options = new MetricOptions(
                f.integers("topk", DEFAULT.topk),
                f.value("topk") instanceof Value.Int,
                f.reals("thrs", DEFAULT.thrs),
                !(f.value("thrs") instanceof Value.Seq),
                mode.equals("none"),
                f.has("thr") ? (Double) f.real("thr") : null,
                f.has("k") ? (Integer) f.integer("k") : null,
                f.integer("ece_bins", DEFAULT.eceBins));
        f.done();
        return options;
    }

    /** Of {@code key=value} words, as on a command line. */
    public static MetricOptions of(List<String> keyValues) {
        String source = "--metric-options";
        keyValues.forEach(
                word -> require(word.indexOf('=') > 0, "%s takes key=value, such as topk=1,5; got '%s'", source, word));
        return read(new Fields(Config.parse("", source).with(keyValues).root(), source));
    }

    /** What a key of a value with threshold ends with. */
    String suffix(double threshold) {
        return singleThr ? "" : String.format(Locale.ROOT, "_thr_%.2f", threshold);
    }
}
