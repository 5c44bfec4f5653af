package dev.taxon.device;

/**
 * The factor of the loss's gradient in half precision, and the rule by which it changes. Source: torch.amp.GradScaler.
 *
 * @param scale the factor of the next step, float32 as in PyTorch
 * @param growthFactor what it is multiplied by behind {@code growthInterval} steps without overflow
 * @param backoffFactor what it is multiplied by when a step overflows
 * @param growthTracker steps without overflow since it last changed
 * @param dynamic false: it stays as it is; steps that overflow are skipped all the same
 */
public record LossScale(
        float scale,
        double growthFactor,
        double backoffFactor,
        int growthInterval,
        int growthTracker,
        boolean dynamic) {
    /** What GradScaler starts with. */
    public static final LossScale DYNAMIC = new LossScale(65536, 2, 0.5, 2000, 0, true);

    /** A scale that stays. */
    public static LossScale fixed(float scale) {
        return new LossScale(scale, DYNAMIC.growthFactor, DYNAMIC.backoffFactor, DYNAMIC.growthInterval, 0, false);
    }

    /** The same rule at another scale and count. */
    public LossScale at(float newScale, int newTracker) {
        return new LossScale(newScale, growthFactor, backoffFactor, growthInterval, newTracker, dynamic);
    }

    /**
     * What a step leaves.
     *
     * @param overflow whether any gradient was infinite or NaN
     */
    public LossScale after(boolean overflow) {
        if (!dynamic) {
            return this;
        }
        if (overflow) {
            return at((float) (scale * backoffFactor), 0);
        }
        if (growthTracker + 1 < growthInterval) {
            return at(scale, growthTracker + 1);
        }
        float grown = (float) (scale * growthFactor);
        return at(Float.isFinite(grown) ? grown : scale, 0);
    }
}
