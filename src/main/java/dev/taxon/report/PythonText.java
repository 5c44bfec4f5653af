package dev.taxon.report;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Values as Python prints them. */
public final class PythonText {
    private PythonText() {}

    /** Dicts, lists, numbers and plain strings, on one line: {@code {'accuracy_top-1': 84.0}}. */
    public static String of(Object value) {
        return switch (value) {
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(e -> of(e.getKey()) + ": " + of(e.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
            case List<?> list -> list.stream().map(PythonText::of).collect(Collectors.joining(", ", "[", "]"));
            case Double d -> PythonJson.repr(d);
            case String s -> "'" + s + "'";
            default -> String.valueOf(value);
        };
    }
}
