package dev.taxon.config.python;

import dev.taxon.UserError;
import dev.taxon.config.Position;
import dev.taxon.config.Value;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Pattern;

/** Number literals, and floats printed as Python's {@code repr}. */
public final class Numbers {
    private static final Pattern DECIMAL = Pattern.compile("[0-9]+");
    private static final Pattern ZEROS = Pattern.compile("0+");
    private static final Pattern HEX = Pattern.compile("[0-9a-f]+");
    private static final Pattern FLOAT = Pattern.compile("([0-9]+\\.?[0-9]*|\\.[0-9]+)(e[+-]?[0-9]+)?");
    private static final int LONGEST = 400;

    private Numbers() {}

    /** An int (decimal, 0x, 0o, 0b, with underscores) or a float literal. */
    static Value parse(String literal, Position at) {
        boolean underscores = literal.startsWith("_") || literal.endsWith("_") || literal.contains("__");
        UserError.require(
                literal.length() <= LONGEST && !underscores && !literal.contains("_.") && !literal.contains("._"),
                "%s: '%s' is not a number",
                at,
                shortened(literal));
        String digits = literal.replace("_", "").toLowerCase(Locale.ROOT);
        if (digits.startsWith("0x")) {
            return new Value.Int(integer(literal, digits.substring(2), 16, at), at);
        }
        if (digits.startsWith("0o")) {
            return new Value.Int(integer(literal, digits.substring(2), 8, at), at);
        }
        if (digits.startsWith("0b")) {
            return new Value.Int(integer(literal, digits.substring(2), 2, at), at);
        }
        if (DECIMAL.matcher(digits).matches()) {
            UserError.require(
                    !digits.startsWith("0") || ZEROS.matcher(digits).matches(),
                    "%s: '%s': an int does not begin with 0; octal is written 0o17",
                    at,
                    shortened(literal));
            return new Value.Int(integer(literal, digits, 10, at), at);
        }
        UserError.require(FLOAT.matcher(digits).matches(), "%s: '%s' is not a number", at, shortened(literal));
        return new Value.Real(Double.parseDouble(digits), at);
    }

    private static long integer(String literal, String digits, int radix, Position at) {
        UserError.require(HEX.matcher(digits).matches(), "%s: '%s' is not a number", at, shortened(literal));
        try {
            return Long.parseLong(digits, radix);
        } catch (NumberFormatException e) {
            throw new UserError(
                    at + ": '" + shortened(literal) + "' is not an int of base " + radix + " in 64 bits", e);
        }
    }

    private static String shortened(String literal) {
        return literal.length() <= 40 ? literal : literal.substring(0, 40) + "…";
    }

    /**
     * Python's {@code repr}: the shortest text that reads back as {@code value}, with an exponent below 1e-4 and from 1e16 on;
     * {@code inf}, {@code nan}.
     */
    public static String text(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        return finite(value);
    }

    private static String finite(double value) {
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal shortest = new BigDecimal(Double.toString(Math.abs(value))).stripTrailingZeros();
        String digits = shortest.unscaledValue().toString();
        int exponent = digits.length() - 1 - shortest.scale();
        String sign = value < 0 ? "-" : "";
        if (exponent < -4 || exponent >= 16) {
            String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
            return String.format(
                    Locale.ROOT,
                    "%s%s%se%s%02d",
                    sign,
                    digits.charAt(0),
                    fraction,
                    exponent < 0 ? "-" : "+",
                    Math.abs(exponent));
        }
        String plain = shortest.toPlainString();
        return sign + plain + (plain.contains(".") ? "" : ".0");
    }
}
