package dev.taxon.config;

import dev.taxon.UserError;
import dev.taxon.config.python.Words;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An unquoted YAML or JSON scalar: null, bool, number or string. As PyYAML reads them ({@code yes}, {@code on}), but
 * {@code 1e-3} is a number too, as in YAML 1.2.
 */
final class PlainScalar {
    private PlainScalar() {}

    static Value parse(String text, Position at) {
        return switch (text) {
            case "", "~", "null", "Null", "NULL" -> new Value.None(at);
            case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON" -> new Value.Bool(true, at);
            case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF" -> new Value.Bool(false, at);
            case ".inf", ".Inf", ".INF", "+.inf", "Infinity" -> new Value.Real(Double.POSITIVE_INFINITY, at);
            case "-.inf", "-.Inf", "-.INF", "-Infinity" -> new Value.Real(Double.NEGATIVE_INFINITY, at);
            case ".nan", ".NaN", ".NAN", "NaN" -> new Value.Real(Double.NaN, at);
            default -> numberOrText(text, at);
        };
    }

    private static Value numberOrText(String text, Position at) {
        char first = text.charAt(0);
        char last = text.charAt(text.length() - 1);
        boolean numeric = first == '+' || first == '-' || first == '.' || (first >= '0' && first <= '9');
        if (!numeric || !((last >= '0' && last <= '9') || last == '.')) {
            return new Value.Text(text, at);
        }
        OptionalLong integer = Words.integer(text);
        if (integer.isPresent()) {
            return new Value.Int(integer.getAsLong(), at);
        }
        UserError.require(!text.matches("[+-]?[0-9]+"), "%s: %s is not an int of 64 bits", at, text);
        Optional<Double> real = Words.real(text);
        return real.isPresent() ? new Value.Real(real.get(), at) : new Value.Text(text, at);
    }
}
