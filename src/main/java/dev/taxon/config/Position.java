package dev.taxon.config;

/** Where a value was written: file (or {@code --cfg-options}), 1-based line and column. */
public record Position(String file, int line, int column) {
    public static final Position UNKNOWN = new Position("?", 0, 0);

    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line + ":" + column;
    }
}
