package dev.taxon.optim;

/** The arithmetic of one optimizer step for one parameter range; devices switch over it. All values are final for the step. */
public sealed interface UpdateRule {
    /**
     * PyTorch's SGD: d = g + weightDecay·w; buf = first ? d : momentum·buf + (1 − dampening)·d;
     * d = nesterov ? d + momentum·buf : buf (d itself when momentum is 0); w = w − lr·d, in float32 in this order.
     *
     * @param first the momentum buffer does not exist yet
     */
    record Sgd(float lr, float momentum, float dampening, float weightDecay, boolean nesterov, boolean first)
            implements UpdateRule {}
}
