package dev.taxon.report;

import dev.taxon.UserError;
import dev.taxon.checkpoint.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The numbers of a run's {@code .log.json} file, mmcls's or ours. */
public final class RunCurves {
    /** Keys that evaluation logs, once each time; all others are of training. Source: mmcls analyze_logs.py. */
    private static final List<String> METRICS = List.of(
            "precision", "recall", "f1_score", "support", "mAP", "CP", "CR", "CF1", "OP", "OR", "OF1", "accuracy");

    private static final Pattern ITERS = Pattern.compile("Epoch \\[\\d+]\\[\\d+/(\\d+)]");
    private static final Pattern BY_ITERATION = Pattern.compile("- Iter \\[\\d+/");

    private final Path file;
    private final List<Map<?, ?>> lines = new ArrayList<>(); // those with an epoch
    private final int perEpoch;
    private final boolean countsOn; // iterations of all epochs are counted together

    private RunCurves(Path file) {
        this.file = file;
        read();
        String text = textLog();
        countsOn = countsOn() || BY_ITERATION.matcher(text).find();
        perEpoch = itersPerEpoch(text);
    }

    /** Reads a log. @throws UserError if that is none, or nothing was logged in it */
    public static RunCurves read(Path file) {
        return ifLogged(file)
                .orElseThrow(() -> UserError.of(
                        "%s has no epochs in it: nothing was logged yet; log_config.interval may be too long", file));
    }

    /** As {@link #read}, but nothing for a run that logged no epoch, such as one that was resumed at its end. */
    static Optional<RunCurves> ifLogged(Path file) {
        RunCurves curves = new RunCurves(file);
        return curves.lines.isEmpty() ? Optional.empty() : Optional.of(curves);
    }

    private void read() {
        int number = 0;
        try {
            for (String line : Files.readAllLines(file)) {
                number++;
                if (!line.isBlank()
                        && JsonText.read(line) instanceof Map<?, ?> map
                        && map.get("epoch") instanceof Long) {
                    lines.add(map);
                }
            }
        } catch (NoSuchFileException e) {
            throw new UserError(file + " does not exist; give the .log.json file of a run", e);
        } catch (IOException e) {
            throw new UserError(file + " cannot be read as text: " + e + "; give the .log.json file of a run", e);
        } catch (JsonText.Malformed e) {
            throw new UserError(
                    file + ":" + number + ": this line is no JSON (" + e.getMessage()
                            + "); give the .log.json file of a run",
                    e);
        }
    }

    private static long integer(Map<?, ?> line, String key) {
        return line.get(key) instanceof Long n ? n : 0;
    }

    private static boolean training(Map<?, ?> line) {
        return "train".equals(line.get("mode"));
    }

    /** Runs by iteration count on where runs by epoch begin again. */
    private boolean countsOn() {
        List<Map<?, ?>> train = lines.stream().filter(RunCurves::training).toList();
        for (int i = 1; i < train.size(); i++) {
            boolean next = integer(train.get(i), "epoch") > integer(train.get(i - 1), "epoch");
            if (next) {
                return integer(train.get(i), "iter") > integer(train.get(i - 1), "iter");
            }
        }
        return false;
    }

    /** The text log beside this one; empty where there is none. */
    private String textLog() {
        Path text = file.resolveSibling(file.getFileName().toString().replaceFirst("\\.json$", ""));
        try {
            return !text.equals(file) && Files.isRegularFile(text) ? Files.readString(text) : "";
        } catch (IOException e) {
            return ""; // the JSON log is enough
        }
    }

    /** As the text log says; else the largest that is logged. */
    private int itersPerEpoch(String text) {
        Matcher matcher = ITERS.matcher(text);
        if (matcher.find()) {
            try {
                return Integer.parseInt(matcher.group(1));
            } catch (NumberFormatException e) {
                // no log of a run; the largest number is as good
            }
        }
        return (int) Math.max(
                1,
                lines.stream()
                        .filter(RunCurves::training)
                        .mapToLong(line -> integer(line, "iter"))
                        .max()
                        .orElse(1));
    }

    /** Names of what has numbers, in the order of the file. */
    public List<String> keys() {
        Map<String, Boolean> keys = new LinkedHashMap<>();
        for (Map<?, ?> line : lines) {
            line.forEach((key, value) -> {
                if (value instanceof Number) {
                    keys.put(key.toString(), true);
                }
            });
        }
        List.of("epoch", "iter").forEach(keys::remove);
        return List.copyOf(keys.keySet());
    }

    /** The first metric that evaluation logged, if it did. */
    public Optional<String> metric() {
        return keys().stream().filter(RunCurves::isMetric).findFirst();
    }

    private static boolean isMetric(String key) {
        return METRICS.stream().anyMatch(key::contains);
    }

    /** The metrics of the last evaluation, and its epoch; of none, the last epoch. */
    public record Last(Map<String, Double> metrics, long epoch) {}

