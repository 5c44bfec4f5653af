package dev.taxon.train;

/** What happens around the iterations of a run. Hooks of equal priority run in the order in which they were added. */
public interface Hook {
    /** mmcv's priorities: a lower value runs earlier. */
    enum Priority {
        VERY_HIGH,
        HIGH,
        ABOVE_NORMAL,
        NORMAL,
        LOW,
        VERY_LOW
    }

    Priority priority();

    default void beforeRun(Runner runner) {}

    default void beforeEpoch(Runner runner) {}

    default void beforeIter(Runner runner) {}

    default void afterIter(Runner runner) {}

    default void afterEpoch(Runner runner) {}

    default void afterRun(Runner runner) {}
}
