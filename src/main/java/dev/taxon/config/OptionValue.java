package dev.taxon.config;

import dev.taxon.UserError;
import dev.taxon.config.python.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The value of a {@code key=value} word, as mmcv's {@code DictAction} reads it: {@code [a,b]} and a bare {@code a,b} are
 * lists, {@code (a,b)} and {@code (1,)} tuples; the rest is an int, a float, true or false in any case, {@code None}, or else a
 * string ({@code none} is one). Quotes around a value are dropped.
 *
 * <p>Beyond the original: {@code dict(a=1, b=x)} and <code>{a: 1, 'b': x}</code> are dicts (also inside of lists), quotes keep
 * commas and brackets together, inner spaces stay, and quoted values inside of a dict are always strings.
 */
final class OptionValue {
    private static final int DEEPEST = 50;

    private final String text;
    private final Position from;
    private int at;

    private OptionValue(String text, Position from) {
        this.text = text;
        this.from = from;
    }

    static Value parse(String raw, Position from) {
        String text = unquoted(raw.strip());
        OptionValue reader = new OptionValue(text, from);
        List<Value> items = new ArrayList<>();
        boolean comma = false;
        do {
            if (comma && reader.blankAhead()) {
                break;
            }
            items.add(reader.value("", 0));
            comma = reader.take(',') || comma;
        } while (reader.at < text.length());
        return comma ? new Value.Seq(items, false, from) : items.getFirst();
    }

    /** Without the quotes around all of it. */
    private static String unquoted(String text) {
        if (text.length() < 2) {
            return text;
        }
        char quote = text.charAt(0);
        boolean quoted = (quote == '\'' || quote == '"') && text.indexOf(quote, 1) == text.length() - 1;
        return quoted ? unquoted(text.substring(1, text.length() - 1).strip()) : text;
    }

    private boolean blankAhead() {
        return text.substring(at).isBlank();
    }

    /** One value, up to a comma or one of {@code closers}. */
    private Value value(String closers, int depth) {
        UserError.require(depth <= DEEPEST, "%s: nested deeper than %d levels", from, DEEPEST);
        skipSpaces();
        if (text.startsWith("dict(", at)) {
            at += 5;
            return dict('=', ')', depth);
        }
        char c = at < text.length() ? text.charAt(at) : ',';
        return switch (c) {
            case '[' -> sequence(']', false, depth);
            case '(' -> sequence(')', true, depth);
            case '{' -> {
                at++;
                yield dict(':', '}', depth);
            }
            default -> word(closers);
        };
    }

    private Value sequence(char closer, boolean tuple, int depth) {
        at++;
        List<Value> items = new ArrayList<>();
        while (!take(closer)) {
            requireMore(closer);
            items.add(value(String.valueOf(closer), depth + 1));
            if (!take(',')) {
                expect(closer);
                break;
            }
        }
        return new Value.Seq(items, tuple, from);
    }

    private Value dict(char separator, char closer, int depth) {
        Map<String, Value> entries = new LinkedHashMap<>();
        while (!take(closer)) {
            requireMore(closer);
            String key = key(separator);
            UserError.require(!entries.containsKey(key), "%s: the key '%s' is given twice", from, key);
            entries.put(key, inDict(closer, depth));
            if (!take(',')) {
                expect(closer);
                break;
            }
        }
        return new Value.Dict(entries, from);
    }

    /** A value inside of a dict: what stands in quotes is a string whatever it looks like. */
    private Value inDict(char closer, int depth) {
        skipSpaces();
        Optional<String> quoted = quotedAhead(String.valueOf(closer));
        return quoted.isPresent() ? new Value.Text(quoted.get(), from) : value(String.valueOf(closer), depth + 1);
    }

    private String key(char separator) {
        skipSpaces();
        Optional<String> quoted = quotedAhead(String.valueOf(separator));
        if (quoted.isPresent()) {
            expect(separator);
            return quoted.get();
        }
        int end = text.indexOf(separator, at);
        UserError.require(end >= 0, "%s: expected '%s' after a key in %s", from, separator, text);
        String key = text.substring(at, end).strip();
        UserError.require(!key.isEmpty(), "%s: a key is missing before '%s' in %s", from, separator, text);
        at = end + 1;
        return key;
    }

    /** A quoted piece that ends before a comma or one of {@code closers}; the reader stands behind it then. */
    private Optional<String> quotedAhead(String closers) {
        char quote = at < text.length() ? text.charAt(at) : ' ';
        int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
        if (end < 0) {
            return Optional.empty();
        }
        int next = end + 1;
        while (next < text.length() && text.charAt(next) == ' ') {
            next++;
        }
        if (next < text.length() && text.charAt(next) != ',' && closers.indexOf(text.charAt(next)) < 0) {
            return Optional.empty();
        }
        String piece = text.substring(at + 1, end);
        at = next;
        return Optional.of(piece);
    }

    /** An unquoted word; brackets inside of it belong to it when they match. */
    private Value word(String closers) {
        Optional<String> quoted = quotedAhead(closers);
        if (quoted.isPresent()) {
            return scalar(quoted.get());
        }
        int start = at;
        int open = 0;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (open == 0 && (c == ',' || closers.indexOf(c) >= 0)) {
                break;
            }
            if ("([{".indexOf(c) >= 0) {
                open++;
            } else if (")]}".indexOf(c) >= 0) {
                open--;
            }
            UserError.require(open >= 0, "%s: Imbalanced brackets exist in %s", from, text);
        }
        UserError.require(open == 0, "%s: Imbalanced brackets exist in %s", from, text);
        return scalar(text.substring(start, at).strip());
    }

    private Value scalar(String word) {
        OptionalLong integer = Words.integer(word);
        if (integer.isPresent()) {
            return new Value.Int(integer.getAsLong(), from);
        }
        UserError.require(!word.matches("[+-]?[0-9]+"), "%s: %s is not an int of 64 bits", from, word);
        Optional<Double> real = Words.real(word);
        if (real.isPresent()) {
            return new Value.Real(real.get(), from);
        }
        if (word.equalsIgnoreCase("true") || word.equalsIgnoreCase("false")) {
            return new Value.Bool(word.equalsIgnoreCase("true"), from);
        }
        return word.equals("None") ? new Value.None(from) : new Value.Text(word, from);
    }

    private void skipSpaces() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    private boolean take(char c) {
        skipSpaces();
        boolean taken = at < text.length() && text.charAt(at) == c;
        if (taken) {
            at++;
        }
        return taken;
    }

    private void requireMore(char closer) {
        UserError.require(at < text.length(), "%s: Imbalanced brackets exist in %s: expected '%s'", from, text, closer);
    }

    private void expect(char c) {
        skipSpaces();
        requireMore(c);
        UserError.require(take(c), "%s: expected '%s' at character %d of %s", from, c, at + 1, text);
    }
}
