package dev.taxon.optim;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An optimizer's hyperparameters, under the names and defaults of torch.optim (Lamb: mmcls's), and how they become
 * one step's arithmetic.
 */
public sealed interface Method permits Sgd, Adam, RmsProp, Adagrad, Adadelta, Adamax, NAdam, RAdam, Asgd, Lamb {
    /** Names in a parameter's state that are numbers, not tensors like the parameter: see {@link StepState}. */
    Set<String> SCALARS = Set.of("step", "mu_product", "eta", "mu");

    /** As configs name it. */
    String name();

    double lr();

    double weightDecay();

    /** Momentum, or the first of betas; NaN without either. */
    default double momentum() {
        return Double.NaN;
    }

    /** A param_group as PyTorch 1.13 writes it, in its order, without params. */
    Map<String, Object> fields();

    /** Names in a parameter's state, in PyTorch's order. Those beside {@link #SCALARS} are optimizer slots 0, 1, 2. */
    List<String> state();

    /** The tensors among {@link #state}: slot i is the i-th. */
    default List<String> slots() {
        return state().stream().filter(n -> !SCALARS.contains(n)).toList();
    }

    /** The state of a parameter before its first step. */
    default StepState initial(GroupValues values) {
        return new StepState(0, 1, 0, 1);
    }

    /** The arithmetic of the step that follows {@code before}; {@code before.step()} is 0 in a parameter's first. */
    UpdateRule rule(GroupValues values, StepState before);

    /** The state behind that step. */
    default StepState after(GroupValues values, StepState before) {
        return before.next();
    }

    /** Whether a step needs the norm of all gradients. */
    default boolean usesGradientNorm() {
        return false;
    }

    /** Whether a parameter's update depends on all of its elements, or may not touch the gaps between parameters. */
    default boolean alone() {
        return false;
    }

    /** A step count that PyTorch writes as an int, not as a float32 tensor. */
    default boolean wholeSteps() {
        return false;
    }

    /** A step count that stands in the param_group. */
    default boolean stepInGroup() {
        return false;
    }
}
