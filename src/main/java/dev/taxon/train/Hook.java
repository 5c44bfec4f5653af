package dev.taxon.train;

import java.util.Map;

/**
 * What happens around the iterations of a run; also how a program follows one. All calls come from the thread that trains, so a
 * slow hook slows the run. Hooks of equal priority run in the order in which they were added.
 */
public interface Hook {
    default Priority priority() {
        return Priority.NORMAL;
    }

    default void beforeRun(Runner runner) {}

    default void beforeTrainEpoch(Runner runner) {}

    default void beforeTrainIter(Runner runner) {}

    /** Behind an iteration: {@link Runner#loss} and {@link Runner#lr} are its. */
    default void afterTrainIter(Runner runner) {}

    /**
     * Behind an evaluation on the validation set.
     *
     * @param metrics by name, such as {@code accuracy_top-1}, in percent: a Double each, or a list of them, one a class
     */
    default void evaluated(Runner runner, Map<String, Object> metrics) {}

    default void afterTrainEpoch(Runner runner) {}

    /** Also behind a run that was cancelled, but not behind one that failed. */
    default void afterRun(Runner runner) {}
}
