package dev.taxon.config.python;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Numbers as {@code int(text)} and {@code float(text)} of Python read them: wider than literals. */
public final class Words {
    private Words() {}

    /** {@code 12}, {@code -3}, {@code 1_000}; empty when it is no int, or none of 64 bits. */
    public static OptionalLong integer(String text) {
        String digits = text.strip();
        if (!digits.matches("[+-]?[0-9][0-9_]*") || digits.endsWith("_") || digits.contains("__")) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(digits.replace("_", "")));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** {@code 1.5}, {@code 1e-3}, {@code .5}, {@code inf}, {@code nan}; empty when it is no number. */
    public static Optional<Double> real(String text) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        boolean negative = word.startsWith("-");
        String rest = negative || word.startsWith("+") ? word.substring(1) : word;
        return switch (rest) {
            case "inf", "infinity" -> Optional.of(negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
            case "nan" -> Optional.of(Double.NaN);
            default -> {
                if (!rest.matches("([0-9][0-9_]*\\.?[0-9_]*|\\.[0-9][0-9_]*)(e[+-]?[0-9]+)?")
                        || rest.contains("__")
                        || rest.contains("_.")
                        || rest.contains("._")
                        || rest.contains("_e")
                        || rest.endsWith("_")) {
                    yield Optional.empty();
                }
                yield Optional.of(Double.parseDouble(word.replace("_", "")));
            }
        };
    }
}
