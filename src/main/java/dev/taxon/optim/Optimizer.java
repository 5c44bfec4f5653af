package dev.taxon.optim;

import dev.taxon.config.Fields;
import org.jspecify.annotations.Nullable;

/**
 * The config key {@code optimizer}. Immutable; the learning rate of a step comes from the schedule.
 *
 * @param paramwise the key {@code paramwise_cfg}; null: one group of all parameters
 */
public record Optimizer(Method method, @Nullable Paramwise paramwise) {
    private static final String CONSTRUCTOR = "DefaultOptimizerConstructor";

    public static Optimizer read(Fields f) {
        String constructor = f.text("constructor", CONSTRUCTOR);
        if (!constructor.equals(CONSTRUCTOR)) {
            throw f.error("constructor", "'%s' is not supported; known is %s".formatted(constructor, CONSTRUCTOR));
        }
        Fields paramwise = f.dictOrNull("paramwise_cfg");
        boolean decays = f.has("weight_decay");
        Method method = MethodReader.read(f);
        f.done();
        if (paramwise == null || paramwise.dict().entries().isEmpty()) {
            return new Optimizer(method, null);
        }
        return new Optimizer(method, Paramwise.read(paramwise, decays));
    }
}
