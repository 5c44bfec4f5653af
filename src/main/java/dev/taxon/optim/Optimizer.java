package dev.taxon.optim;

import static dev.taxon.UserError.require;

import dev.taxon.UserError;
import dev.taxon.config.Fields;

/**
 * The config key {@code optimizer}. Immutable; the learning rate of a step comes from the schedule.
 *
 * @param lr base learning rate
 */
public record Optimizer(
        String type, double lr, double momentum, double dampening, double weightDecay, boolean nesterov) {
    public Optimizer {
        require(lr >= 0, "optimizer.lr must not be negative, got %s", lr);
        require(momentum >= 0, "optimizer.momentum must not be negative, got %s", momentum);
        require(weightDecay >= 0, "optimizer.weight_decay must not be negative, got %s", weightDecay);
        require(
                !nesterov || (momentum > 0 && dampening == 0),
                "optimizer.nesterov needs a momentum and zero dampening, got momentum %s and dampening %s",
                momentum,
                dampening);
    }

    public static Optimizer read(Fields f) {
        String type = f.text("type");
        if (!type.equals("SGD")) {
            throw UserError.of(
                    "%s: optimizer '%s' is not supported; known is SGD",
                    f.dict().at(), type);
        }
        if (f.has("paramwise_cfg")) {
            throw f.error("paramwise_cfg", "is not supported yet");
        }
        Optimizer optimizer = new Optimizer(
                type,
                f.real("lr"),
                f.real("momentum", 0),
                f.real("dampening", 0),
                f.real("weight_decay", 0),
                f.bool("nesterov", false));
        f.done();
        return optimizer;
    }

    /**
     * The arithmetic of one step.
     *
     * @param first no momentum buffer exists yet
     */
    public UpdateRule rule(double stepLr, boolean first) {
        return new UpdateRule.Sgd(
                (float) stepLr, (float) momentum, (float) dampening, (float) weightDecay, nesterov, first);
    }
}
