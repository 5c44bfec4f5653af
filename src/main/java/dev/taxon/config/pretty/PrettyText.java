package dev.taxon.config.pretty;

import dev.taxon.config.Value.Dict;
import java.util.stream.Collectors;

/** A config as Python text that reads back as the same tree: one statement for each top-level key. */
public final class PrettyText {
    private PrettyText() {}

    public static String of(Dict root) {
        return root.entries().entrySet().stream()
                .map(e -> Layout.of(Tokens.statement(e.getKey(), e.getValue())))
                .collect(Collectors.joining());
    }
}
