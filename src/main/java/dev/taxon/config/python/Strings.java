package dev.taxon.config.python;

import dev.taxon.UserError;
import dev.taxon.config.Position;
import java.util.Locale;

/** String literals: escapes decoded, and strings printed as Python's {@code repr}. */
public final class Strings {
    private Strings() {}

    /** Decodes escapes. An unknown escape keeps its backslash, as in Python. */
    static String unescape(String raw, Position at) {
        if (raw.indexOf('\\') < 0) {
            return raw;
        }
        StringBuilder out = new StringBuilder(raw.length());
        int i = 0;
        while (i < raw.length()) {
            char c = raw.charAt(i++);
            if (c != '\\' || i == raw.length()) {
                out.append(c);
                continue;
            }
            char e = raw.charAt(i++);
            switch (e) {
                case '\n' -> {}
                case '\\', '\'', '"' -> out.append(e);
                case 'n' -> out.append('\n');
                case 't' -> out.append('\t');
                case 'r' -> out.append('\r');
                case 'a' -> out.append('\u0007');
                case 'b' -> out.append('\b');
                case 'f' -> out.append('\f');
                case 'v' -> out.append('\u000B');
                case 'x' -> i = hex(raw, i, 2, at, out);
                case 'u' -> i = hex(raw, i, 4, at, out);
                case 'U' -> i = hex(raw, i, 8, at, out);
                case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                    int end = i;
                    while (end < raw.length() && end < i + 2 && raw.charAt(end) >= '0' && raw.charAt(end) <= '7') {
                        end++;
                    }
                    out.append((char) Integer.parseInt(raw.substring(i - 1, end), 8));
                    i = end;
                }
                default -> out.append('\\').append(e);
            }
        }
        return out.toString();
    }

    private static int hex(String raw, int from, int digits, Position at, StringBuilder out) {
        String code = raw.substring(from, Math.min(raw.length(), from + digits));
        boolean valid = code.length() == digits && code.matches("[0-9a-fA-F]+");
        long point = valid ? Long.parseLong(code, 16) : -1;
        UserError.require(
                valid && point <= Character.MAX_CODE_POINT,
                "%s: a string of this line has a broken \\%s escape; %d hexadecimal digits were expected",
                at,
                digits == 2 ? "x" : digits == 4 ? "u" : "U",
                digits);
        out.appendCodePoint((int) point);
        return from + digits;
    }

    /** Python's {@code repr}: single quotes, or double ones when that saves escapes; what cannot be printed is escaped. */
    public static String quote(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder out = new StringBuilder(text.length() + 2).append(quote);
        text.codePoints().forEach(c -> {
            if (c == quote || c == '\\') {
                out.append('\\').append((char) c);
            } else if (c == '\n') {
                out.append("\\n");
            } else if (c == '\t') {
                out.append("\\t");
            } else if (c == '\r') {
                out.append("\\r");
            } else if (isPrintable(c)) {
                out.appendCodePoint(c);
            } else {
                String form = c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x";
                out.append(String.format(Locale.ROOT, form, c));
            }
        });
        return out.append(quote).toString();
    }

    /** Python's {@code str.isprintable} for one code point. */
    private static boolean isPrintable(int c) {
        return c == ' '
                || switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.SPACE_SEPARATOR -> false;
                    default -> true;
                };
    }
}
