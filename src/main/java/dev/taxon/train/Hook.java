package dev.taxon.train;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.config.Value;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What happens around the iterations of a run. Hooks of equal priority run in the order in which they were added. */
public interface Hook {
    /** mmcv's priorities: a lower value runs earlier. */
    enum Priority {
        HIGHEST(0),
        VERY_HIGH(10),
        HIGH(30),
        ABOVE_NORMAL(40),
        NORMAL(50),
        BELOW_NORMAL(60),
        LOW(70),
        VERY_LOW(90),
        LOWEST(100);

        private final int number;

        Priority(int number) {
            this.number = number;
        }

        /** Reads the key {@code priority} of a hook: a name, or mmcv's number for it. */
        public static Priority read(Fields f, Priority otherwise) {
            Value value = f.value("priority");
            return switch (value) {
                case null -> otherwise;
                case Value.Text t ->
                    find(p -> p.name().equals(t.value().toUpperCase(Locale.ROOT)))
                            .orElseThrow(() -> unknown(f, "'" + t.value() + "'"));
                case Value.Int i ->
                    find(p -> p.number == i.value()).orElseThrow(() -> unknown(f, Long.toString(i.value())));
                default -> throw unknown(f, value.kind());
            };
        }

        private static Optional<Priority> find(Predicate<Priority> wanted) {
            return Arrays.stream(values()).filter(wanted).findFirst();
        }

        private static UserError unknown(Fields f, String given) {
            String known =
                    Arrays.stream(values()).map(p -> p.name() + " " + p.number).collect(Collectors.joining(", "));
            return f.error("priority", "must be one of %s; got %s".formatted(known, given));
        }
    }

    Priority priority();

    default void beforeRun(Runner runner) {}

    default void beforeEpoch(Runner runner) {}

    default void beforeIter(Runner runner) {}

    default void afterIter(Runner runner) {}

    default void afterEpoch(Runner runner) {}

    default void afterRun(Runner runner) {}
}
