package dev.taxon.optim;

import dev.taxon.UserError;
import dev.taxon.config.Fields;
import dev.taxon.config.Nearest;
import dev.taxon.config.Value;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads {@code lr_config} and {@code momentum_config}; every key is checked. Names and defaults are mmcv 1.7's. */
final class PolicyReader {
    private static final List<String> LR_POLICIES = List.of(
            "Fixed",
            "Step",
            "Exp",
            "Poly",
            "Inv",
            "CosineAnnealing",
            "FlatCosineAnnealing",
            "CosineRestart",
            "Cyclic",
            "OneCycle",
            "LinearAnnealing",
            "CosineAnnealingCooldown");
    private static final List<String> MOMENTUM_POLICIES =
            List.of("Step", "CosineAnnealing", "Cyclic", "OneCycle", "LinearAnnealing");

    private final Fields f;
    private final boolean lr;

    private PolicyReader(Fields f, boolean lr) {
        this.f = f;
        this.lr = lr;
    }

    static Schedule read(Fields f, Schedule.Quantity quantity, boolean epochs) {
        boolean lr = quantity == Schedule.Quantity.LR;
        PolicyReader reader = new PolicyReader(f, lr);
        String name = reader.name();
        Policy policy = reader.located(name);
        boolean iterationsOnly = policy instanceof Policy.Cyclic
                || policy instanceof Policy.OneCycle
                || policy instanceof Policy.OneCycleMomentum;
        boolean byEpoch = f.bool("by_epoch", epochs && !iterationsOnly);
        if (iterationsOnly && byEpoch) {
            throw f.error("by_epoch", "must be False: the policy " + name + " goes by iterations");
        }
        if (byEpoch && !epochs) {
            throw f.error("by_epoch", "must be False with IterBasedRunner, which has no epochs; leave it out");
        }
        Warmup warmup = Warmup.read(f, lr ? 0.1 : 0.9, lr);
        f.done();
        return new Schedule(quantity, policy, byEpoch, warmup);
    }

    /** As mmcv: a name in small letters is capitalized, another one is taken as it is. */
    private String name() {
        String given = f.text("policy");
        boolean small = given.equals(given.toLowerCase(Locale.ROOT)) && !given.isEmpty();
        String name = small ? given.substring(0, 1).toUpperCase(Locale.ROOT) + given.substring(1) : given;
        List<String> known = lr ? LR_POLICIES : MOMENTUM_POLICIES;
        if (!known.contains(name)) {
            throw f.error("policy", "'%s' is not supported; %s".formatted(given, Nearest.suggestion(given, known)));
        }
        return name;
    }

    /** Reads the policy; what its record refuses gets the place of the dict. */
    private Policy located(String name) {
        try {
            return policy(name);
        } catch (UserError e) {
            String message = String.valueOf(e.getMessage());
            throw message.contains(f.path())
                    ? e
                    : UserError.of("%s: %s.%s", f.dict().at(), f.path(), message);
        }
    }

    private Policy policy(String name) {
        return switch (name) {
            case "Fixed" -> new Policy.Fixed();
            case "Step" -> step();
            case "Exp" -> new Policy.Exp(f.real("gamma"));
            case "Poly" -> new Policy.Poly(f.real("power", 1), f.real("min_lr", 0));
            case "Inv" -> new Policy.Inv(f.real("gamma"), f.real("power", 1));
            case "CosineAnnealing" -> new Policy.Anneal(Annealing.COS, target());
            case "LinearAnnealing" -> new Policy.Anneal(Annealing.LINEAR, target());
            case "FlatCosineAnnealing" -> new Policy.FlatCosine(f.real("start_percent", 0.75), target());
            case "CosineRestart" ->
                new Policy.CosineRestart(positive("periods"), f.reals("restart_weights", List.of(1.0)), target());
            case "CosineAnnealingCooldown" ->
                new Policy.Cooldown(target(), f.real("cool_down_ratio", 0.1), f.integer("cool_down_time", 10));
            case "Cyclic" -> cyclic();
            case "OneCycle" -> lr ? oneCycle() : oneCycleMomentum();
            default -> throw new IllegalStateException(name);
        };
    }

    private Policy step() {
        boolean every = f.value("step") instanceof Value.Int;
        return new Policy.Step(positive("step"), every, f.real("gamma", lr ? 0.1 : 0.5), optional(min()));
    }

    private List<Integer> positive(String key) {
        List<Integer> values = f.integers(key, List.of());
        if (values.isEmpty() || values.stream().anyMatch(v -> v <= 0)) {
            throw f.error(key, "must be a positive number or a list of them, got " + values);
        }
        return values;
    }

    private @Nullable Double optional(String key) {
        return f.has(key) ? (Double) f.real(key) : null;
    }

    private String min() {
        return lr ? "min_lr" : "min_momentum";
    }

    private Policy.Target target() {
        Double value = optional(min());
        Double ratio = optional(min() + "_ratio");
        if (value != null && ratio == null) {
            return new Policy.Target(value, false);
        }
        if (ratio != null && value == null) {
            return new Policy.Target(ratio, true);
        }
        throw UserError.of(
                "%s: %s needs exactly one of %s and %s_ratio, got %s",
                f.dict().at(), f.path(), min(), min(), value == null ? "none" : "both");
    }

    private Policy cyclic() {
        List<Double> ratios = f.reals("target_ratio", lr ? List.of(10.0, 1e-4) : List.of(0.85 / 0.95, 1.0));
        if (ratios.isEmpty() || ratios.size() > 2) {
            throw f.error("target_ratio", "must be one number or two, got " + ratios.size());
        }
        double up = ratios.getFirst();
        double down = ratios.size() == 1 ? up / 1e5 : ratios.getLast();
        return new Policy.Cyclic(
                up, down, f.integer("cyclic_times", 1), f.real("step_ratio_up", 0.4), annealing(), f.real("gamma", 1));
    }

    private Annealing annealing() {
        String name = f.text("anneal_strategy", "cos");
        return switch (name) {
            case "cos" -> Annealing.COS;
            case "linear" -> Annealing.LINEAR;
            default -> throw f.error("anneal_strategy", "must be 'cos' or 'linear', got '" + name + "'");
        };
    }

    private Policy oneCycle() {
        Long total = f.has("total_steps") ? (Long) (long) f.integer("total_steps") : null;
        return new Policy.OneCycle(
                f.real("max_lr"),
                total,
                f.real("pct_start", 0.3),
                annealing(),
                f.real("div_factor", 25),
                f.real("final_div_factor", 1e4),
                f.bool("three_phase", false));
    }

    private Policy oneCycleMomentum() {
        return new Policy.OneCycleMomentum(
                f.real("base_momentum", 0.85),
                f.real("max_momentum", 0.95),
                f.real("pct_start", 0.3),
                annealing(),
                f.bool("three_phase", false));
    }
}
