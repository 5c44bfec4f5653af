package dev.taxon.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * torch.optim.NAdam of PyTorch 1.x, with which mmcls's zoo runs: the product of momenta that looks one step ahead holds the
 * present step's momentum twice. PyTorch 2 corrected that.
 */
public record NAdam(double lr, Betas betas, double eps, double weightDecay, double momentumDecay) implements Method {
    @Override
    public String name() {
        return "NAdam";
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
        fields.put("momentum_decay", momentumDecay);
        fields.put("foreach", null);
        return fields;
    }

    @Override
    public List<String> state() {
        return List.of("step", "mu_product", "exp_avg", "exp_avg_sq");
    }

    @Override
    public boolean alone() {
        return eps == 0;
    }

    @Override
    public UpdateRule rule(GroupValues v, StepState before) {
        long step = before.step() + 1;
        double product = after(v, before).muProduct();
        double nextProduct = product * mu(v, step) * mu(v, step + 1);
        return new UpdateRule.NAdam(
                new Moments(v.momentum(), betas.second()),
                (float) (1 - Math.pow(betas.second(), step)),
                (float) eps,
                (float) (-v.lr() * (1 - mu(v, step)) / (1 - product)),
                (float) (-v.lr() * mu(v, step + 1) / (1 - nextProduct)),
                (float) v.weightDecay());
    }

    @Override
    public StepState after(GroupValues v, StepState before) {
        long step = before.step() + 1;
        return new StepState(step, before.muProduct() * (float) mu(v, step), 0, 1);
    }

    /** The momentum of a step, which rises to betas[0]. */
    private double mu(GroupValues v, long step) {
        return v.momentum() * (1 - 0.5 * Math.pow(0.96, step * momentumDecay));
    }
}
