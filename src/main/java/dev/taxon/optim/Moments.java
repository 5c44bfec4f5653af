package dev.taxon.optim;

/** The float32 coefficients of m ← m + rise·(g − m) and v ← beta2·v + rest2·g². */
public record Moments(float rise, float beta2, float rest2) {
    Moments(double beta1, double beta2) {
        this((float) (1 - beta1), (float) beta2, (float) (1 - beta2));
    }
}
