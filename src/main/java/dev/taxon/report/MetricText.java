package dev.taxon.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** Metrics as mmcls's {@code test.py} prints them. */
public final class MetricText {
    private static final int MATRIX = 30; // rows that one still reads

    private MetricText() {}

    /** Two decimals, as Python's {@code round(value, 2)} prints: 84.0, not 84.00; lists in brackets, matrices in lines. */
    public static String of(Object value) {
        return switch (value) {
            case Double d -> PythonJson.repr(rounded(d));
            case List<?> rows when !rows.isEmpty() && rows.getFirst() instanceof List<?> -> matrix(rows);
            case List<?> list ->
                "[" + String.join(", ", list.stream().map(MetricText::of).toList()) + "]";
            default -> String.valueOf(value);
        };
    }

    /** Half to even of the exact value, as in Python. */
    private static double rounded(double d) {
        return Double.isFinite(d)
                ? new BigDecimal(d).setScale(2, RoundingMode.HALF_EVEN).doubleValue()
                : d;
    }

    private static String matrix(List<?> rows) {
        if (rows.size() > MATRIX) {
            return "%d x %d numbers; --out FILE.json has them, and 'engine plot --confusion FILE.json' draws them"
                    .formatted(rows.size(), rows.size());
        }
        int width = rows.stream()
                .flatMap(row -> ((List<?>) row).stream())
                .mapToInt(n -> String.valueOf(n).length())
                .max()
                .orElse(1);
        StringBuilder out = new StringBuilder("rows true, columns predicted");
        for (Object row : rows) {
            out.append("\n[");
            String separator = "";
            for (Object n : (List<?>) row) {
                String text = String.valueOf(n);
                out.append(separator).append(" ".repeat(width - text.length())).append(text);
                separator = " ";
            }
            out.append(']');
        }
        return out.toString();
    }
}
