package dev.taxon.data.dataset;

import dev.taxon.UserError;
import java.util.ArrayList;
import java.util.List;

/** Rows of comma-separated values. A value in double quotes may hold the separator, new lines, and quotes twice. Source: RFC 4180. */
final class Csv {
    /** Takes a row and its place, as messages name it: {@code a.csv:12}, the line that it begins in. */
    @FunctionalInterface
    interface RowReader {
        void read(List<String> row, String where);
    }

    private Csv() {}

    /** Reads all rows; empty lines do not count. */
    static void forEachRow(Paths paths, String file, char separator, RowReader reader) {
        State state = new State(separator, reader);
        paths.forEachLine(file, "ann_file", state::line);
        UserError.require(!state.quoted, "%s: a double quote is not closed", state.where);
    }

    /** A row that goes on over lines while a quote is open. */
    private static final class State {
        private final char separator;
        private final RowReader reader;
        private final List<String> row = new ArrayList<>();
        private final StringBuilder value = new StringBuilder();
        private boolean quoted;
        private String where = "";

        State(char separator, RowReader reader) {
            this.separator = separator;
            this.reader = reader;
        }

        void line(String line, String place) {
            if (quoted) {
                value.append('\n');
            } else if (line.isBlank()) {
                return;
            } else {
                where = place;
            }
            for (int i = 0; i < line.length(); i++) {
                char c = line.charAt(i);
                if (c == '"') {
                    if (quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                        value.append(c);
                        i++;
                    } else {
                        quoted = !quoted;
                    }
                } else if (c == separator && !quoted) {
                    end();
                } else {
                    value.append(c);
                }
            }
            if (!quoted) {
                end();
                reader.read(List.copyOf(row), where);
                row.clear();
            }
        }

        private void end() {
            row.add(value.toString().strip());
            value.setLength(0);
        }
    }
}
