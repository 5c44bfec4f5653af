package dev.taxon.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The last metrics of each fold of a cross-validation, as a table, with their mean and standard deviation. Source: mmcls
 * tools/kfold-cross-valid.py, which has neither.
 */
public final class FoldTable {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

    private FoldTable() {}

    /** A fold's last evaluation. */
    private record Row(Map<String, Double> metrics, long epoch, Instant date) {}

    /**
     * The table of a run.
     *
     * @param folders of the folds, by number; those that are missing have an empty row
     */
    public static String of(List<Path> folders) {
        List<Optional<Row>> rows = folders.stream().map(FoldTable::row).toList();
        Set<String> metrics = new LinkedHashSet<>();
        rows.forEach(row -> row.ifPresent(r -> metrics.addAll(r.metrics.keySet())));
        List<List<String>> lines = new ArrayList<>();
        List<String> header = new ArrayList<>(List.of("Fold"));
        header.addAll(metrics);
        header.addAll(List.of("Epoch", "Date"));
        lines.add(header);
        for (int fold = 0; fold < rows.size(); fold++) {
            List<String> line = new ArrayList<>(List.of(Integer.toString(fold + 1)));
            Optional<Row> row = rows.get(fold);
            for (String metric : metrics) {
                line.add(row.map(r -> r.metrics.get(metric))
                        .map(FoldTable::number)
                        .orElse(""));
            }
            line.add(row.map(r -> Long.toString(r.epoch)).orElse(""));
            line.add(row.map(r -> DATE.format(r.date)).orElse(""));
            lines.add(line);
        }
        lines.add(summary("mean", rows, metrics, false));
        lines.add(summary("std", rows, metrics, true));
        return table(folders.size() + "-fold Cross-validation Summary", lines);
    }

    private static List<String> summary(String name, List<Optional<Row>> rows, Set<String> metrics, boolean deviation) {
        List<String> line = new ArrayList<>(List.of(name));
        for (String metric : metrics) {
            List<Double> values = rows.stream()
                    .flatMap(Optional::stream)
                    .map(row -> row.metrics.get(metric))
                    .filter(Objects::nonNull)
                    .toList();
            double mean = values.stream().mapToDouble(v -> v).average().orElse(0);
            double variance = values.stream()
                    .mapToDouble(v -> (v - mean) * (v - mean))
                    .average()
                    .orElse(0);
            line.add(number(deviation ? Math.sqrt(variance) : mean));
        }
        line.addAll(List.of("", ""));
        return line;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    /** Of the newest log in a folder in which there is something. */
    private static Optional<Row> row(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> newestFirst = files.filter(f -> f.toString().endsWith(".log.json"))
                    .sorted(Comparator.comparing((Path f) -> f.getFileName().toString())
                            .reversed())
                    .toList();
            for (Path log : newestFirst) {
                Optional<RunCurves.Last> last = RunCurves.ifLogged(log).map(RunCurves::last);
                if (last.isPresent()) {
                    Instant date = Files.getLastModifiedTime(log).toInstant();
                    return Optional.of(new Row(last.get().metrics(), last.get().epoch(), date));
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String table(String title, List<List<String>> lines) {
        int[] widths = new int[lines.getFirst().size()];
        lines.forEach(line -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        });
        StringBuilder out = new StringBuilder(title).append('\n');
        for (int l = 0; l < lines.size(); l++) {
            List<String> line = lines.get(l);
            Map<Integer, String> cells = new LinkedHashMap<>();
            for (int i = 0; i < widths.length; i++) {
                cells.put(i, line.get(i) + " ".repeat(widths[i] - line.get(i).length()));
            }
            out.append("| ").append(String.join(" | ", cells.values())).append(" |\n");
            if (l == 0 || l == lines.size() - 3) {
                out.append('|')
                        .append(Arrays.stream(widths)
                                .mapToObj(w -> "-".repeat(w + 2))
                                .collect(Collectors.joining("|")))
                        .append("|\n");
            }
        }
        return out.toString();
    }
}
