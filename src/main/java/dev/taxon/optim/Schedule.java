package dev.taxon.optim;

import dev.taxon.config.Fields;
import org.jspecify.annotations.Nullable;

/**
 * The config keys {@code lr_config} and {@code momentum_config}: a learning rate, or a momentum, as a function of epoch
 * and iteration. Source: mmcv's LrUpdaterHook and MomentumUpdaterHook.
 *
 * @param policy the regular value, without warm-up
 * @param byEpoch progress counts epochs; else iterations
 */
public record Schedule(
        Quantity quantity,
        Policy policy,
        boolean byEpoch,
        @Nullable Warmup warmup) {

    /** What a schedule drives. */
    public enum Quantity {
        LR,
        /** SGD's and RMSprop's momentum, or the first of Adam's betas. */
        MOMENTUM
    }

    /** Reads {@code lr_config}; null is a fixed rate. */
    public static Schedule read(@Nullable Fields f) {
        return read(f, true);
    }

    /**
     * Reads {@code lr_config}; null is a fixed rate.
     *
     * @param epochs whether the run has epochs that a schedule can count; else it counts iterations
     */
    public static Schedule read(@Nullable Fields f, boolean epochs) {
        return f == null
                ? new Schedule(Quantity.LR, new Policy.Fixed(), epochs, null)
                : PolicyReader.read(f, Quantity.LR, epochs);
    }

    /** Reads {@code momentum_config}; null leaves the optimizer's momentum alone. */
    public static @Nullable Schedule readMomentum(@Nullable Fields f, boolean epochs) {
        return f == null ? null : PolicyReader.read(f, Quantity.MOMENTUM, epochs);
    }

    /** mmcv's name of the hook that does this: {@code StepLrUpdaterHook}, {@code CyclicMomentumUpdaterHook}. */
    public String hookName() {
        return policy.name() + (quantity == Quantity.LR ? "Lr" : "Momentum") + "UpdaterHook";
    }

    /** What a param_group's own value becomes before the first step: OneCycle brings its own. */
    public double base(double own) {
        return switch (policy) {
            case Policy.OneCycle p -> p.maxLr() / p.divFactor();
            default -> own;
        };
    }

    /**
     * The value of a step.
     *
     * @param base the param_group's initial value
     * @throws dev.taxon.UserError if the schedule is shorter than the run
     */
    public double value(double base, Moment now) {
        double regular = policy.value(base, now, byEpoch);
        double factor = warmup == null ? 1 : warmup.factor(now);
        return quantity == Quantity.LR ? regular * factor : regular / factor;
    }
}
