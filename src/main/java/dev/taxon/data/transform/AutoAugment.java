package dev.taxon.data.transform;

import dev.taxon.UserError;
import dev.taxon.random.Rng;
import java.util.List;

/** One of the policies, each a short pipeline, chosen evenly. Source: mmcls, AutoAugment; Cubuk et al. (2018). */
public record AutoAugment(List<Pipeline> policies) implements Transform {
    public AutoAugment {
        policies = List.copyOf(policies);
        UserError.require(!policies.isEmpty(), "AutoAugment.policies must not be empty");
    }

    @Override
    public boolean random() {
        return true;
    }

    @Override
    public Sample apply(Sample sample, Rng rng) {
        return policies.get(rng.nextInt(policies.size())).apply(sample, rng);
    }
}
