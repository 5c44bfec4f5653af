package dev.taxon.train;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is logged of an iteration: accuracies, and behind them the loss. On a GPU they are still under way when the step has been
 * started; asking for them waits, so the run asks for those of the iteration before.
 */
final class StepValues {
    private @Nullable Supplier<double[]> source; // null, with the logits that it holds, once it is asked
    private double @Nullable [] known;

    StepValues(Supplier<double[]> source) {
        this.source = source;
    }

    static StepValues of(double... values) {
        return new StepValues(() -> values);
    }

    /** All of them; not to be written. */
    double[] all() {
        Supplier<double[]> asked = source;
        if (asked != null) {
            known = asked.get();
            source = null;
        }
        return Objects.requireNonNull(known);
    }

    double get(int place) {
        return all()[place];
    }

    double loss() {
        double[] values = all();
        return values[values.length - 1];
    }
}
