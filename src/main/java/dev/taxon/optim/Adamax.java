package dev.taxon.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** torch.optim.Adamax. */
public record Adamax(double lr, Betas betas, double eps, double weightDecay) implements Method {
    @Override
    public String name() {
        return "Adamax";
    }

    @Override
    public double momentum() {
        return betas.first();
    }

    @Override
    public Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("lr", lr);
        fields.put("betas", betas);
        fields.put("eps", eps);
        fields.put("weight_decay", weightDecay);
        fields.put("foreach", null);
        fields.put("maximize", false);
        return fields;
    }

    @Override
    public List<String> state() {
        return List.of("step", "exp_avg", "exp_inf");
    }

    @Override
    public boolean alone() {
        return eps == 0;
    }

    @Override
    public UpdateRule rule(GroupValues v, StepState before) {
        double correction = 1 - Math.pow(v.momentum(), before.step() + 1);
        return new UpdateRule.Adamax(
                new Moments(v.momentum(), betas.second()), (float) (v.lr() / correction), (float) eps, (float)
                        v.weightDecay());
    }
}
