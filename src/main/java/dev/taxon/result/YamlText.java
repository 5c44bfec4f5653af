package dev.taxon.result;

import dev.taxon.report.PythonJson;
import dev.taxon.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Safe YAML: a mapping whose values are scalars and lists, without tags. Read alike by YAML 1.1 (PyYAML) and 1.2. */
final class YamlText {
    /** What YAML 1.1 takes for null, a truth value, a merge or a value key. */
    private static final Set<String> WORDS =
            Set.of("null", "true", "false", "yes", "no", "on", "off", "y", "n", "inf", "nan");

    private YamlText() {}

    static void write(Appendable out, Map<String, Object> items) throws IOException {
        for (Map.Entry<String, Object> item : items.entrySet()) {
            out.append(text(item.getKey())).append(':');
            Object value = item.getValue() instanceof Tensor tensor ? tensor.nested() : item.getValue();
            if (value instanceof List<?> list && !list.isEmpty()) {
                out.append('\n');
                for (Object entry : list) {
                    flow(out.append("- "), entry);
                    out.append('\n');
                }
            } else {
                flow(out.append(' '), value);
                out.append('\n');
            }
        }
    }

    private static void flow(Appendable out, Object value) throws IOException {
        switch (value) {
            case List<?> list -> {
                String separator = "[";
                for (Object item : list) {
                    flow(out.append(separator), item);
                    separator = ", ";
                }
                out.append(list.isEmpty() ? "[]" : "]");
            }
            case Double d -> out.append(real(d));
            case Number n -> out.append(n.toString());
            case Boolean b -> out.append(b.toString());
            case String s -> out.append(text(s));
            default -> throw new IllegalArgumentException("no YAML for " + value.getClass());
        }
    }

    /** YAML 1.1 takes a number for one only with a point in it. */
    private static String real(double d) {
        if (Double.isNaN(d)) {
            return ".nan";
        }
        if (Double.isInfinite(d)) {
            return d > 0 ? ".inf" : "-.inf";
        }
        String repr = PythonJson.repr(d);
        return repr.contains(".") ? repr : repr.replace("e", ".0e");
    }

    private static String text(String s) {
        boolean plain = s.matches("[A-Za-z]([\\w .()/-]*[\\w)])?") && !WORDS.contains(s.toLowerCase(Locale.ROOT));
        return plain ? s : quoted(s);
    }

    private static String quoted(String s) {
        StringBuilder out = new StringBuilder("\"");
        s.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                out.append('\\').appendCodePoint(c);
            } else if (c >= ' ' && c <= '~') {
                out.appendCodePoint(c);
            } else {
                out.append(c > 0xFFFF ? "\\U%08x".formatted(c) : "\\u%04x".formatted(c));
            }
        });
        return out.append('"').toString();
    }
}
