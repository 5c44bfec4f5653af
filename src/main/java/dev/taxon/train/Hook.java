package dev.taxon.train;

import dev.taxon.checkpoint.Checkpoint;
import dev.taxon.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.Set;

/**
 * What happens around the iterations of a run; also how a program follows one. All calls come from the thread that trains, so a
 * slow hook slows the run. Hooks of equal priority run in the order in which they were added. Source: mmcv's Hook.
 */
public interface Hook {
    default Priority priority() {
        return Priority.NORMAL;
    }

    /** The config's {@code type}: how the log and checkpoints name the hook. */
    default String name() {
        return "Hook";
    }

    /** Where it does something, for the list at the start of the log; a hook without any is not listed. */
    default Set<Stage> stages() {
        return Set.of();
    }

    default void beforeRun(Runner runner) {}

    /** Of training and of validation; a runner by iterations calls it once, when the run starts. */
    default void beforeEpoch(Runner runner) {}

    default void beforeIter(Runner runner) {}

    default void afterIter(Runner runner) {}

    default void afterEpoch(Runner runner) {}

    default void beforeTrainEpoch(Runner runner) {
        beforeEpoch(runner);
    }

    default void beforeTrainIter(Runner runner) {
        beforeIter(runner);
    }

    /** Behind an iteration: {@link Runner#loss} and {@link Runner#lr} are its. */
    default void afterTrainIter(Runner runner) {
        afterIter(runner);
    }

    /**
     * Behind an evaluation on the validation set.
     *
     * @param metrics by name, such as {@code accuracy_top-1}, in percent: a Double each, or a list of them, one a class
     */
    default void evaluated(Runner runner, Map<String, Object> metrics) {}

    default void afterTrainEpoch(Runner runner) {
        afterEpoch(runner);
    }

    default void beforeValEpoch(Runner runner) {
        beforeEpoch(runner);
    }

    default void beforeValIter(Runner runner) {
        beforeIter(runner);
    }

    default void afterValIter(Runner runner) {
        afterIter(runner);
    }

    default void afterValEpoch(Runner runner) {
        afterEpoch(runner);
    }

    /** Also behind a run that was cancelled or stopped early, but not behind one that failed. */
    default void afterRun(Runner runner) {}

    /**
     * What a checkpoint keeps of the hook, as plain values: numbers, strings, lists, dicts, None. An empty map keeps nothing.
     */
    default Map<String, Object> state() {
        return Map.of();
    }

    /**
     * Tensors of the hook's for a checkpoint's {@code state_dict}, by name.
     *
     * @param arena where copies live
     */
    default Map<String, Tensor> tensors(Runner runner, Arena arena) {
        return Map.of();
    }

    /**
     * Goes on from a checkpoint, before the run. Its weights are loaded already.
     *
     * @param state what {@link #state} gave; empty if the checkpoint has none
     */
    default void restore(Runner runner, Map<?, ?> state, Checkpoint checkpoint) {}
}
