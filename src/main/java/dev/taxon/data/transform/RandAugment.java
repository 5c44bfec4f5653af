package dev.taxon.data.transform;

import dev.taxon.UserError;
import dev.taxon.random.Rng;
import java.util.List;

/** {@code count} of the policies, each chosen evenly out of all. Source: mmcls, RandAugment; Cubuk et al. (2019). */
public record RandAugment(List<Transform> policies, int count) implements Transform {
    public RandAugment {
        policies = List.copyOf(policies);
        UserError.require(!policies.isEmpty(), "RandAugment.policies must not be empty");
        UserError.require(count > 0, "RandAugment.num_policies must be positive, got %d", count);
    }

    @Override
    public boolean random() {
        return true;
    }

    @Override
    public Sample apply(Sample sample, Rng rng) {
        Sample current = sample;
        for (int i = 0; i < count; i++) {
            current = policies.get(rng.nextInt(policies.size())).apply(current, rng);
        }
        return current;
    }
}
