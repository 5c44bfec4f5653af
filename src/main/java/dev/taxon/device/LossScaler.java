package dev.taxon.device;

/**
 * Scales losses on a device, as torch.amp.GradScaler does, without the host waiting in a step: programs multiply the gradient
 * of their loss, {@link #unscale} divides gradients again, {@link Weights#update} changes nothing if one of them is infinite
 * or NaN, and {@link #finish} sets the scale of the next step.
 */
public interface LossScaler {
    /** Goes on from there. */
    void set(LossScale scale);

    /** Divides the gradients by the scale, and notes whether any is infinite or NaN: behind the backward pass, before clipping. */
    void unscale();

    /** Ends a step, behind {@link Weights#update}. */
    void finish();

    /** What came of the last step; waits for it. */
    Outcome outcome();

    /**
     * What came of a step.
     *
     * @param skipped whether the step changed nothing
     * @param next the scale behind it
     */
    record Outcome(boolean skipped, LossScale next) {}
}
