package dev.taxon.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** torch.optim.RAdam. */
public record RAdam(double lr, Betas betas, double eps, double weightDecay) implements Method {
    @Override
    public String name() {
        return "RAdam";
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
        return fields;
    }

    @Override
    public List<String> state() {
        return List.of("step", "exp_avg", "exp_avg_sq");
    }

    @Override
    public boolean alone() {
        return eps == 0;
    }

    @Override
    public UpdateRule rule(GroupValues v, StepState before) {
        long step = before.step() + 1;
        double decayed = Math.pow(betas.second(), step);
        double longest = 2 / (1 - betas.second()) - 1;
        double length = longest - 2 * step * decayed / (1 - decayed);
        boolean rectified = length > 5;
        double rectifier = rectified
                ? Math.sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length))
                : 1;
        return new UpdateRule.RAdam(
                new Moments(v.momentum(), betas.second()),
                (float) v.lr(),
                (float) (1 - Math.pow(v.momentum(), step)),
                rectified,
                (float) Math.sqrt(1 - decayed),
                (float) rectifier,
                (float) eps,
                (float) v.weightDecay());
    }
}
