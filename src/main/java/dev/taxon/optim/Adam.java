package dev.taxon.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * torch.optim.Adam and AdamW.
 *
 * @param decoupled AdamW: weight decay shrinks the weights, instead of joining the gradient
 */
public record Adam(double lr, Betas betas, double eps, double weightDecay, boolean amsgrad, boolean decoupled)
        implements Method {
    @Override
    public String name() {
        return decoupled ? "AdamW" : "Adam";
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
        fields.put("amsgrad", amsgrad);
        if (decoupled) {
            fields.put("foreach", null);
            fields.put("maximize", false);
            fields.put("capturable", false);
        } else {
            fields.put("maximize", false);
            fields.put("foreach", null);
            fields.put("capturable", false);
            fields.put("differentiable", false);
            fields.put("fused", false);
        }
        return fields;
    }

    @Override
    public List<String> state() {
        return amsgrad
                ? List.of("step", "exp_avg", "exp_avg_sq", "max_exp_avg_sq")
                : List.of("step", "exp_avg", "exp_avg_sq");
    }

    @Override
    public boolean alone() {
        return eps == 0;
    }

    @Override
    public UpdateRule rule(GroupValues v, StepState before) {
        Moments moments = new Moments(v.momentum(), betas.second());
        long step = before.step() + 1;
        return new UpdateRule.Adam(
                moments,
                decoupled ? (float) (1 - v.lr() * v.weightDecay()) : 1,
                decoupled ? 0 : (float) v.weightDecay(),
                (float) Math.sqrt(1 - Math.pow(betas.second(), step)),
                (float) eps,
                (float) (v.lr() / (1 - Math.pow(v.momentum(), step))),
                amsgrad);
    }
}
