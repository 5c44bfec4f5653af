package dev.taxon.train;

import static java.util.Map.entry;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.config.Value;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** When a {@link Hook} runs among others, as in mmcv: from 0, the first, to 100, the last. */
public record Priority(int value) implements Comparable<Priority> {
    public static final Priority HIGHEST = new Priority(0);
    public static final Priority VERY_HIGH = new Priority(10);
    public static final Priority HIGH = new Priority(30);
    public static final Priority ABOVE_NORMAL = new Priority(40);
    public static final Priority NORMAL = new Priority(50);
    public static final Priority BELOW_NORMAL = new Priority(60);
    public static final Priority LOW = new Priority(70);
    public static final Priority VERY_LOW = new Priority(90);
    public static final Priority LOWEST = new Priority(100);

    private static final int LIMIT = 100;
    private static final Map<String, Priority> NAMED = Map.ofEntries(
            entry("HIGHEST", HIGHEST),
            entry("VERY_HIGH", VERY_HIGH),
            entry("HIGH", HIGH),
            entry("ABOVE_NORMAL", ABOVE_NORMAL),
            entry("NORMAL", NORMAL),
            entry("BELOW_NORMAL", BELOW_NORMAL),
            entry("LOW", LOW),
            entry("VERY_LOW", VERY_LOW),
            entry("LOWEST", LOWEST));

    public Priority {
        UserError.require(value >= 0 && value <= LIMIT, "a hook's priority must be from 0 to %d, got %d", LIMIT, value);
    }

    /** Reads the key {@code priority} of a hook: a name, or a number from 0 to 100. */
    public static Priority read(Fields f, Priority otherwise) {
        Value value = f.value("priority");
        return switch (value) {
            case null -> otherwise;
            case Value.Text t -> {
                Priority named = NAMED.get(t.value().toUpperCase(Locale.ROOT));
                if (named == null) {
                    throw unknown(f, "'" + t.value() + "'");
                }
                yield named;
            }
            case Value.Int i when i.value() >= 0 && i.value() <= LIMIT -> new Priority((int) i.value());
            case Value.Int i -> throw unknown(f, Long.toString(i.value()));
            default -> throw unknown(f, value.kind());
        };
    }

    private static UserError unknown(Fields f, String given) {
        String known = NAMED.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(e -> e.getKey() + " " + e.getValue().value)
                .collect(Collectors.joining(", "));
        return f.error("priority", "must be a number from 0 to %d or one of %s; got %s".formatted(LIMIT, known, given));
    }

    /** mmcv's name of it, or its number. */
    @Override
    public String toString() {
        return NAMED.entrySet().stream()
                .filter(e -> e.getValue().value == value)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(Integer.toString(value));
    }

    @Override
    public int compareTo(Priority other) {
        return Integer.compare(value, other.value);
    }
}
