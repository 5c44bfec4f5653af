package dev.taxon.config;

import dev.taxon.config.Value.Dict;
import dev.taxon.config.python.Numbers;
import dev.taxon.config.python.Strings;
import java.util.stream.Collectors;

/** A config as Python text that reads back as the same tree. */
final class PrettyText {
    private PrettyText() {}

    static String of(Dict root) {
        return root.entries().entrySet().stream()
                .map(e -> e.getKey() + " = " + text(e.getValue()) + "\n")
                .collect(Collectors.joining());
    }

    private static String text(Value value) {
        return switch (value) {
            case Value.None v -> "None";
            case Value.Bool v -> v.value() ? "True" : "False";
            case Value.Int v -> Long.toString(v.value());
            case Value.Real v -> Numbers.repr(v.value());
            case Value.Text v -> Strings.quote(v.value());
            case Value.Seq s -> {
                String items = s.items().stream().map(PrettyText::text).collect(Collectors.joining(", "));
                yield s.tuple() ? "(" + items + (s.items().size() == 1 ? ", )" : ")") : "[" + items + "]";
            }
            case Dict d ->
                d.entries().keySet().stream().allMatch(Identifiers::isName)
                        ? d.entries().entrySet().stream()
                                .map(e -> e.getKey() + "=" + text(e.getValue()))
                                .collect(Collectors.joining(", ", "dict(", ")"))
                        : d.entries().entrySet().stream()
                                .map(e -> Strings.quote(e.getKey()) + ": " + text(e.getValue()))
                                .collect(Collectors.joining(", ", "{", "}"));
        };
    }
}
