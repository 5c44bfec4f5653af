package dev.taxon.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** torch.optim.Adadelta. */
public record Adadelta(double lr, double rho, double eps, double weightDecay) implements Method {
    @Override
    public String name() {
        return "Adadelta";
    }

    @Override
    public Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("lr", lr);
        fields.put("rho", rho);
        fields.put("eps", eps);
        fields.put("weight_decay", weightDecay);
        fields.put("maximize", false);
        fields.put("foreach", null);
        return fields;
    }

    @Override
    public List<String> state() {
        return List.of("step", "square_avg", "acc_delta");
    }

    @Override
    public boolean wholeSteps() {
        return true;
    }

    @Override
    public boolean alone() {
        return eps == 0;
    }

    @Override
    public UpdateRule rule(GroupValues v, StepState before) {
        return new UpdateRule.Adadelta(
                (float) v.lr(), (float) rho, (float) (1 - rho), (float) eps, (float) v.weightDecay());
    }
}
