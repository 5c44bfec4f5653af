package dev.taxon.result;

import dev.taxon.UserError;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** What a result file is, by the end of its name. */
public enum ResultFormat {
    JSON(".*\\.json"),
    YAML(".*\\.ya?ml"),
    PICKLE(".*\\.(pkl|pickle)"),
    /** A line an image; for spreadsheets, not read back. */
    CSV(".*\\.csv");

    private final String pattern;

    ResultFormat(String pattern) {
        this.pattern = pattern;
    }

    /** The format of a file. @throws UserError for another ending */
    public static ResultFormat of(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(format -> name.matches(format.pattern))
                .findFirst()
                .orElseThrow(() ->
                        UserError.of("%s: a result file ends with .json, .yaml, .yml, .pkl, .pickle or .csv", file));
    }
}
