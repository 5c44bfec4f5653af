package dev.taxon.train;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which score is the best: of {@code evaluation.save_best} and of early stopping. Source: mmcv's EvalHook.
 *
 * @param key name of a metric; {@code auto}: the first one
 * @param greater whether more is better; null: by the name
 * @param greaterKeys names, or parts of names, of which more is better
 * @param lessKeys the same of which less is better
 */
public record BestRule(String key, @Nullable Boolean greater, List<String> greaterKeys, List<String> lessKeys) {
    private static final List<String> GREATER_KEYS =
            List.of("acc", "top", "AR@", "auc", "precision", "mAP", "mDice", "mIoU", "mAcc", "aAcc");
    private static final List<String> LESS_KEYS = List.of("loss");
    private static final String AUTO = "auto";
    private static final Pattern OF_A_PART =
            Pattern.compile("\\d+_.*"); // of a ConcatDataset, each part evaluated alone

    public BestRule {
        greaterKeys = List.copyOf(greaterKeys);
        lessKeys = List.copyOf(lessKeys);
        if (!key.equals(AUTO)) {
            isGreater(key, greater, greaterKeys, lessKeys); // refuses a name that says nothing
        }
    }

    /** Reads {@code save_best} and what belongs to it; null when there is none. */
    static @Nullable BestRule read(Fields f) {
        String key = f.textOrNull("save_best");
        Boolean greater = readRule(f);
        List<String> greaterKeys = f.texts("greater_keys", GREATER_KEYS);
        List<String> lessKeys = f.texts("less_keys", LESS_KEYS);
        return key == null ? null : new BestRule(key, greater, greaterKeys, lessKeys);
    }

    /** The key {@code rule}; null when absent. */
    private static @Nullable Boolean readRule(Fields f) {
        String rule = f.textOrNull("rule");
        return switch (rule) {
            case null -> null;
            case "greater" -> true;
            case "less" -> false;
            default -> throw f.error("rule", "must be 'greater' or 'less', got '" + rule + "'");
        };
    }

    /** A rule for one metric, read from the keys {@code monitor} and {@code rule} of a hook. */
    public static BestRule monitor(Fields f, String otherwise) {
        return new BestRule(f.text("monitor", otherwise), readRule(f), GREATER_KEYS, LESS_KEYS);
    }

    /** The metric's name among those that an evaluation gives. @throws UserError if it is not among them */
    public String name(Iterable<String> metrics) {
        if (key.equals(AUTO)) {
            return metrics.iterator().next();
        }
        for (String metric : metrics) {
            if (metric.equals(key) || (OF_A_PART.matcher(key).matches() && key.endsWith("_" + metric))) {
                return metric.equals(key) ? key : metric;
            }
        }
        throw UserError.of(
                "evaluation gives %s and not '%s', which save_best or an EarlyStoppingHook's monitor names; name one of"
                        + " them, or 'auto' for the first",
                metrics, key);
    }

    /** Whether a score of {@code metric} is better than another one. NaN is better than nothing. */
    public boolean better(String metric, double score, double than) {
        return isGreater(metric, greater, greaterKeys, lessKeys) ? score > than : score < than;
    }

    /** The same with a margin: better by more than {@code delta}. */
    public boolean better(String metric, double score, double than, double delta) {
        return isGreater(metric, greater, greaterKeys, lessKeys) ? score > than + delta : score < than - delta;
    }

    /** What every score of {@code metric} is better than. */
    public double worst(String metric) {
        return isGreater(metric, greater, greaterKeys, lessKeys) ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }

    private static boolean isGreater(
            String metric, @Nullable Boolean greater, List<String> greaterKeys, List<String> lessKeys) {
        if (greater != null) {
            return greater;
        }
        String name = metric.toLowerCase(Locale.ROOT);
        List<String> more = lower(greaterKeys);
        List<String> less = lower(lessKeys);
        if (more.contains(name)) {
            return true;
        }
        if (less.contains(name)) {
            return false;
        }
        if (more.stream().anyMatch(name::contains)) {
            return true;
        }
        if (less.stream().anyMatch(name::contains)) {
            return false;
        }
        throw UserError.of(
                "whether more or less of '%s' is better cannot be told from its name; add rule='greater' or"
                        + " rule='less'",
                metric);
    }

    private static List<String> lower(List<String> keys) {
        return keys.stream().map(k -> k.toLowerCase(Locale.ROOT)).toList();
    }
}
