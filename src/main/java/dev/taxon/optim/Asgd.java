package dev.taxon.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** torch.optim.ASGD. */
public record Asgd(double lr, double lambd, double alpha, double t0, double weightDecay) implements Method {
    @Override
    public String name() {
        return "ASGD";
    }

    @Override
    public Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("lr", lr);
        fields.put("lambd", lambd);
        fields.put("alpha", alpha);
        fields.put("t0", t0);
        fields.put("weight_decay", weightDecay);
        fields.put("foreach", null);
        fields.put("maximize", false);
        return fields;
    }

    @Override
    public List<String> state() {
        return List.of("step", "eta", "mu", "ax");
    }

    @Override
    public StepState initial(GroupValues v) {
        return new StepState(0, 1, (float) v.lr(), 1);
    }

    @Override
    public UpdateRule rule(GroupValues v, StepState before) {
        return new UpdateRule.Asgd(
                (float) (1 - lambd * before.eta()), before.eta(), before.mu(), (float) v.weightDecay());
    }

    @Override
    public StepState after(GroupValues v, StepState before) {
        long step = before.step() + 1;
        double eta = v.lr() / Math.pow(1 + lambd * v.lr() * step, alpha);
        return new StepState(step, 1, (float) eta, (float) (1 / Math.max(1, step - t0)));
    }
}
