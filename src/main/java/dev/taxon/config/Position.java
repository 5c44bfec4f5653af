package dev.taxon.config;

/**
 * Where a value was written: file (or {@code --cfg-options}), 1-based line and column. Line 0 is a value without a line,
 * line -1 one that is itself what the user typed on the command line, and stands in {@code file}.
 */
public record Position(String file, int line, int column) {
    public static final Position UNKNOWN = new Position("?", 0, 0);

    /** Of a value that was typed as a command's argument: messages show it in place of a key. */
    public static Position argument(String typed) {
        return new Position(typed, -1, 0);
    }

    /** Whether messages show the value, and no place. */
    boolean isArgument() {
        return line < 0;
    }

    @Override
    public String toString() {
        return line <= 0 ? file : file + ":" + line + ":" + column;
    }
}
