package dev.taxon.train.hook;

import dev.taxon.config.Fields;
import dev.taxon.report.EventFile;
import dev.taxon.train.Runner;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes the log for TensorBoard under mmcv's tags: {@code train/loss}, {@code val/accuracy_top-1}, {@code learning_rate},
 * {@code momentum}; steps are iterations. Source: mmcv's TensorboardLoggerHook.
 */
public final class TensorboardLoggerHook extends LoggerHook {
    private static final String FOLDER = "tf_logs";
    private static final Set<String> SKIPPED = Set.of("time", "data_time", EvalHook.ITERS);

    private final @Nullable Path folder;
    private @Nullable EventFile events;

    private TensorboardLoggerHook(Common common, @Nullable Path folder) {
        super(common);
        this.folder = folder;
    }

    static TensorboardLoggerHook read(Fields f, Common common) {
        String folder = f.textOrNull("log_dir");
        return new TensorboardLoggerHook(common, folder == null ? null : Path.of(folder));
    }

    @Override
    public String name() {
        return "TensorboardLoggerHook";
    }

    @Override
    public void beforeRun(Runner runner) {
        super.beforeRun(runner);
        Path to = folder == null ? runner.setup().workDir().resolve(FOLDER) : folder;
        events = EventFile.in(to, InstantSource.system());
        if (runner.iter() > 0) {
            events.restart(runner.iter() + 1);
        }
    }

    @Override
    protected void log(Runner runner, Map<String, Object> values) {
        String mode = isTraining(runner, values) ? "train/" : "val/";
        Map<String, Double> scalars = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            if (!SKIPPED.contains(name)) {
                add(scalars, mode + name, value);
            }
        });
        scalars.put("learning_rate", runner.lr());
        scalars.put("momentum", runner.optimization().momentum());
        if (events != null) {
            events.scalars(runner.iter() + 1, scalars);
        }
    }

    /** A list, one value a class, gets a tag for each class. */
    private static void add(Map<String, Double> scalars, String tag, Object value) {
        if (value instanceof Number number) {
            scalars.put(tag, number.doubleValue());
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                add(scalars, tag + "/" + i, list.get(i));
            }
        }
    }

    @Override
    public void afterRun(Runner runner) {
        if (events != null) {
            events.close();
        }
    }
}
