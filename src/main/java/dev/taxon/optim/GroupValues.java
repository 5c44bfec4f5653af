package dev.taxon.optim;

/**
 * The values of a param_group in one step: schedules and paramwise_cfg change them.
 *
 * @param momentum momentum, or the first of betas; NaN for an optimizer that has neither
 * @param gradientNorm 2-norm of all gradients, for an optimizer that asks for it, else NaN
 */
public record GroupValues(double lr, double momentum, double weightDecay, double gradientNorm) {}
