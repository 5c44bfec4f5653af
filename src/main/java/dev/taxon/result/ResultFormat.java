package dev.taxon.result;

import dev.taxon.UserError;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a result file is, by the end of its name. */
public enum ResultFormat {
    JSON(".json"),
    YAML(".yaml", ".yml"),
    PICKLE(".pkl", ".pickle"),
    /** A line an image; for spreadsheets, not read back. */
    CSV(".csv");

    private final List<String> suffixes;

    ResultFormat(String... suffixes) {
        this.suffixes = List.of(suffixes);
    }

    /** @throws UserError for another ending */
    public static ResultFormat of(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(format -> format.suffixes.stream().anyMatch(name::endsWith))
                .findFirst()
                .orElseThrow(() ->
                        UserError.of("%s: a result file ends with .json, .yaml, .yml, .pkl, .pickle or .csv", file));
    }
}
