package dev.taxon.optim;

import static dev.taxon.UserError.require;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.config.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The config key {@code lr_config}: the learning rate as a function of epoch and iteration. Source: mmcv's LrUpdaterHook.
 *
 * @param policy the regular rate, without warm-up
 * @param byEpoch progress counts epochs; else iterations
 */
public record Schedule(
        Policy policy, boolean byEpoch, @Nullable Warmup warmup) {

    /** How the regular learning rate changes. */
    public sealed interface Policy {
        record Fixed() implements Policy {}

        /** base · gammaᵏ, k the number of milestones passed (or progress / interval); at least {@code minLr}. */
        record Step(
                List<Integer> milestones,
                boolean every,
                double gamma,
                @Nullable Double minLr) implements Policy {}
    }

    /** The first iterations: constant, linear or exp, from {@code ratio} times the regular rate. */
    public record Warmup(String kind, int iters, boolean byEpoch, double ratio) {}

    /** Reads the key {@code lr_config}; null is a fixed rate. */
    public static Schedule read(@Nullable Fields f) {
        if (f == null) {
            return new Schedule(new Policy.Fixed(), true, null);
        }
        String name = f.text("policy");
        Policy policy = switch (name) {
            case "fixed", "Fixed" -> new Policy.Fixed();
            case "step", "Step" -> {
                boolean every = f.value("step") instanceof Value.Int;
                List<Integer> steps = f.integers("step", List.of());
                require(!steps.isEmpty() && steps.stream().allMatch(s -> s > 0), "%s.step must be positive", f.path());
                Double minLr = f.has("min_lr") ? (Double) f.real("min_lr") : null;
                yield new Policy.Step(steps, every, f.real("gamma", 0.1), minLr);
            }
            default ->
                throw UserError.of(
                        "%s: lr_config.policy '%s' is not supported; known are fixed, step",
                        f.dict().at(), name);
        };
        boolean byEpoch = f.bool("by_epoch", true);
        Schedule schedule = new Schedule(policy, byEpoch, warmup(f));
        f.done();
        return schedule;
    }

    private static @Nullable Warmup warmup(Fields f) {
        String kind = f.textOrNull("warmup");
        int iters = f.integer("warmup_iters", 0);
        double ratio = f.real("warmup_ratio", 0.1);
        boolean byEpoch = f.bool("warmup_by_epoch", false);
        if (kind == null) {
            return null;
        }
        require(
                kind.equals("constant") || kind.equals("linear") || kind.equals("exp"),
                "%s.warmup must be 'constant', 'linear' or 'exp', got '%s'",
                f.path(),
                kind);
        require(iters > 0, "%s.warmup_iters must be positive, got %d", f.path(), iters);
        require(ratio > 0 && ratio <= 1, "%s.warmup_ratio must be in (0, 1], got %s", f.path(), ratio);
        return new Warmup(kind, iters, byEpoch, ratio);
    }

    /**
     * The rate of a step.
     *
     * @param base the optimizer's rate
     * @param epoch epochs done, 0 in the first
     * @param iter iterations done since the start of training
     * @param itersPerEpoch for warm-up counted in epochs
     */
    public double lr(double base, int epoch, long iter, int itersPerEpoch) {
        double regular = regular(base, byEpoch ? epoch : iter);
        if (warmup == null) {
            return regular;
        }
        long iters = warmup.byEpoch ? (long) warmup.iters * itersPerEpoch : warmup.iters;
        if (iter >= iters) {
            return regular;
        }
        double done = (double) iter / iters;
        return switch (warmup.kind) {
            case "constant" -> regular * warmup.ratio;
            case "linear" -> regular * (1 - (1 - done) * (1 - warmup.ratio));
            default -> regular * Math.pow(warmup.ratio, 1 - done);
        };
    }

    private double regular(double base, long progress) {
        return switch (policy) {
            case Policy.Fixed p -> base;
            case Policy.Step p -> {
                long exponent = p.every
                        ? progress / p.milestones.getFirst()
                        : p.milestones.stream().filter(m -> m <= progress).count();
                double lr = base * Math.pow(p.gamma, exponent);
                yield p.minLr == null ? lr : Math.max(lr, p.minLr);
            }
        };
    }
}
