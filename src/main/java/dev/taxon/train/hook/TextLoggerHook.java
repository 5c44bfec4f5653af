package dev.taxon.train.hook;

import com.google.errorprone.annotations.FormatMethod;
import dev.taxon.report.Progress;
import dev.taxon.train.Hook;
import dev.taxon.train.Priority;
import dev.taxon.train.Runner;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Writes the training log every {@code interval} iterations, means over the interval, and the metrics of an
 * evaluation: as text lines and as JSON lines in mmcls's formats. Source: mmcv's TextLoggerHook.
 */
public final class TextLoggerHook implements Hook {
    private static final Set<String> IN_HEAD = Set.of("time", "data_time");

    private final int interval;
    private final boolean ignoreLast;
    private final int valBatches;
    private long startIter;
    private long startNanos;
    private double totalSeconds;
    private boolean warned;

    /**
     * A logger.
     *
     * @param ignoreLast iterations behind the last interval of an epoch are not logged
     * @param valBatches what the lines of an evaluation show as iter
     */
    public TextLoggerHook(int interval, boolean ignoreLast, int valBatches) {
        this.interval = interval;
        this.ignoreLast = ignoreLast;
        this.valBatches = valBatches;
    }

    @Override
    public Priority priority() {
        return Priority.VERY_LOW;
    }

    @Override
    public void beforeRun(Runner runner) {
        startIter = runner.iter();
        startNanos = System.nanoTime();
    }

    @Override
    public void beforeTrainEpoch(Runner runner) {
        runner.buffer().clear();
    }

    @Override
    public void afterTrainIter(Runner runner) {
        int done = runner.innerIter() + 1;
        boolean last = done == runner.itersPerEpoch();
        if (done % interval == 0 || (last && !ignoreLast)) {
            runner.buffer().average(interval);
            train(runner, runner.buffer().output());
            runner.buffer().clearOutput();
        }
        if (runner.log().progress().isTerminal()) { // elsewhere the log itself shows progress
            runner.log().progress().draw(() -> progressLine(runner, done));
        }
    }

    @Override
    public void afterTrainEpoch(Runner runner) {
        if (!runner.buffer().output().isEmpty()) {
            validation(runner, runner.buffer().output());
            runner.buffer().clearOutput();
        }
    }

    private void train(Runner runner, Map<String, Double> values) {
        double time = values.getOrDefault("time", 0.0);
        totalSeconds += time * interval;
        double perIter = totalSeconds / (runner.iter() - startIter + 1);
        double eta = perIter * (runner.maxIters() - runner.iter() - 1);
        StringBuilder line = new StringBuilder();
        line.append(format(
                "Epoch [%d][%d/%d]\tlr: %.3e, eta: %s, time: %.3f, data_time: %.3f",
                runner.epoch() + 1,
                runner.innerIter() + 1,
                runner.itersPerEpoch(),
                runner.lr(),
                Progress.duration(eta),
                time,
                values.getOrDefault("data_time", 0.0)));
        values.forEach((name, value) -> {
            if (!IN_HEAD.contains(name)) {
                line.append(", ").append(name).append(": ").append(fixed(value));
            }
        });
        runner.log().info(line.toString());
        if (!warned && !Double.isFinite(values.getOrDefault("loss", 0.0))) {
            warned = true;
            runner.log()
                    .warning(
                            "the loss is no longer a number, so nothing will be learned from here on: stop, and lower"
                                    + " optimizer.lr, warm up (lr_config.warmup) or clip gradients (optimizer_config.grad_clip)");
        }
        json(runner, "train", runner.innerIter() + 1, values);
    }

    private void validation(Runner runner, Map<String, Double> values) {
        StringBuilder line = new StringBuilder();
        values.forEach((name, value) -> line.append(line.isEmpty() ? "" : ", ")
                .append(name)
                .append(": ")
                .append(fixed(value)));
        runner.log().info(format("Epoch(val) [%d][%d]\t%s", runner.epoch() + 1, valBatches, line));
        json(runner, "val", valBatches, values);
    }

    private static void json(Runner runner, String mode, int iter, Map<String, Double> values) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("mode", mode);
        entry.put("epoch", runner.epoch() + 1);
        entry.put("iter", iter);
        entry.put("lr", rounded(runner.lr()));
        values.forEach((name, value) -> entry.put(name, rounded(value)));
        runner.log().json(entry);
    }

    /** Five decimals, as the original; a value that would vanish keeps five digits (a learning rate of 1e-6 is not 0). */
    private static double rounded(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return value;
        }
        BigDecimal exact = new BigDecimal(value);
        double fixed = exact.setScale(5, RoundingMode.HALF_EVEN).doubleValue();
        if (fixed != 0 || value == 0) {
            return fixed;
        }
        return exact.round(new MathContext(5)).doubleValue();
    }

    /** Four decimals, or what Python prints of a value that is no number. */
    private static String fixed(double value) {
        if (Double.isFinite(value)) {
            return format("%.4f", value);
        }
        return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    }

    private String progressLine(Runner runner, int done) {
        double left = runner.maxIters() - runner.iter() - 1.0;
        double perIter = (System.nanoTime() - startNanos) / 1e9 / (runner.iter() - startIter + 1);
        String eta = Progress.duration(perIter * left);
        return format(
                "epoch %d/%d, iteration %d/%d, ETA %s",
                runner.epoch() + 1, runner.maxEpochs(), done, runner.itersPerEpoch(), eta);
    }

    @FormatMethod
    private static String format(String pattern, Object... args) {
        return String.format(Locale.ROOT, pattern, args);
    }
}
