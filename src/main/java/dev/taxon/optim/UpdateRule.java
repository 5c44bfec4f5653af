package dev.taxon.optim;

/**
 * The arithmetic of one optimizer step for one parameter range; devices switch over it. All values are final for the
 * step, and all arithmetic is float32 in the order of PyTorch's CPU kernels. In the formulas w is the value, g the
 * gradient, and s₀, s₁, s₂ are the optimizer's slots; except in Lamb, g ← g + weightDecay·w comes first.
 */
public sealed interface UpdateRule {
    /**
     * d = g + weightDecay·w; s₀ = first ? d : momentum·s₀ + (1 − dampening)·d; d = nesterov ? d + momentum·s₀ : s₀
     * (d itself when momentum is 0); w = w − lr·d.
     *
     * @param first the momentum buffer does not exist yet
     */
    record Sgd(float lr, float momentum, float dampening, float weightDecay, boolean nesterov, boolean first)
            implements UpdateRule {}

    /**
     * w ← shrink·w; m = s₀, v = s₁ as {@link Moments} say; with amsgrad v ← s₂ = max(s₂, v);
     * w ← w − stepSize·m / (√v / rootCorrection2 + eps).
     */
    record Adam(
            Moments moments,
            float shrink,
            float weightDecay,
            float rootCorrection2,
            float eps,
            float stepSize,
            boolean amsgrad)
            implements UpdateRule {}

    /**
     * s₀ ← alpha·s₀ + rest·g²; a = s₀, or with {@code centered}, in the last slot, h ← h + rest·(g − h) and a = s₀ − h²;
     * step = g / (√a + eps); with {@code buffered} step = s₁ ← momentum·s₁ + step; w ← w − lr·step.
     */
    record RmsProp(
            float lr,
            float alpha,
            float rest,
            float eps,
            float weightDecay,
            boolean buffered,
            float momentum,
            boolean centered)
            implements UpdateRule {}

    /**
     * s₀ ← s₀ + g²; w ← w − lr·g / (√s₀ + eps).
     *
     * @param first s₀ is {@code initial} before
     */
    record Adagrad(float lr, float eps, float weightDecay, boolean first, float initial) implements UpdateRule {}

    /** s₀ ← rho·s₀ + rest·g²; d = √(s₁ + eps) / √(s₀ + eps) · g; s₁ ← rho·s₁ + rest·d²; w ← w − lr·d. */
    record Adadelta(float lr, float rho, float rest, float eps, float weightDecay) implements UpdateRule {}

    /** m = s₀ as {@link Moments} say; s₁ ← max(beta2·s₁, |g| + eps); w ← w − stepSize·m / s₁. */
    record Adamax(Moments moments, float stepSize, float eps, float weightDecay) implements UpdateRule {}

    /**
     * m = s₀, v = s₁ as {@link Moments} say; d = √(v / correction2) + eps; w ← w + gradientFactor·g / d + meanFactor·m / d.
     */
    record NAdam(
            Moments moments, float correction2, float eps, float gradientFactor, float meanFactor, float weightDecay)
            implements UpdateRule {}

    /**
     * m = s₀, v = s₁ as {@link Moments} say; d = m / correction1 · lr; rectified d ← d · rootCorrection2 / (√v + eps) ·
     * rectifier; w ← w − d.
     */
    record RAdam(
            Moments moments,
            float lr,
            float correction1,
            boolean rectified,
            float rootCorrection2,
            float rectifier,
            float eps,
            float weightDecay)
            implements UpdateRule {}

    /** w ← shrink·w − eta·g; s₀ ← mu is 1 ? w : s₀ + mu·(w − s₀). */
    record Asgd(float shrink, float eta, float mu, float weightDecay) implements UpdateRule {}

    /**
     * For one whole parameter: g ← g / clip; s₀ ← beta1·s₀ + rise·g; s₁ ← beta2·s₁ + rest2·g²;
     * d = s₀ / correction1 / (√s₁ / rootCorrection2 + eps) + weightDecay·w; with {@code adapt} d ← d · ‖w‖ / ‖d‖ where both are
     * positive, a ratio of at most 1 with {@code trustClip}; w ← w − lr·d. Leaves d in the gradient's place.
     */
    record Lamb(
            float lr,
            float clip,
            float beta1,
            float rise,
            float beta2,
            float rest2,
            float correction1,
            float rootCorrection2,
            float eps,
            float weightDecay,
            boolean adapt,
            boolean trustClip)
            implements UpdateRule {}
}
