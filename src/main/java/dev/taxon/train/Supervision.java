package dev.taxon.train;

import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * How a program follows a run, and stops it.
 *
 * @param hooks called around the run's iterations, besides those that its config names
 * @param cancelled asked before each iteration; true ends the run there
 */
public record Supervision(List<Hook> hooks, BooleanSupplier cancelled) {
    public static final Supervision NONE = new Supervision(List.of(), () -> false);

    public Supervision {
        hooks = List.copyOf(hooks);
    }
}
