package dev.taxon.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** mmcls's Lamb, which is timm's: Adam whose step is scaled, parameter by parameter, by ‖w‖ / ‖step‖. */
public record Lamb(
        double lr,
        boolean biasCorrection,
        Betas betas,
        double eps,
        double weightDecay,
        boolean gradAveraging,
        double maxGradNorm,
        boolean trustClip,
        boolean alwaysAdapt)
        implements Method {
    @Override
    public String name() {
        return "Lamb";
    }

    @Override
    public double momentum() {
        return betas.first();
    }

    @Override
    public Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("lr", lr);
        fields.put("bias_correction", biasCorrection);
        fields.put("betas", betas);
        fields.put("eps", eps);
        fields.put("weight_decay", weightDecay);
        fields.put("grad_averaging", gradAveraging);
        fields.put("max_grad_norm", maxGradNorm);
        fields.put("trust_clip", trustClip);
        fields.put("always_adapt", alwaysAdapt);
        return fields;
    }

    @Override
    public List<String> state() {
        return List.of("exp_avg", "exp_avg_sq");
    }

    @Override
    public boolean usesGradientNorm() {
        return true;
    }

    @Override
    public boolean alone() {
        return true;
    }

    @Override
    public boolean stepInGroup() {
        return true;
    }

    @Override
    public UpdateRule rule(GroupValues v, StepState before) {
        long step = before.step() + 1;
        double norm = v.gradientNorm();
        return new UpdateRule.Lamb(
                (float) v.lr(),
                (float) (norm > maxGradNorm ? norm / maxGradNorm : 1),
                (float) v.momentum(),
                gradAveraging ? (float) (1 - v.momentum()) : 1,
                (float) betas.second(),
                (float) (1 - betas.second()),
                biasCorrection ? (float) (1 - Math.pow(v.momentum(), step)) : 1,
                biasCorrection ? (float) Math.sqrt(1 - Math.pow(betas.second(), step)) : 1,
                (float) eps,
                (float) v.weightDecay(),
                v.weightDecay() != 0 || alwaysAdapt,
                trustClip);
    }
}
