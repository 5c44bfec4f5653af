package dev.taxon.optim;

import static dev.taxon.UserError.require;

/** Decay of the running means of the gradient and of its square (or largest magnitude). */
public record Betas(double first, double second) {
    public Betas {
        require(first >= 0 && first < 1, "optimizer.betas[0] must be in [0, 1), got %s", first);
        require(second >= 0 && second < 1, "optimizer.betas[1] must be in [0, 1), got %s", second);
    }
}