    /** What the log ends with. */
    public Last last() {
        for (Map<?, ?> line : lines.reversed()) {
            Map<String, Double> metrics = new LinkedHashMap<>();
            line.forEach((key, value) -> {
                if (!training(line) && isMetric(key.toString()) && value instanceof Number n) {
                    metrics.put(key.toString(), n.doubleValue());
                }
            });
            if (!metrics.isEmpty()) {
                return new Last(metrics, integer(line, "epoch"));
            }
        }
        return new Last(Map.of(), integer(lines.getLast(), "epoch"));
    }

    /**
     * Values of a key against the iteration of the whole run.
     *
     * @param name of the curve
     * @param color number of the run
     * @throws UserError if the log has no such key
     */
    public CurvePanels.Curve curve(String key, String name, int color) {
        Map<Double, Double> points = new TreeMap<>(); // a resumed run may log an iteration again: the last counts
        boolean metric = isMetric(key) && lines.stream().anyMatch(l -> !training(l) && l.get(key) instanceof Number);
        double[] at = metric ? evaluated(key) : new double[lines.size()];
        for (int i = 0; i < lines.size(); i++) {
            Map<?, ?> line = lines.get(i);
            if (training(line) == metric || !(line.get(key) instanceof Number value)) {
                continue;
            }
            if (Double.isFinite(value.doubleValue())) {
                points.put(metric ? at[i] : trained(line), value.doubleValue());
            }
        }
        UserError.require(
                !points.isEmpty(), "%s does not contain metric %s; it has %s", file, key, String.join(", ", keys()));
        return new CurvePanels.Curve(
                name,
                color,
                points.keySet().stream().mapToDouble(Double::doubleValue).toArray(),
                points.values().stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** Iterations that a training line has behind it. */
    private double trained(Map<?, ?> line) {
        double before = countsOn ? 0 : (double) (integer(line, "epoch") - 1) * perEpoch;
        return before + integer(line, "iter");
    }

    /**
     * Iterations behind each line that evaluation logged. Such a line has an epoch alone (its {@code iter} counts batches of the
     * validation set): it stands at the epoch's end, unless the epoch goes on behind it, as behind an evaluation before
     * training. Then, and in runs by iteration, it stands where training was last logged.
     */
    private double[] evaluated(String key) {
        Map<Long, Integer> lastOf = new TreeMap<>(); // index by epoch: of a training line, else of one with the key
        for (int i = 0; i < lines.size(); i++) {
            Integer known = lastOf.get(integer(lines.get(i), "epoch"));
            if (training(lines.get(i))
                    || (lines.get(i).get(key) instanceof Number && (known == null || !training(lines.get(known))))) {
                lastOf.put(integer(lines.get(i), "epoch"), i);
            }
        }
        double[] at = new double[lines.size()];
        double done = 0;
        for (int i = 0; i < at.length; i++) {
            Map<?, ?> line = lines.get(i);
            long epoch = integer(line, "epoch");
            if (training(line)) {
                done = trained(line);
            } else if (countsOn) {
                at[i] = done;
            } else {
                double start = Math.max(0, (double) (epoch - 1) * perEpoch);
                boolean goesOn = epoch <= 0 || i < lastOf.getOrDefault(epoch, -1);
                at[i] = goesOn ? Math.max(start, done) : start + perEpoch;
            }
        }
        return at;
    }

    /**
     * How long training iterations took, as mmcls's {@code cal_train_time} prints it.
     *
     * @param includeOutliers the first value of each epoch counts, too
     * @throws UserError if there are no times
     */
    public String trainTime(boolean includeOutliers) {
        Map<Long, List<Double>> byEpoch = new TreeMap<>();
        for (Map<?, ?> line : lines) {
            if (training(line) && line.get("time") instanceof Number time) {
                byEpoch.computeIfAbsent(integer(line, "epoch"), e -> new ArrayList<>())
                        .add(time.doubleValue());
            }
        }
        UserError.require(!byEpoch.isEmpty(), "%s has no training times", file);
        List<Double> means = new ArrayList<>();
        List<Double> all = new ArrayList<>();
        for (List<Double> times : byEpoch.values()) {
            List<Double> counted = includeOutliers || times.size() == 1 ? times : times.subList(1, times.size());
            means.add(mean(counted));
            all.addAll(counted);
        }
        int slowest = 0;
        int fastest = 0;
        for (int i = 1; i < means.size(); i++) {
            slowest = means.get(i) > means.get(slowest) ? i : slowest;
            fastest = means.get(i) < means.get(fastest) ? i : fastest;
        }
        double center = mean(means);
        double variance =
                mean(means.stream().map(m -> (m - center) * (m - center)).toList());
        return String.format(
                Locale.ROOT,
                """
                -----Analyze train time of %s-----
                slowest epoch %d, average time is %.4f
                fastest epoch %d, average time is %.4f
                time std over epochs is %.4f
                average iter time: %.4f s/iter
                """,
                file,
                slowest + 1,
                means.get(slowest),
                fastest + 1,
                means.get(fastest),
                Math.sqrt(variance),
                mean(all));
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).sum() / values.size();
    }
}
