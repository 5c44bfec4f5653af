package dev.taxon.checkpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON strictly (RFC 8259), and refuses an object that has a key twice. Values are LinkedHashMap, ArrayList,
 * String, Long (Double beyond 64 bits and with a point or exponent), Boolean and null. Also takes Python's NaN and
 * Infinity.
 */
public final class JsonText {
    private static final int MAX_DEPTH = 100;

    private final String text;
    private int at;

    /** Says what is wrong with a text, and where. */
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String what, int at) {
            super(what + " at character " + at);
        }
    }

    private JsonText(String text) {
        this.text = text;
    }

    /** The value that is the whole text. */
    public static @Nullable Object read(String text) throws Malformed {
        JsonText json = new JsonText(text);
        Object value = json.value(0);
        json.skipSpace();
        if (json.at < text.length()) {
            throw json.malformed("something behind the end");
        }
        return value;
    }

    private @Nullable Object value(int depth) throws Malformed {
        if (depth > MAX_DEPTH) {
            throw malformed("nesting deeper than " + MAX_DEPTH);
        }
        skipSpace();
        char c = peek();
        return switch (c) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            case 'N' -> word("NaN", Double.NaN);
            case 'I' -> word("Infinity", Double.POSITIVE_INFINITY);
            default -> {
                if (text.startsWith("-Infinity", at)) {
                    yield word("-Infinity", Double.NEGATIVE_INFINITY);
                }
                yield number();
            }
        };
    }

    private Map<Object, Object> object(int depth) throws Malformed {
        Map<Object, Object> map = new LinkedHashMap<>();
        at++;
        skipSpace();
        if (peek() == '}') {
            at++;
            return map;
        }
        while (true) {
            skipSpace();
            if (peek() != '"') {
                throw malformed("no name where one should be");
            }
            String key = string();
            skipSpace();
            expect(':');
            Object value = value(depth + 1);
            if (map.containsKey(key)) {
                throw malformed("the name " + key + " a second time");
            }
            putAny(map, key, value);
            skipSpace();
            if (peek() == '}') {
                at++;
                return map;
            }
            expect(',');
        }
    }

    @SuppressWarnings("NullAway") // a JSON object holds nulls, as the trees of a pickle do
    private static void putAny(Map<Object, Object> map, String key, @Nullable Object value) {
        map.put(key, value);
    }

    private List<@Nullable Object> array(int depth) throws Malformed {
        List<@Nullable Object> list = new ArrayList<>();
        at++;
        skipSpace();
        if (peek() == ']') {
            at++;
            return list;
        }
        while (true) {
            list.add(value(depth + 1));
            skipSpace();
            if (peek() == ']') {
                at++;
                return list;
            }
            expect(',');
        }
    }

    private String string() throws Malformed {
        StringBuilder out = new StringBuilder();
        at++;
        while (true) {
            char c = peek();
            at++;
            if (c == '"') {
                return out.toString();
            }
            if (c < ' ') {
                throw malformed("a control character in a string");
            }
            out.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() throws Malformed {
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = Character.digit(peek(), 16);
                    if (digit < 0) {
                        throw malformed("a bad \\u escape");
                    }
                    code = 16 * code + digit;
                    at++;
                }
                yield (char) code;
            }
            default -> throw malformed("a bad escape");
        };
    }

    private @Nullable Object word(String word, @Nullable Object value) throws Malformed {
        if (!text.startsWith(word, at)) {
            throw malformed("no value where one should be");
        }
        at += word.length();
        return value;
    }

    private Object number() throws Malformed {
        int start = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String number = text.substring(start, at);
        if (!number.matches("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?")) {
            at = start;
            throw malformed("no value where one should be");
        }
        try {
            return Long.parseLong(number);
        } catch (NumberFormatException e) {
            return Double.parseDouble(number); // a fraction, or beyond 64 bits
        }
    }

    private void expect(char c) throws Malformed {
        if (peek() != c) {
            throw malformed("no '" + c + "' where one should be");
        }
        at++;
    }

    private void skipSpace() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() throws Malformed {
        if (at >= text.length()) {
            throw malformed("the end");
        }
        return text.charAt(at);
    }

    private Malformed malformed(String what) {
        return new Malformed(what, at);
    }
}
