package dev.taxon.report;

import dev.taxon.config.python.Numbers;
import dev.taxon.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * JSON text as Python's {@code json.dumps} writes it, so that tools which read mmcls's logs and results read ours:
 * {@code ", "} and {@code ": "} between items, ASCII only, floats by Python's repr. Takes maps, lists, strings, numbers, booleans, null,
 * and tensors, which become nested lists.
 */
public final class PythonJson {
    private PythonJson() {}

    /** One line. */
    public static String dumps(Object value) {
        return dumps(value, -1);
    }

    /** Indented by {@code indent} spaces a level, as {@code json.dumps(value, indent=indent)}. */
    public static String dumps(Object value, int indent) {
        StringBuilder out = new StringBuilder();
        try {
            write(out, value, indent, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a StringBuilder throws none
        }
        return out.toString();
    }

    /** As {@link #dumps(Object)}, of any length. */
    public static void write(Appendable out, Object value) throws IOException {
        write(out, value, -1, 0);
    }

    private static void write(Appendable out, Object value, int indent, int depth) throws IOException {
        switch (value) {
            case null -> out.append("null");
            case String s -> string(out, s);
            case Boolean b -> out.append(b.toString());
            case Double d -> out.append(repr(d));
            case Float f -> out.append(repr(f.doubleValue()));
            case Number n -> out.append(n.toString());
            case Map<?, ?> map -> {
                String separator = "{";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    newLine(out.append(separator), indent, depth + 1);
                    string(out, String.valueOf(entry.getKey()));
                    out.append(": ");
                    write(out, entry.getValue(), indent, depth + 1);
                    separator = indent < 0 ? ", " : ",";
                }
                close(out, map.isEmpty(), "{}", indent, depth);
            }
            case List<?> list -> {
                String separator = "[";
                for (Object item : list) {
                    newLine(out.append(separator), indent, depth + 1);
                    write(out, item, indent, depth + 1);
                    separator = indent < 0 ? ", " : ",";
                }
                close(out, list.isEmpty(), "[]", indent, depth);
            }
            case Tensor tensor -> write(out, tensor.nested(), indent, depth);
            default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
        }
    }

    private static void close(Appendable out, boolean empty, String brackets, int indent, int depth)
            throws IOException {
        if (empty) {
            out.append(brackets);
        } else {
            newLine(out, indent, depth);
            out.append(brackets.charAt(1));
        }
    }

    private static void newLine(Appendable out, int indent, int depth) throws IOException {
        if (indent >= 0) {
            out.append('\n').append(" ".repeat(indent * depth));
        }
    }

    private static void string(Appendable out, String s) throws IOException {
        out.append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < ' ' || c > '~') {
                        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /** The shortest decimal that reads back to the same double, in Python's notation: {@code 0.01}, {@code 1e-05}, {@code 84.0}. */
    public static String repr(double d) {
        if (Double.isNaN(d)) {
            return "NaN";
        }
        if (Double.isInfinite(d)) {
            return d > 0 ? "Infinity" : "-Infinity";
        }
        return Numbers.text(d);
    }
}
