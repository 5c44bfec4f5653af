package dev.taxon.config.python;

import dev.taxon.UserError;
import dev.taxon.config.Position;

/** What one file may cost: a config that loops or grows without end is refused, not waited for. */
final class Budget {
    private static final long STEPS = 1_000_000;
    private static final long CELLS = 2_000_000;

    private long steps;
    private long cells;

    void step(Position at) {
        UserError.require(++steps <= STEPS, "%s: this config takes more than %d steps to read", at, STEPS);
    }

    /** Counts items of lists and characters of strings that come into being. */
    void grow(long count, Position at) {
        UserError.require(
                count <= CELLS - cells, "%s: this config makes more than %d list items and characters", at, CELLS);
        cells += count;
    }
}
