package dev.taxon.optim;

import static dev.taxon.UserError.require;

import dev.taxon.UserError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a learning rate or a momentum changes from its base value over a run. Progress is counted in epochs or
 * iterations. Source: the LrUpdaterHooks and MomentumUpdaterHooks of mmcv 1.7, and mmcls's cool-down.
 */
public sealed interface Policy {
    /** The base value. */
    record Fixed() implements Policy {}

    /**
     * base · gammaᵏ, k the number of milestones passed, or progress / interval; at least {@code min}.
     *
     * @param every the one milestone is an interval
     */
    record Step(
            List<Integer> milestones,
            boolean every,
            double gamma,
            @Nullable Double min) implements Policy {
        public Step {
            milestones = List.copyOf(milestones);
        }
    }

    /** base · gamma^progress. */
    record Exp(double gamma) implements Policy {}

    /** (base − min) · (1 − fraction)^power + min. */
    record Poly(double power, double min) implements Policy {}

    /** base · (1 + gamma · progress)^−power. */
    record Inv(double gamma, double power) implements Policy {}

    /** From base to the target over the whole run, by half a cosine or a line. */
    record Anneal(Annealing by, Target target) implements Policy {}

    /** base for the first {@code startPercent} of the run, then half a cosine. */
    record FlatCosine(double startPercent, Target target) implements Policy {
        public FlatCosine {
            require(
                    startPercent >= 0 && startPercent <= 1,
                    "start_percent must be between 0 and 1, got %s",
                    startPercent);
        }
    }

    /** Half a cosine in each period, the start of each weighted. */
    record CosineRestart(List<Integer> periods, List<Double> weights, Target target) implements Policy {
        public CosineRestart {
            periods = List.copyOf(periods);
            weights = List.copyOf(weights);
            require(
                    periods.size() == weights.size(),
                    "periods and restart_weights must have the same length, got %d and %d",
                    periods.size(),
                    weights.size());
        }
    }

    /** Half a cosine until {@code time} before the end, then target · ratio. */
    record Cooldown(Target target, double ratio, int time) implements Policy {}

    /**
     * Up to base · up and down to base · down, {@code times} times; the swings shrink by gamma a cycle. By iteration.
     *
     * @param stepUp fraction of a cycle that goes up
     */
    record Cyclic(double up, double down, int times, double stepUp, Annealing by, double gamma) implements Policy {
        public Cyclic {
            require(times > 0, "cyclic_times must be positive, got %d", times);
            require(stepUp >= 0 && stepUp < 1, "step_ratio_up must be in [0, 1), got %s", stepUp);
            require(gamma > 0 && gamma <= 1, "gamma must be in (0, 1], got %s", gamma);
        }
    }

    /**
     * From base up to base · divFactor and down to base / finalDivFactor, where base is maxLr / divFactor whatever the
     * optimizer's rate is. By iteration.
     *
     * @param totalSteps null: the run's iterations
     */
    record OneCycle(
            double maxLr,
            @Nullable Long totalSteps,
            double pctStart,
            Annealing by,
            double divFactor,
            double finalDivFactor,
            boolean threePhase)
            implements Policy {
        public OneCycle {
            require(pctStart >= 0 && pctStart <= 1, "pct_start must be between 0 and 1, got %s", pctStart);
        }
    }

    /** From {@code max} down to {@code base} and up again, against the learning rate's cycle. By iteration. */
    record OneCycleMomentum(double base, double max, double pctStart, Annealing by, boolean threePhase)
            implements Policy {
        public OneCycleMomentum {
            require(pctStart >= 0 && pctStart <= 1, "pct_start must be between 0 and 1, got %s", pctStart);
        }
    }

    /** The value that a policy goes to: itself, or relative to the base. */
    record Target(double value, boolean relative) {
        double of(double base) {
            return relative ? base * value : value;
        }
    }

    /** As configs name it. */
    default String name() {
        return switch (this) {
            case Fixed p -> "Fixed";
            case Step p -> "Step";
            case Exp p -> "Exp";
            case Poly p -> "Poly";
            case Inv p -> "Inv";
            case Anneal p -> p.by == Annealing.COS ? "CosineAnnealing" : "LinearAnnealing";
            case FlatCosine p -> "FlatCosineAnnealing";
            case CosineRestart p -> "CosineRestart";
            case Cooldown p -> "CosineAnnealingCooldown";
            case Cyclic p -> "Cyclic";
            case OneCycle p -> "OneCycle";
            case OneCycleMomentum p -> "OneCycle";
        };
    }

    /** The value of a moment, without warm-up. */
    default double value(double base, Moment now, boolean byEpoch) {
        long progress = now.progress(byEpoch);
        double end = now.end(byEpoch);
        return switch (this) {
            case Fixed p -> base;
            case Step p -> step(p, base, progress);
            case Exp p -> base * Math.pow(p.gamma, progress);
            case Poly p -> (base - p.min) * Math.pow(1 - progress / end, p.power) + p.min;
            case Inv p -> base * Math.pow(1 + p.gamma * progress, -p.power);
            case Anneal p -> p.by.at(base, p.target.of(base), progress / end);
            case FlatCosine p -> {
                double start = Math.rint(end * p.startPercent);
                yield progress < start
                        ? base
                        : Annealing.COS.at(base, p.target.of(base), (progress - start) / (end - start));
            }
            case CosineRestart p -> restart(p, base, progress);
            case Cooldown p ->
                progress > end - p.time
                        ? p.target.of(base) * p.ratio
                        : Annealing.COS.at(base, p.target.of(base), progress / (end - p.time));
            case Cyclic p -> Cycles.cyclic(p, base, now);
            case OneCycle p -> Cycles.oneCycle(p, now);
            case OneCycleMomentum p -> Cycles.oneCycle(p, now);
        };
    }

    private static double step(Step p, double base, long progress) {
        long exponent = progress / p.milestones.getFirst();
        if (!p.every) {
            exponent = 0;
            while (exponent < p.milestones.size() && progress >= p.milestones.get((int) exponent)) {
                exponent++;
            }
        }
        double value = base * Math.pow(p.gamma, exponent);
        return p.min == null ? value : Math.max(value, p.min);
    }

    private static double restart(CosineRestart p, double base, long progress) {
        long start = 0;
        for (int i = 0; i < p.periods.size(); i++) {
            int period = p.periods.get(i);
            if (progress < start + period) {
                double fraction = (double) (progress - start) / period;
                return Annealing.cos(base, p.target.of(base), fraction, p.weights.get(i));
            }
            start += period;
        }
        throw UserError.of("lr_config.periods sum to %d, and the run goes on after that; add a period", start);
    }
}
