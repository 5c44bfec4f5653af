package dev.taxon.device.reference;

import dev.taxon.device.Program.Draw;
import dev.taxon.graph.LossLayer;

/**
 * {@link LossLayer.AsymmetricLoss}. With g = dloss/dp, dx = g · p(1 − p) for a sigmoid and dxₖ = pₖ · (gₖ − Σⱼ gⱼpⱼ) for a
 * softmax.
 */
final class Asymmetric implements Op {
    private final LossLayer.AsymmetricLoss layer;
    private final double factor;
    private final Variable logits; // (N, classes)
    private final Variable targets; // (N, classes), one-hot for class indices
    private final Variable loss; // ()
    private final double[] p; // (N, classes)

    Asymmetric(LossLayer.AsymmetricLoss layer, int batch, Variable logits, Variable targets, Variable loss) {
        this.layer = layer;
        factor = layer.lossWeight() * layer.reduction().factor(batch, layer.classes());
        this.logits = logits;
        this.targets = targets;
        this.loss = loss;
        p = new double[logits.value.length];
    }

    @Override
    public void forward(Draw draw) {
        for (int from = 0; from < p.length; from += layer.classes()) {
            if (layer.sigmoid()) {
                for (int i = from; i < from + layer.classes(); i++) {
                    p[i] = ElementLoss.sigmoid(logits.value[i]);
                }
            } else {
                Softmax.row(logits.value, from, layer.classes(), p);
            }
        }
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            double q = hit(i);
            sum -= Math.log(Math.max(q, layer.eps())) * Math.pow(1 - q, gamma(i));
        }
        loss.value[0] = factor * sum;
    }

    @Override
    public void backward() {
        if (logits.gradient == null || loss.gradient == null) {
            return;
        }
        double scale = loss.gradient[0] * factor;
        for (int from = 0; from < p.length; from += layer.classes()) {
            double shared = 0; // Σⱼ gⱼpⱼ
            for (int i = from; i < from + layer.classes() && !layer.sigmoid(); i++) {
                shared += slope(i) * p[i];
            }
            for (int i = from; i < from + layer.classes(); i++) {
                double g = slope(i);
                logits.gradient[i] += scale * p[i] * (layer.sigmoid() ? g * (1 - p[i]) : g - shared);
            }
        }
    }

    /** q */
    private double hit(int i) {
        double t = targets.value[i];
        return t * p[i] + (1 - t) * Math.min(1 - p[i] + layer.clip(), 1);
    }

    private double gamma(int i) {
        double t = targets.value[i];
        return layer.gammaPos() * t + layer.gammaNeg() * (1 - t);
    }

    /** dloss/dp of one element; where the clip holds q at 1 or eps holds the logarithm, that part is constant. */
    private double slope(int i) {
        double t = targets.value[i];
        double dq = t - (1 - t) * (1 - p[i] + layer.clip() <= 1 ? 1 : 0);
        if (dq == 0) {
            return 0;
        }
        double q = hit(i);
        double gamma = gamma(i);
        double slope = q >= layer.eps() ? -Math.pow(1 - q, gamma) / q : 0;
        if (gamma != 0) {
            slope += Math.log(Math.max(q, layer.eps())) * gamma * Math.pow(1 - q, gamma - 1);
        }
        return slope * dq;
    }
}
