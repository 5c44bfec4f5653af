package dev.taxon.train.hook;

import com.google.errorprone.annotations.FormatMethod;
import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.report.Progress;
import dev.taxon.train.CheckpointSpec;
import dev.taxon.train.Priority;
import dev.taxon.train.Runner;
import dev.taxon.train.RunnerSpec;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the log as text lines and as JSON lines in mmcls's formats. Source: mmcv's TextLoggerHook. */
public final class TextLoggerHook extends LoggerHook {
    /** What a text line has in front, in a form of its own. */
    private static final Set<String> IN_HEAD = Set.of("time", "data_time", EvalHook.ITERS);

    private static final List<String> SUFFIXES = List.of(".log.json", ".log", ".py");

    private final Options options;
    private long startIter;
    private long startNanos;
    private double totalSeconds;
    private boolean warned;

    /**
     * What this logger takes beside {@link Common}.
     *
     * @param outDir where logs are copied when the run is done; null: nowhere
     * @param suffixes which files of the work_dir
     * @param keepLocal else they are deleted from the work_dir
     * @param momentum whether training lines show the momentum, too; our own
     */
    private record Options(@Nullable Path outDir, List<String> suffixes, boolean keepLocal, boolean momentum) {}

    private TextLoggerHook(Common common, Options options) {
        super(common);
        this.options = options;
    }

    static TextLoggerHook standard(int interval, RunnerSpec runner) {
        return new TextLoggerHook(
                new Common(Priority.VERY_LOW, interval, true, false, runner.byEpoch()),
                new Options(null, SUFFIXES, true, false));
    }

    static TextLoggerHook read(Fields f, Common common) {
        f.ignore("interval_exp_name"); // mmcls's runs have no exp_name
        if (f.has("file_client_args")) {
            throw f.error("file_client_args", "asks for a storage service; only folders are supported, leave it out");
        }
        String outDir = f.textOrNull("out_dir");
        Options options = new Options(
                outDir == null ? null : Path.of(outDir),
                f.texts("out_suffix", SUFFIXES),
                f.bool("keep_local", true),
                f.bool("momentum", false));
        return new TextLoggerHook(common, options);
    }

    @Override
    public String name() {
        return "TextLoggerHook";
    }

    @Override
    public void beforeRun(Runner runner) {
        super.beforeRun(runner);
        startIter = runner.iter();
        startNanos = System.nanoTime();
        runner.log().json(runner.setup().meta());
        if (options.outDir != null) {
            runner.log()
                    .info("Text logs will be saved to " + folder(runner)
                            + " by HardDiskBackend after the training process.");
        }
    }

    @Override
    public void afterTrainIter(Runner runner) {
        super.afterTrainIter(runner);
        if (runner.log().progress().isTerminal()) { // elsewhere the log itself shows progress
            runner.log().progress().draw(() -> progressLine(runner));
        }
    }

    @Override
    protected void log(Runner runner, Map<String, Object> values) {
        boolean training = isTraining(runner, values);
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("mode", training ? "train" : "val");
        int epoch = runner.mode() == Runner.Mode.VAL && runner.byEpoch() ? runner.epoch() : runner.epoch() + 1;
        long iter = iter(runner, values);
        entry.put("epoch", epoch);
        entry.put("iter", iter);
        entry.put("lr", rounded(runner.lr()));
        if (training && options.momentum) {
            entry.put("momentum", rounded(runner.optimization().momentum()));
        }
        runner.log().info((training ? trainHead(runner, epoch, iter, values) : valHead(epoch, iter)) + items(values));
        values.forEach((name, value) -> {
            if (!name.equals(EvalHook.ITERS)) {
                entry.put(name, json(value));
            }
        });
        runner.log().json(entry);
        warnOfDivergence(runner, values);
    }

    private long iter(Runner runner, Map<String, Object> values) {
        if (values.get(EvalHook.ITERS) instanceof Double batches) {
            return batches.longValue();
        }
        boolean inner = common.byEpoch() || runner.mode() == Runner.Mode.VAL;
        return inner ? runner.innerIter() + 1L : runner.iter() + 1;
    }

