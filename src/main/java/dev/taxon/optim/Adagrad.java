package dev.taxon.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** torch.optim.Adagrad. */
public record Adagrad(double lr, double lrDecay, double eps, double weightDecay, double initialAccumulatorValue)
        implements Method {
    @Override
    public String name() {
        return "Adagrad";
    }

    @Override
    public Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("lr", lr);
        fields.put("lr_decay", lrDecay);
        fields.put("eps", eps);
        fields.put("weight_decay", weightDecay);
        fields.put("initial_accumulator_value", initialAccumulatorValue);
        fields.put("foreach", null);
        fields.put("maximize", false);
        return fields;
    }

    @Override
    public List<String> state() {
        return List.of("step", "sum");
    }

    @Override
    public boolean alone() {
        return eps == 0;
    }

    @Override
    public UpdateRule rule(GroupValues v, StepState before) {
        return new UpdateRule.Adagrad(
                (float) (v.lr() / (1 + before.step() * lrDecay)),
                (float) eps,
                (float) v.weightDecay(),
                before.step() == 0,
                (float) initialAccumulatorValue);
    }
}
