package dev.taxon.checkpoint.pickle;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Numbers and strings of a pickle: the text forms of protocol 0 and the long integers of later ones. */
final class PickleText {
    private static final int MAX_DIGITS = 1000;

    private final PickleInput in;
    private final Charset strings;

    PickleText(PickleInput in, Charset strings) {
        this.in = in;
        this.strings = strings;
    }

    /** INT: a decimal number, or 00 and 01 for False and True. */
    Object intLine() {
        long at = in.position();
        String line = in.line();
        return switch (line) {
            case "00" -> false;
            case "01" -> true;
            default -> integer(at, line);
        };
    }

    /** LONG: a decimal number with an L behind it. */
    Object longLine() {
        long at = in.position();
        String line = in.line();
        return integer(at, line.endsWith("L") ? line.substring(0, line.length() - 1) : line);
    }

    /** The index of GET and PUT. */
    long index() {
        long at = in.position();
        if (integer(at, in.line()) instanceof Long n && n >= 0) {
            return n;
        }
        throw in.damaged(at, "an index that is no number");
    }

    double floatLine() {
        long at = in.position();
        String line = in.line();
        try {
            return switch (line) {
                case "nan" -> Double.NaN;
                case "inf" -> Double.POSITIVE_INFINITY;
                case "-inf" -> Double.NEGATIVE_INFINITY;
                default -> Double.parseDouble(line);
            };
        } catch (NumberFormatException e) {
            throw in.damaged(at, "a float that is no number");
        }
    }

    /** LONG1 and LONG4: {@code length} bytes, two's complement, low byte first. */
    Object binaryLong(int length) {
        if (length < 0 || length > MAX_DIGITS) {
            throw in.damaged(in.position(), "an integer of " + length + " bytes");
        }
        byte[] little = in.copy(length);
        byte[] big = new byte[length + 1];
        big[0] = (byte) (length > 0 && little[length - 1] < 0 ? -1 : 0);
        for (int i = 0; i < length; i++) {
            big[length - i] = little[i];
        }
        return narrow(new BigInteger(big));
    }

    String utf8(long length) {
        return new String(in.copy(length), StandardCharsets.UTF_8);
    }

    /** UNICODE: text in which characters beyond Latin-1, line feeds and backslashes are written as \\u and \\U. */
    String unicodeLine() {
        long at = in.position();
        String line = in.line();
        StringBuilder out = new StringBuilder(line.length());
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            char kind = c == '\\' && i + 1 < line.length() ? line.charAt(i + 1) : ' ';
            if (kind == 'u' || kind == 'U') {
                int digits = kind == 'u' ? 4 : 8;
                int code = number(at, line, i + 2, digits, 16);
                if (!Character.isValidCodePoint(code)) {
                    throw in.damaged(at, "a character that does not exist");
                }
                out.appendCodePoint(code);
                i += digits + 1;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** STRING: bytes as Python 2's repr, in quotes and with escapes. */
    String quotedLine() {
        long at = in.position();
        String line = in.line();
        int end = line.length() - 1;
        if (end < 1 || line.charAt(0) != line.charAt(end) || "'\"".indexOf(line.charAt(0)) < 0) {
            throw in.damaged(at, "a string without quotes");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(line.length());
        for (int i = 1; i < end; i++) {
            char c = line.charAt(i);
            if (c != '\\') {
                out.write(c);
                continue;
            }
            char escape = line.charAt(++i);
            if (escape == 'x') {
                out.write(number(at, line, i + 1, 2, 16));
                i += 2;
            } else if (escape >= '0' && escape <= '7') {
                out.write(number(at, line, i, 3, 8));
                i += 2;
            } else {
                int index = "abfnrtv".indexOf(escape);
                out.write(index < 0 ? escape : "\u0007\b\f\n\r\t\u000b".charAt(index));
            }
        }
        return out.toString(strings);
    }

    private int number(long at, String line, int start, int digits, int radix) {
        try {
            return Integer.parseUnsignedInt(line, start, Math.min(start + digits, line.length()), radix);
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw in.damaged(at, "an escape that is cut off");
        }
    }

    private Object integer(long at, String digits) {
        if (!digits.matches("[+-]?[0-9]{1," + MAX_DIGITS + "}")) {
            throw in.damaged(at, "an integer that is no number");
        }
        return narrow(new BigInteger(digits));
    }

    private static Object narrow(BigInteger n) {
        return n.bitLength() < Long.SIZE ? (Object) n.longValue() : n;
    }
}