    private String valHead(int epoch, long iter) {
        return common.byEpoch() ? format("Epoch(val) [%d][%d]\t", epoch, iter) : format("Iter(val) [%d]\t", iter);
    }

    private String trainHead(Runner runner, int epoch, long iter, Map<String, Object> values) {
        double time = number(values.get("time"));
        totalSeconds += time * interval();
        double perIter = totalSeconds / (runner.iter() - startIter + 1);
        double eta = perIter * (runner.maxIters() - runner.iter() - 1);
        String place = common.byEpoch()
                ? format("Epoch [%d][%d/%d]\t", epoch, iter, runner.itersPerEpoch())
                : format("Iter [%d/%d]\t", iter, runner.maxIters());
        String momentum = options.momentum
                ? format("momentum: %.3e, ", runner.optimization().momentum())
                : "";
        return place
                + format(
                        "lr: %.3e, %seta: %s, time: %.3f, data_time: %.3f, ",
                        runner.lr(), momentum, Progress.duration(eta), time, number(values.get("data_time")));
    }

    private static String items(Map<String, Object> values) {
        return values.entrySet().stream()
                .filter(e -> !IN_HEAD.contains(e.getKey()))
                .map(e -> e.getKey() + ": " + text(e.getValue()))
                .collect(Collectors.joining(", "));
    }

    /** Four decimals, or what Python prints of a value that is no number; a list, one a class, in brackets. */
    private static String text(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(TextLoggerHook::text).collect(Collectors.joining(", ", "[", "]"));
        }
        double number = number(value);
        if (Double.isFinite(number)) {
            return format("%.4f", number);
        }
        return Double.isNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
    }

    private static Object json(Object value) {
        return value instanceof List<?> list
                ? list.stream().map(TextLoggerHook::json).toList()
                : (Object) rounded(number(value));
    }

    private static double number(@Nullable Object value) {
        return value instanceof Number n ? n.doubleValue() : 0;
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

    private void warnOfDivergence(Runner runner, Map<String, Object> values) {
        if (!warned && !Double.isFinite(number(values.get("loss")))) {
            warned = true;
            runner.log()
                    .warning(
                            "the loss is no longer a number, so nothing will be learned from here on: stop, and lower"
                                    + " optimizer.lr, warm up (lr_config.warmup) or clip gradients (optimizer_config.grad_clip)");
        }
    }

    private String progressLine(Runner runner) {
        double left = runner.maxIters() - runner.iter() - 1.0;
        double perIter = (System.nanoTime() - startNanos) / 1e9 / (runner.iter() - startIter + 1);
        String eta = Progress.duration(perIter * left);
        return runner.byEpoch()
                ? format(
                        "epoch %d/%d, iteration %d/%d, ETA %s",
                        runner.epoch() + 1, runner.maxEpochs(), runner.innerIter() + 1, runner.itersPerEpoch(), eta)
                : format("iteration %d/%d, ETA %s", runner.iter() + 1, runner.maxIters(), eta);
    }

    @Override
    public void afterRun(Runner runner) {
        if (options.outDir == null) {
            return;
        }
        Path from = runner.setup().workDir();
        Path to = folder(runner);
        try {
            Files.createDirectories(to);
            try (DirectoryStream<Path> files = Files.newDirectoryStream(from, this::isLog)) {
                for (Path file : files) {
                    Path copy = to.resolve(file.getFileName());
                    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                    runner.log().info("The file %s has been uploaded to %s.".formatted(file, copy));
                    if (!options.keepLocal) {
                        Files.delete(file);
                    }
                }
            }
        } catch (IOException e) {
            throw UserError.of("logs cannot be copied to %s: %s; they are in %s", to, e, from);
        }
    }

    private boolean isLog(Path file) {
        String name = file.getFileName().toString();
        return Files.isRegularFile(file) && options.suffixes.stream().anyMatch(name::endsWith);
    }

    private Path folder(Runner runner) {
        return CheckpointSpec.folder(options.outDir, runner.setup().workDir());
    }

    @FormatMethod
    private static String format(String pattern, Object... args) {
        return String.format(Locale.ROOT, pattern, args);
    }
}
