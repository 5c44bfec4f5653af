package dev.taxon.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** torch.optim.RMSprop. */
public record RmsProp(double lr, double momentum, double alpha, double eps, boolean centered, double weightDecay)
        implements Method {
    @Override
    public String name() {
        return "RMSprop";
    }

    @Override
    public Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("lr", lr);
        fields.put("momentum", momentum);
        fields.put("alpha", alpha);
        fields.put("eps", eps);
        fields.put("centered", centered);
        fields.put("weight_decay", weightDecay);
        fields.put("foreach", null);
        fields.put("maximize", false);
        fields.put("differentiable", false);
        return fields;
    }

    @Override
    public List<String> state() {
        List<String> names = new ArrayList<>(List.of("step", "square_avg"));
        if (momentum > 0) {
            names.add("momentum_buffer");
        }
        if (centered) {
            names.add("grad_avg");
        }
        return names;
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
        return new UpdateRule.RmsProp(
                (float) v.lr(),
                (float) alpha,
                (float) (1 - alpha),
                (float) eps,
                (float) v.weightDecay(),
                momentum > 0,
                (float) v.momentum(),
                centered);
    }
}
