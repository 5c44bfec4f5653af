package dev.taxon.optim;

import static dev.taxon.UserError.require;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** torch.optim.SGD. */
public record Sgd(double lr, double momentum, double dampening, double weightDecay, boolean nesterov)
        implements Method {
    public Sgd {
        require(
                !nesterov || (momentum > 0 && dampening == 0),
                "optimizer.nesterov needs a momentum and zero dampening, got momentum %s and dampening %s",
                momentum,
                dampening);
    }

    @Override
    public String name() {
        return "SGD";
    }

    @Override
    public Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("lr", lr);
        fields.put("momentum", momentum);
        fields.put("dampening", dampening);
        fields.put("weight_decay", weightDecay);
        fields.put("nesterov", nesterov);
        fields.put("maximize", false);
        fields.put("foreach", null);
        fields.put("differentiable", false);
        return fields;
    }

    @Override
    public List<String> state() {
        return List.of("momentum_buffer");
    }

    @Override
    public UpdateRule rule(GroupValues v, StepState before) {
        return new UpdateRule.Sgd(
                (float) v.lr(),
                (float) v.momentum(),
                (float) dampening,
                (float) v.weightDecay(),
                nesterov,
                before.step() == 0);
    }

    /** Counts only steps with a momentum: a positive count means that the buffer exists. */
    @Override
    public StepState after(GroupValues v, StepState before) {
        return v.momentum() == 0 ? before : before.next();
    }
}
